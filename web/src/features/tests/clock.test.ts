import { describe, expect, it } from "vitest";
import { netSecondsAt } from "./clock";

const clock = { startedAt: "2026-11-27T10:00:00Z", netSeconds: null, pausedSeconds: 0, pausedSince: null };
const at = (time: string) => new Date(`2026-11-27T${time}Z`);

describe("the clock of a side", () => {
  it("runs from its beginning, without the pauses", () => {
    expect(netSecondsAt(clock, at("10:10:00"))).toBe(600);
    expect(netSecondsAt({ ...clock, pausedSeconds: 120 }, at("10:10:00"))).toBe(480);
  });

  it("stands still in a pause", () => {
    const paused = { ...clock, pausedSeconds: 60, pausedSince: "2026-11-27T10:05:00Z" };
    expect(netSecondsAt(paused, at("10:06:00"))).toBe(240);
    expect(netSecondsAt(paused, at("10:30:00"))).toBe(240);
  });

  it("is what the server says once the side has handed over", () => {
    expect(netSecondsAt({ ...clock, netSeconds: 42 }, at("23:00:00"))).toBe(42);
  });

  it("does not run backwards where this computer's clock is behind", () => {
    expect(netSecondsAt(clock, at("09:59:00"))).toBe(0);
  });
});
