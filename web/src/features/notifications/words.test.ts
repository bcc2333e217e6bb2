import { expect, it } from "vitest";
import { bellCount, wayTo } from "./words";

it("leads to what a notification is about", () => {
  expect(wayTo({ kind: "TEST", number: 7 })).toBe("/tests/7");
  expect(wayTo({ kind: "REMEDIATION", number: 2 })).toBe("/remediations/2");
  expect(wayTo({ kind: "JOB", number: null })).toBe("/jobs");
});

it("counts to 99 at the bell", () => {
  expect(bellCount(3)).toBe("3");
  expect(bellCount(100)).toBe("99+");
});
