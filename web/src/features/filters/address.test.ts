import { describe, expect, it } from "vitest";
import { queryOf, searchOf } from "./address";

describe("kept filters", () => {
  it("are the same text whatever the order, and know no instant", () => {
    const query = queryOf({ state: "DRAFT", q: "a & b", tag: "", asOf: "2026-11-27T10:00:00Z" });
    expect(query).toBe("q=a+%26+b&state=DRAFT");
    expect(queryOf({ q: "a & b", state: "DRAFT" })).toBe(query);
  });

  it("set every filter of the page, and nothing else", () => {
    expect(searchOf("q=a+%26+b&evil=1", ["state", "q"])).toEqual({ state: "", q: "a & b" });
  });
});
