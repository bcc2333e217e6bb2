import { describe, expect, it } from "vitest";
import { differenceOf } from "./outcome";

describe("the difference of two releases", () => {
  it("names what came, went and was renamed", () => {
    const before = [
      { attackId: "T1", name: "One" },
      { attackId: "T2", name: "Two" },
      { attackId: "T3", name: "Three" },
    ];
    const after = [
      { attackId: "T1", name: "One" },
      { attackId: "T2", name: "Second" },
      { attackId: "T4", name: "Four" },
    ];
    expect(differenceOf(before, after)).toEqual({
      added: [{ attackId: "T4", name: "Four" }],
      retired: [{ attackId: "T3", name: "Three" }],
      renamed: [{ attackId: "T2", name: "Second", before: "Two" }],
      kept: 1,
    });
  });
});
