/** The times a schedule is due at, on the wall clock of its zone. Pure; the server counts for good, in the zone. */
import type { ScheduleEvery } from "@/gql/graphql";

const two = (value: number) => String(value).padStart(2, "0");

/**
 * The first `count` due times from `from` on, as `2026-01-31T09:00`. Each is counted from the first:
 * a month that is too short has its last day, the next one the full number again.
 */
export function dueTimes(
  first: string,
  every: ScheduleEvery,
  until: string | null,
  from: string,
  count = 5,
): string[] {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2})/.exec(first);
  if (!match) return [];
  const [year, month, day] = match.slice(1, 4).map(Number) as [number, number, number];
  const clock = match[4] ?? "";
  const due: string[] = [];
  // Longer than any schedule that is still looked at: 40 years of weeks.
  for (let step = 0; step < 2_100 && due.length < count; step += 1) {
    const date =
      every === "WEEKLY"
        ? new Date(Date.UTC(year, month - 1, day + 7 * step))
        : inMonth(year, month - 1 + step * (every === "MONTHLY" ? 1 : 3), day);
    const text = `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
    if (until && text > until) break;
    if (`${text}T${clock}` >= from) due.push(`${text}T${clock}`);
  }
  return due;
}

function inMonth(year: number, month: number, day: number): Date {
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(day, last)));
}

/** What a clock in that zone shows now, as `2026-01-31T09:00`; in UTC where the zone is unknown. */
export function wallClock(now: Date, timeZone: string): string {
  try {
    const parts = new Intl.DateTimeFormat("sv-SE", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    }).format(now);
    return parts.replace(" ", "T");
  } catch {
    return now.toISOString().slice(0, 16);
  }
}
