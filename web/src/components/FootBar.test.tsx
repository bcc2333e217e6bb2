import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { formatToSecond } from "@/time";
import { FootBar } from "./FootBar";

const now = new Date("2026-11-14T12:00:00Z");

beforeEach(() => vi.useFakeTimers({ now, toFake: ["Date"] }));
afterEach(() => vi.useRealTimers());

function show(asOf?: string) {
  const onAsOf = vi.fn();
  render(<FootBar asOf={asOf} position={18442} onAsOf={onAsOf} />);
  return { onAsOf, user: userEvent.setup(), trigger: screen.getByRole("button", { name: /^As of / }) };
}

describe("the bar at the foot", () => {
  it("reads now, or the chosen instant to the second", () => {
    expect(show().trigger).toHaveAccessibleName("As of now");
    cleanup();
    const chosen = "2026-11-14T08:30:05Z";
    expect(show(chosen).trigger).toHaveAccessibleName(`As of ${formatToSecond(chosen)}`);
  });

  it.each([
    ["An hour ago", "2026-11-14T11:00:00Z"],
    ["A day ago", "2026-11-13T12:00:00Z"],
    ["A week ago", "2026-11-07T12:00:00Z"],
    ["A month ago", "2026-10-14T12:00:00Z"],
  ])("leads to %s", async (label, instant) => {
    const { user, trigger, onAsOf } = show();
    await user.click(trigger);
    await user.click(screen.getByRole("button", { name: label }));
    const chosen = new Date(onAsOf.mock.calls[0]?.[0] as string);
    // A change to summer time in between moves the instant, not the clock.
    expect(Math.abs(chosen.getTime() - new Date(instant).getTime())).toBeLessThanOrEqual(3_600_000);
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(trigger).toHaveFocus();
  });

  it("takes an exact time in the zone it names", async () => {
    const { user, trigger, onAsOf } = show();
    await user.click(trigger);
    const dialog = within(screen.getByRole("dialog", { name: "Choose an instant" }));
    const field = dialog.getByLabelText("Date and time");
    expect(field).toHaveAccessibleDescription(/UTC/);
    fireEvent.change(field, { target: { value: "2026-11-13T09:30:05" } });
    await user.click(dialog.getByRole("button", { name: "Show this instant" }));
    expect(new Date(onAsOf.mock.calls[0]?.[0] as string)).toEqual(new Date("2026-11-13T09:30:05"));
  });

  it("refuses the future and says why", async () => {
    const { user, trigger, onAsOf } = show();
    await user.click(trigger);
    const field = screen.getByLabelText("Date and time");
    fireEvent.change(field, { target: { value: "2026-11-16T09:30:05" } });
    await user.click(screen.getByRole("button", { name: "Show this instant" }));
    expect(onAsOf).not.toHaveBeenCalled();
    expect(field).toHaveAccessibleDescription(/future/);
  });

  it("closes with Escape and gives the focus back", async () => {
    const { user, trigger } = show();
    await user.click(trigger);
    expect(screen.getByRole("button", { name: "An hour ago" })).toHaveFocus();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(trigger).toHaveFocus();
  });

  it("leads back to now", async () => {
    const { user, onAsOf } = show("2026-11-14T08:30:00Z");
    await user.click(screen.getByRole("button", { name: "Back to now" }));
    expect(onAsOf).toHaveBeenCalledWith(undefined);
  });
});
