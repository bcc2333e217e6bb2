import { describe, expect, it } from "vitest";
import { type Fit, fit, fitOf, ranked, rankedGroups } from "./ranking";

const technique = (id: string, name: string, typed: string) => ({ id, fit: fitOf(typed, [id, id.slice(1)], name) });

describe("what the jump box shows first", () => {
  it("is the exact id, then ids that start so, then names that start so, then the rest", () => {
    const found = [
      technique("T1003", "Has t1059 in its name", "t1059"),
      technique("T1105", "T1059 look-alike", "t1059"),
      technique("T1059.001", "PowerShell", "t1059"),
      technique("T1059", "Command and Scripting Interpreter", "t1059"),
    ];
    expect(ranked(found, 3).map((each) => each.id)).toEqual(["T1059", "T1059.001", "T1105"]);
  });

  it("keeps the given order among equals", () => {
    const found = ["T1001", "T1002", "T1003"].map((id) => technique(id, "Data", "ata"));
    expect(ranked(found, 8).map((each) => each.id)).toEqual(["T1001", "T1002", "T1003"]);
  });

  it("takes a number with or without its sign", () => {
    expect(fitOf("#42", ["#42", "42"], "Title")).toBe(fit.exact);
    expect(fitOf("42", ["#42", "42"], "Title")).toBe(fit.exact);
    expect(fitOf("4", ["#42", "42"], "Title")).toBe(fit.idPrefix);
  });

  it("puts the group of the best fit first", () => {
    const item = (key: string, own: Fit) => ({ key, fit: own });
    const tests = [item("test", fit.rest)];
    const techniques = [item("exact", fit.exact), item("sub", fit.idPrefix)];
    expect(rankedGroups([tests, techniques, []]).map((each) => each.key)).toEqual(["exact", "sub", "test"]);
    expect(rankedGroups([tests, [item("page", fit.rest)]]).map((each) => each.key)).toEqual(["test", "page"]);
  });
});
