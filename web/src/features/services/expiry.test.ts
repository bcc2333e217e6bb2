import { describe, expect, it } from "vitest";
import { dayAfter, endOf, endWords } from "./expiry";

const now = new Date("2026-11-27T12:00:00Z");

describe("when a key ends", () => {
  it("is said in whole days that are left", () => {
    expect(endWords("2026-11-30T13:00:00Z", now)).toEqual({ words: "ends in 3 days", soon: true });
    expect(endWords("2026-11-28T12:00:01Z", now)).toEqual({ words: "ends in 1 day", soon: true });
    expect(endWords("2026-11-27T13:00:00Z", now)).toEqual({ words: "ends within a day", soon: true });
    expect(endWords("2026-11-27T12:00:00Z", now)).toEqual({ words: "ended", soon: false });
    expect(endWords("2027-03-01T00:00:00Z", now).soon).toBe(false);
  });

  it("is counted from when the form was opened, so that sending again asks for the same", () => {
    expect(endOf("30", "", now.getTime())).toBe("2026-12-27T12:00:00.000Z");
    expect(endOf("30", "", now.getTime())).toBe(endOf("30", "", now.getTime()));
  });

  it("is the end of a chosen day", () => {
    expect(new Date(endOf("date", "2026-12-24", 0) ?? "").getHours()).toBe(23);
    expect(endOf("date", "", 0)).toBeNull();
  });

  it("finds the day for a date field", () => {
    expect(dayAfter(new Date(2026, 11, 30, 9).getTime(), 3)).toBe("2027-01-02");
  });
});
