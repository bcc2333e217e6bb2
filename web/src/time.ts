/** Instants as people read and type them. The server only ever sees RFC 3339. */

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const two = (value: number) => String(value).padStart(2, "0");

/** The zone a person chose in their profile; without one, that of the device. */
let chosen: { zone: string; clock: Intl.DateTimeFormat } | null = null;

/** Shows times in this zone from now on; null, and what the browser does not know, mean that of the device. */
export function setTimeZone(zone: string | null): void {
  if (zone === (chosen?.zone ?? null)) return;
  chosen = null;
  if (zone === null) return;
  try {
    const clock = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    chosen = { zone, clock };
  } catch {
    // An old browser may lack a zone the server knows; the device's own is shown then, and named as such.
  }
}

/** What calendar and clock say at that moment in the viewer's zone. */
function wallOf(date: Date) {
  if (!chosen) {
    return {
      year: date.getFullYear(),
      month: date.getMonth() + 1,
      day: date.getDate(),
      hour: date.getHours(),
      minute: date.getMinutes(),
      second: date.getSeconds(),
    };
  }
  const parts = Object.fromEntries(chosen.clock.formatToParts(date).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return { year, month, day, hour, minute, second };
}

/** `14 Nov 2026, 09:30` in the viewer's zone. */
export function formatInstant(iso: string): string {
  const { year, month, day } = wallOf(new Date(iso));
  return `${day} ${months[month - 1]} ${year}, ${formatClock(iso)}`;
}

/** `09:30` in the viewer's zone. */
export function formatClock(iso: string): string {
  const { hour, minute } = wallOf(new Date(iso));
  return `${two(hour)}:${two(minute)}`;
}

/** Whether both lie on one day in the viewer's zone. */
export function isSameDay(left: string, right: string): boolean {
  const [one, other] = [wallOf(new Date(left)), wallOf(new Date(right))];
  return one.year === other.year && one.month === other.month && one.day === other.day;
}

/** `14 Nov 2026, 09:30:05` in the viewer's zone. */
export function formatToSecond(iso: string): string {
  return `${formatInstant(iso)}:${two(wallOf(new Date(iso)).second)}`;
}

/** With seconds and the offset, for titles and evidence. */
export function formatExact(iso: string): string {
  return `${formatToSecond(iso)} UTC${offsetOf(new Date(iso))}`;
}

/** `14 Nov 2026` of a calendar date, which has no zone. */
export function formatDay(day: string): string {
  const [year, month, date] = day.split("-").map(Number);
  return `${date} ${months[(month ?? 1) - 1]} ${year}`;
}

const steps: [limitSeconds: number, unitSeconds: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [60, 1, "second"],
  [3_600, 60, "minute"],
  [86_400, 3_600, "hour"],
  [2_592_000, 86_400, "day"],
  [31_536_000, 2_592_000, "month"],
  [Number.POSITIVE_INFINITY, 31_536_000, "year"],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

export function formatRelative(iso: string, now: Date = new Date()): string {
  const seconds = Math.round((new Date(iso).getTime() - now.getTime()) / 1000);
  const step = steps.find(([limit]) => Math.abs(seconds) < limit);
  return step ? relative.format(Math.trunc(seconds / step[1]), step[2]) : formatInstant(iso);
}

/** `1 h 12 min` between two instants; empty when they are out of order. */
export function formatDuration(from: string, to: string): string {
  return formatSpan((new Date(to).getTime() - new Date(from).getTime()) / 1000);
}

/** `1 h 12 min` of so many seconds; empty for a negative number. */
export function formatSpan(length: number): string {
  const seconds = Math.round(length);
  if (seconds < 0) return "";
  if (seconds === 0) return "under 1 s";
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Whether a calendar day, by UTC, lies behind. */
export function isPast(day: string, now: Date = new Date()): boolean {
  return day < now.toISOString().slice(0, 10);
}

/** The viewer's offset at that moment, as `+01:00`. */
export function offsetOf(date: Date): string {
  const { year, month, day, hour, minute, second } = wallOf(date);
  const wall = chosen ? Date.UTC(year, month - 1, day, hour, minute, second) : null;
  const minutes = wall === null ? -date.getTimezoneOffset() : Math.round((wall - date.getTime()) / 60_000);
  const sign = minutes < 0 ? "-" : "+";
  return `${sign}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

/** Offsets in use somewhere in the world, west to east. */
export const offsets: readonly string[] = [
  "-12:00", "-11:00", "-10:00", "-09:30", "-09:00", "-08:00", "-07:00", "-06:00", "-05:00", "-04:00",
  "-03:30", "-03:00", "-02:30", "-02:00", "-01:00", "+00:00", "+01:00", "+02:00", "+03:00", "+03:30", "+04:00",
  "+04:30", "+05:00", "+05:30", "+05:45", "+06:00", "+06:30", "+07:00", "+08:00", "+08:45", "+09:00",
  "+09:30", "+10:00", "+10:30", "+11:00", "+12:00", "+12:45", "+13:00", "+13:45", "+14:00",
];

/**
 * The value of a `datetime-local` input with an offset, as RFC 3339 with seconds.
 * Browsers leave out seconds that are zero; an empty or unreadable value is null.
 */
export function toRfc3339(local: string, offset: string): string | null {
  const match = /^(\d{4,}-\d{2}-\d{2})T(\d{2}:\d{2})(?::(\d{2})(\.\d{1,3})?)?$/.exec(local);
  if (!match || !/^[+-]\d{2}:\d{2}$/.test(offset)) return null;
  const [, day, clock, seconds = "00", fraction = ""] = match;
  const text = `${day}T${clock}:${seconds}${/[1-9]/.test(fraction) ? fraction : ""}${offset === "+00:00" ? "Z" : offset}`;
  return Number.isNaN(new Date(text).getTime()) ? null : text;
}

/** The `datetime-local` value that shows this instant at the given offset. */
export function toLocalInput(iso: string, offset: string): string {
  const match = /^([+-])(\d{2}):(\d{2})$/.exec(offset);
  const minutes = match ? (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0;
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  return new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, 19);
}

/** IANA name of the zone times are shown in. */
export function timeZoneInUse(): string {
  return chosen?.zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The viewer's zone at that moment, as `Europe/Berlin, UTC+01:00`. */
export function zoneName(date: Date): string {
  const name = timeZoneInUse();
  return name === "UTC" ? "UTC" : `${name}, UTC${offsetOf(date)}`;
}
