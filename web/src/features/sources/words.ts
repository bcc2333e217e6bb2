/** What is said of sources, and what can be done with them. Pure. */
import type { Release, Source } from "./operations";

type Settings = Pick<Source, "addresses" | "enabled" | "everyHours">;

/** Whether it can be fetched: switched on, and there is an address. */
export const fetchable = ({ enabled, addresses }: Settings): boolean => enabled && addresses.length > 0;

/** When it is fetched, as long as no instant is known. */
export function rhythm(source: Settings): string {
  if (source.addresses.length === 0) return "by upload only";
  if (!source.enabled) return "switched off";
  return source.everyHours === 0 ? "on request" : every(source.everyHours);
}

export function every(hours: number): string {
  if (hours === 1) return "every hour";
  if (hours === 24) return "every day";
  if (hours % 24 === 0) return `every ${hours / 24} days`;
  return `every ${hours} hours`;
}

/** One address a line; blank lines are none. */
export const addressesIn = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** Whole hours; null for anything else. */
export function hoursIn(text: string): number | null {
  return /^\d{1,5}$/.test(text.trim()) ? Number(text) : null;
}

/** The state to go back to: the newest that says something else than what is in force. */
export function before(releases: readonly Release[]): Release | null {
  const held = releases.find((release) => release.inForce);
  return releases.find((release) => !release.inForce && release.digest !== held?.digest) ?? null;
}

/** What all of them add up to, in one line. */
export function summary(sources: readonly Source[]): string {
  const held = sources.filter((source) => source.release).length;
  const running = sources.filter(({ lastJob }) => lastJob?.state === "QUEUED" || lastJob?.state === "RUNNING").length;
  const failed = sources.filter(({ lastJob }) => lastJob?.state === "FAILED").length;
  return [
    `${held} of ${sources.length} in force`,
    ...(running > 0 ? [`${running} ${running === 1 ? "job" : "jobs"} under way`] : []),
    ...(failed > 0 ? [`${failed} failed at the last attempt`] : []),
  ].join(", ");
}
