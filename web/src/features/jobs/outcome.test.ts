import { describe, expect, it } from "vitest";
import { differenceOf, outcomeInWords, readOutcome } from "./outcome";

const result = {
  changed: true,
  version: "18.1",
  digest: "d61c",
  took_ms: 2224,
  counts: { techniques: 1216, sub_techniques: 475, tactics: 1, actors: 172, software: 784 },
};

describe("the outcome of an import", () => {
  it("says what is in force, without the machine's figures", () => {
    const outcome = readOutcome(result);
    expect(outcome && outcomeInWords(outcome)).toBe(
      "ATT&CK 18.1 came into force: 1,216 techniques, 475 sub-techniques, 1 tactic, 172 groups and 784 software.",
    );
  });

  it("says that nothing changed", () => {
    const outcome = readOutcome({ ...result, changed: false });
    expect(outcome && outcomeInWords(outcome)).toBe(
      "ATT&CK 18.1 was in force already. Nothing was added or changed.",
    );
  });

  it.each([null, "done", {}, { version: "18.1" }, { ...result, counts: null }])("leaves %j alone", (other) => {
    expect(readOutcome(other)).toBeNull();
  });
});

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
