import { describe, expect, it } from "vitest";
import { dueTimes, wallClock } from "./due";

const from = "2026-01-01T00:00";

describe("due times", () => {
  it("stay on the 31st where a month has one", () => {
    expect(dueTimes("2026-01-31T09:00", "MONTHLY", null, from)).toEqual([
      "2026-01-31T09:00",
      "2026-02-28T09:00",
      "2026-03-31T09:00",
      "2026-04-30T09:00",
      "2026-05-31T09:00",
    ]);
  });

  it("come weekly and quarterly, over the end of the year", () => {
    expect(dueTimes("2026-12-24T22:30", "WEEKLY", null, from, 2)).toEqual(["2026-12-24T22:30", "2026-12-31T22:30"]);
    expect(dueTimes("2026-11-30T09:00", "QUARTERLY", null, from, 2)).toEqual(["2026-11-30T09:00", "2027-02-28T09:00"]);
  });

  it("end with the last day, and leave out what is past", () => {
    expect(dueTimes("2026-01-05T09:00", "WEEKLY", "2026-01-19", "2026-01-12T09:01")).toEqual(["2026-01-19T09:00"]);
    expect(dueTimes("", "WEEKLY", null, from)).toEqual([]);
  });

  it("are held against the clock of their zone", () => {
    const now = new Date("2026-06-30T23:30:00Z");
    expect(wallClock(now, "Europe/Berlin")).toBe("2026-07-01T01:30");
    expect(wallClock(now, "Nowhere/Else")).toBe("2026-06-30T23:30");
  });
});
