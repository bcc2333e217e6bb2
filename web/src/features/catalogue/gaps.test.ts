import { describe, expect, it } from "vitest";
import { filled, missing, planned, undeclared, valuesOf } from "./gaps";

const args = [
  { name: "file.path", default: "C:\\temp" },
  { name: "url", default: null },
];
const texts = { procedure: "get #{url} > #{file.path}", prerequisites: "", cleanup: "" };

describe("the gaps of a template", () => {
  it("take what was typed, else the default", () => {
    expect(filled(texts.procedure, valuesOf(args, { url: "https://a" }))).toBe("get https://a > C:\\temp");
    expect(missing(args, {})).toEqual(["url"]);
    expect(missing(args, { url: "" })).toEqual([]);
  });

  it("are filled once and literally", () => {
    const values = valuesOf(args, { url: "#{file.path} $& $1 \"q\"\n" });
    expect(filled("#{url}", values)).toBe("#{file.path} $& $1 \"q\"\n");
    expect(filled("#{other}", values)).toBe("#{other}");
  });

  it("plan a procedure under headings where there is more than one text", () => {
    const values = valuesOf(args, { url: "u" });
    expect(planned(texts, values)).toBe("get u > C:\\temp");
    expect(planned({ ...texts, cleanup: "del #{file.path}" }, values)).toBe(
      "Procedure:\nget u > C:\\temp\n\nCleanup:\ndel C:\\temp",
    );
  });

  it("are named where nothing declares them", () => {
    expect(undeclared({ ...texts, cleanup: "del #{x} #{x}" }, args)).toEqual(["x"]);
  });
});
