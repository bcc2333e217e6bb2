import { describe, expect, it } from "vitest";
import { prettyJson, readHead, readTable } from "./preview";

describe("previews", () => {
  it("read quotes, quotes in quotes and line ends inside them", () => {
    const table = readTable('name,said\r\nann,"one, ""two""\nthree"\r\n\r\nbob,\r\n');
    expect(table).toEqual({ head: ["name", "said"], rows: [["ann", 'one, "two"\nthree'], ["bob", ""]], cut: false });
  });

  it("find out which mark parts the cells", () => {
    expect(readTable("a;b\n1,5;2").rows).toEqual([["1,5", "2"]]);
    expect(readTable("a\tb\n1\t2").rows).toEqual([["1", "2"]]);
  });

  it("stop after the rows that are shown, and say so", () => {
    const text = `n\n${Array.from({ length: 20 }, (_, index) => index).join("\n")}\n`;
    expect(readTable(text, 5)).toMatchObject({ rows: [["0"], ["1"], ["2"], ["3"], ["4"]], cut: true });
    expect(readTable(text, 20)).toMatchObject({ cut: false });
  });

  it("read no more than the beginning of a file", async () => {
    const long = await readHead(new Response("ä".repeat(50)), 9);
    expect(long).toEqual({ text: "ääää", cut: true });
    expect(await readHead(new Response("short"), 9)).toEqual({ text: "short", cut: false });
    expect((await readHead(new Response(new Uint8Array([0xff, 0xfe, 0x61, 0])), 9)).text).toBe("a");
  });

  it("indent JSON and leave what is none", () => {
    expect(prettyJson('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(prettyJson('{"a":')).toBeNull();
  });
});
