import { describe, expect, it } from "vitest";
import { changeInWords, changeSince, standing } from "./provenance";

const file = (evidenceId: string, removedAt: string | null = null) => ({
  evidenceId,
  fileName: `${evidenceId}.png`,
  removedAt,
});

describe("what a vote saw", () => {
  it("is unchanged while the same files stand", () => {
    expect(changeSince(["a", "b"], [file("a"), file("b"), file("old", "2026-11-27T10:00:00Z")])).toBeNull();
  });

  it("names what came and what went since", () => {
    const change = changeSince(["a", "b"], [file("a", "2026-11-27T10:00:00Z"), file("b"), file("c"), file("d")]);
    expect(change).toEqual({ added: ["c.png", "d.png"], removed: ["a.png"] });
    expect(change && changeInWords(change)).toBe("2 files added, 1 taken out");
    expect(changeInWords({ added: [], removed: ["a"] })).toBe("1 file taken out");
  });

  it("counts only files that stand", () => {
    expect(standing([file("a"), file("b", "2026-11-27T10:00:00Z")])).toHaveLength(1);
  });
});
