import { afterEach, describe, expect, it } from "vitest";
import {
  formatDay,
  formatDuration,
  formatExact,
  formatInstant,
  formatRelative,
  isSameDay,
  offsetOf,
  setTimeZone,
  timeZoneInUse,
  toLocalInput,
  toRfc3339,
} from "./time";

describe("toRfc3339", () => {
  it("writes seconds and offset", () => {
    expect(toRfc3339("2026-11-14T09:30:05", "+01:00")).toBe("2026-11-14T09:30:05+01:00");
  });

  it("adds the seconds that browsers leave out", () => {
    expect(toRfc3339("2026-11-14T09:30", "-03:30")).toBe("2026-11-14T09:30:00-03:30");
  });

  it("writes UTC as Z", () => {
    expect(toRfc3339("2026-11-14T09:30:05", "+00:00")).toBe("2026-11-14T09:30:05Z");
  });

  it("keeps fractions of a second", () => {
    expect(toRfc3339("2026-11-14T09:30:05.250", "+00:00")).toBe("2026-11-14T09:30:05.250Z");
  });

  it.each(["", "2026-11-14", "14.11.2026 09:30", "2026-13-14T09:30:05"])("refuses %j", (local) => {
    expect(toRfc3339(local, "+00:00")).toBeNull();
  });

  it("refuses an offset that is none", () => {
    expect(toRfc3339("2026-11-14T09:30:05", "CET")).toBeNull();
  });
});

describe("toLocalInput", () => {
  it("is the way back, at any offset", () => {
    for (const offset of ["+00:00", "+05:45", "-09:30", "+14:00"]) {
      const iso = toRfc3339("2026-02-28T23:59:58", offset);
      expect(toLocalInput(iso ?? "", offset)).toBe("2026-02-28T23:59:58");
    }
  });

  it("shows the same instant in another zone", () => {
    expect(toLocalInput("2026-11-14T09:30:00+01:00", "-05:00")).toBe("2026-11-14T03:30:00");
  });
});

describe("words for times", () => {
  it("says how long ago", () => {
    const now = new Date("2026-11-14T12:00:00Z");
    expect(formatRelative("2026-11-14T11:57:00Z", now)).toBe("3 minutes ago");
    expect(formatRelative("2026-11-16T12:00:00Z", now)).toBe("in 2 days");
  });

  it("says how long it took", () => {
    expect(formatDuration("2026-11-14T11:00:00Z", "2026-11-14T12:12:00Z")).toBe("1 h 12 min");
    expect(formatDuration("2026-11-14T12:00:00Z", "2026-11-14T11:00:00Z")).toBe("");
  });

  it("does not move a calendar date into another zone", () => {
    expect(formatDay("2026-12-04")).toBe("4 Dec 2026");
  });
});

describe("the zone of a profile", () => {
  afterEach(() => setTimeZone(null));

  it("is that of all times, with its offset of that day", () => {
    setTimeZone("Asia/Kathmandu");
    expect(formatInstant("2026-11-14T20:30:00Z")).toBe("15 Nov 2026, 02:15");
    expect(formatExact("2026-11-14T20:30:05Z")).toBe("15 Nov 2026, 02:15:05 UTC+05:45");
    expect(isSameDay("2026-11-14T18:00:00Z", "2026-11-14T18:30:00Z")).toBe(false);
    setTimeZone("Europe/Berlin");
    expect(offsetOf(new Date("2026-07-01T00:00:00Z"))).toBe("+02:00");
    expect(offsetOf(new Date("2026-12-01T00:00:00.999Z"))).toBe("+01:00");
  });

  it("is that of the device where the browser does not know it", () => {
    const own = timeZoneInUse();
    setTimeZone("Atlantis/Capital");
    expect(timeZoneInUse()).toBe(own);
  });
});
