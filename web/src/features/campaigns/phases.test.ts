import { describe, expect, it } from "vitest";
import { phasesOf, swapped } from "./phases";

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

  it("exchanges places with a neighbour", () => {
    const tests = [test("a", 1), test("b", 5)];
    expect(swapped(tests, 1, -1).map(([each, order]) => [each.id, order])).toEqual([
      ["b", 1],
      ["a", 5],
    ]);
    expect(swapped(tests, 0, -1)).toEqual([]);
  });

  it("tells two of one place apart", () => {
    const tests = [test("a", 1), test("b", 1)];
    expect(swapped(tests, 1, -1).map(([each, order]) => [each.id, order])).toEqual([["a", 2]]);
    expect(swapped(tests, 0, 1).map(([each, order]) => [each.id, order])).toEqual([["a", 2]]);
  });
});
