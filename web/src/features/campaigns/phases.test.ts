import { describe, expect, it } from "vitest";
import { phasesOf, placeBeside } from "./phases";

const test = (id: string, order: number, phase: string | null = null) => ({ id, order, phase });

describe("the plan of a campaign", () => {
  it("has its phases in the order of their first tests", () => {
    const phases = phasesOf([test("c", 3, "Impact"), test("a", 1, "Access"), test("d", 4, "Access"), test("b", 2)]);
    expect(phases.map((phase) => [phase.name, phase.tests.map((each) => each.id)])).toEqual([
      ["Access", ["a", "d"]],
      ["", ["b"]],
      ["Impact", ["c"]],
    ]);
  });

  it("moves a test past its neighbour in the phase, over what is between them in the list", () => {
    const tests = [test("a", 1, "Access"), test("b", 2, "Impact"), test("c", 3, "Access")];
    const access = phasesOf(tests)[0]?.tests ?? [];
    expect(placeBeside(tests, access, 1, -1)).toBe(1);
    expect(placeBeside(tests, access, 0, 1)).toBe(3);
    expect(placeBeside(tests, access, 0, -1)).toBeUndefined();
  });
});
