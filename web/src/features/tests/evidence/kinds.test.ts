import { describe, expect, it } from "vitest";
import { formatBytes, hasThumbnail, limitBytes, pastedName, previewOf, refusalOf } from "./kinds";

describe("files of evidence", () => {
  it.each([
    ["run.exe", 10, /^'run.exe' is of no kind that is taken in; these are: png, jpg/],
    ["png", 10, /of no kind/],
    ["a.png", 0, /^The file is empty\.$/],
    ["a.png", limitBytes + 1, /^The file has 52428801 bytes; at most 52428800 are allowed \(50 MB\)\.$/],
  ])("refuses %s of %d bytes before it is sent", (name, size, words) => {
    expect(refusalOf({ name, size })).toMatch(words);
  });

  it("takes known kinds up to the limit, however their names are written", () => {
    expect(refusalOf({ name: "A.B.PNG", size: limitBytes })).toBeNull();
    expect(refusalOf({ name: "capture.pcapng", size: 1 })).toBeNull();
  });

  it("knows what can be looked at in the page", () => {
    expect(["image/bmp", "text/plain", "text/csv", "application/json", "application/xml"].map(previewOf)).toEqual([
      "image",
      "text",
      "csv",
      "json",
      "text",
    ]);
    expect(previewOf("application/pdf")).toBeNull();
    expect(hasThumbnail({ mediaType: "image/png", sizeBytes: 40 * 1024 * 1024 })).toBe(false);
  });

  it("writes sizes as people read them", () => {
    expect([0, 999, 1_000, 42_000, 2_440_000].map(formatBytes)).toEqual(["0 bytes", "999 bytes", "1.0 kB", "42 kB", "2.4 MB"]);
  });

  it("gives pasted pictures a name of their own", () => {
    const now = new Date(2026, 10, 27, 9, 5, 3);
    expect(pastedName({ name: "image.png", type: "image/png" }, now)).toBe("screenshot-2026-11-27-090503.png");
    expect(pastedName({ name: "trace.log", type: "text/plain" }, now)).toBe("trace.log");
  });
});
