/** When a key ends, in words and as it is chosen. Pure. */

const dayMs = 86_400_000;

/** Days of warning before a key ends. */
const soonDays = 14;

/** Days a key may last at most, with room for the way to the server: the rule there says 366. */
export const longestDays = 365;

export const lifetimes = ["30", "90", "180", "365", "date"] as const;
export type Lifetime = (typeof lifetimes)[number];

export const lifetimeWords: Record<Lifetime, string> = {
  "30": "30 days",
  "90": "90 days",
  "180": "180 days",
  "365": "365 days",
  date: "Until a day",
};

/** The instant a key shall end at; of a day, its last second where the person is. Null while no day is given. */
export function endOf(lifetime: Lifetime, day: string, opened: number): string | null {
  if (lifetime !== "date") return new Date(opened + Number(lifetime) * dayMs).toISOString();
  const end = new Date(`${day}T23:59:59`);
  return Number.isNaN(end.getTime()) ? null : end.toISOString();
}

/** The calendar day so many days after an instant, where the person is, as a date field wants it. */
export function dayAfter(opened: number, days: number): string {
  const day = new Date(opened);
  day.setDate(day.getDate() + days);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** `ends in 3 days`, `ends within a day`, `ended`; and whether that is soon. */
export function endWords(expiresAt: string, now: Date): { words: string; soon: boolean } {
  const left = new Date(expiresAt).getTime() - now.getTime();
  if (left <= 0) return { words: "ended", soon: false };
  const days = Math.round(left / dayMs);
  const words = days === 0 ? "ends within a day" : days === 1 ? "ends in 1 day" : `ends in ${days} days`;
  return { words, soon: days < soonDays };
}
