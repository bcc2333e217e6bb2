import { describe, expect, it } from "vitest";
import { actionsFor, nameOf, statusOf } from "./words";

const person = { username: "rosa", active: true, erased: false, secondFactor: true, mustChangePassword: false };
const actions = (changes: Partial<typeof person>) => actionsFor({ ...person, ...changes }).map(({ action }) => action);

describe("what may be done with an account", () => {
  it("erases only what is deactivated", () => {
    expect(actions({})).not.toContain("erase");
    expect(actions({ active: false })).toEqual(["change", "active", "erase"]);
  });

  it("resets a second factor only where there is one", () => {
    expect(actions({})).toContain("factor");
    expect(actions({ secondFactor: false })).not.toContain("factor");
  });

  it("leaves former users alone", () => {
    expect(actions({ active: false, erased: true })).toEqual([]);
    expect(nameOf({ username: "", erased: true })).toBe("former user");
    expect(statusOf({ ...person, active: false, erased: true })).toBe("Erased");
  });
});
