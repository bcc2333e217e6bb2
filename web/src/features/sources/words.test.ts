import { expect, it } from "vitest";
import type { Release, Source } from "./operations";
import { addressesIn, before, every, fetchable, hoursIn, rhythm, summary } from "./words";

const settings = { addresses: ["https://a.test/x"], enabled: true, everyHours: 24 };

it("says when a source is fetched", () => {
  expect(rhythm(settings)).toBe("every day");
  expect(rhythm({ ...settings, everyHours: 0 })).toBe("on request");
  expect(rhythm({ ...settings, enabled: false })).toBe("switched off");
  expect(rhythm({ ...settings, addresses: [] })).toBe("by upload only");
  expect([every(1), every(36), every(168)]).toEqual(["every hour", "every 36 hours", "every 7 days"]);
});

it("offers to fetch only what is on and has an address", () => {
  expect(fetchable(settings)).toBe(true);
  expect(fetchable({ ...settings, enabled: false })).toBe(false);
  expect(fetchable({ ...settings, addresses: [] })).toBe(false);
});

it("reads what was typed", () => {
  expect(addressesIn(" https://a.test \n\n https://b.test")).toEqual(["https://a.test", "https://b.test"]);
  expect([hoursIn("12"), hoursIn(" 0 "), hoursIn(""), hoursIn("1.5"), hoursIn("-1")]).toEqual([12, 0, null, null, null]);
});

it("goes back to the newest state that says something else", () => {
  const release = (digest: string, inForce = false): Release => ({
    digest,
    inForce,
    version: digest,
    releasedAt: "2026-01-01T00:00:00Z",
    position: 1,
  });
  expect(before([release("a", true), release("b"), release("a")])?.digest).toBe("b");
  expect(before([release("a", true), release("a")])).toBeNull();
  expect(before([])).toBeNull();
});

it("adds the sources up", () => {
  const source = (release: object | null, state: string | null) =>
    ({ release, lastJob: state && { state } }) as unknown as Source;
  expect(summary([source({}, "SUCCEEDED"), source(null, null)])).toBe("1 of 2 in force");
  expect(summary([source({}, "RUNNING"), source(null, "FAILED")])).toBe(
    "1 of 2 in force, 1 job under way, 1 failed at the last attempt",
  );
});
