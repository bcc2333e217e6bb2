/** From what the address carries to what is asked for, of the list and of the export alike. Pure. */
import type { AuditFilterInput, AuditOutcome } from "@/gql/graphql";
import { formatInstant } from "@/time";
import type { AuditSearch } from "./search";

export type ExportFormat = "csv" | "json";

const outcomes: readonly AuditOutcome[] = ["ALLOWED", "REFUSED"];

/** What does not read is left out, so that an address somebody typed still shows something. */
export function filterOf(search: AuditSearch): AuditFilterInput {
  const outcome = outcomes.find((each) => each === search.outcome?.toUpperCase());
  return {
    ...(search.person ? { account: search.person } : {}),
    ...(search.kind ? { entityType: search.kind } : {}),
    ...(search.thing ? { entityId: search.thing } : {}),
    ...(search.action ? { action: search.action } : {}),
    ...(outcome ? { outcome } : {}),
    ...(isInstant(search.from) ? { from: search.from } : {}),
    ...(isInstant(search.to) ? { to: search.to } : {}),
  };
}

/** The address that writes what the list shows into a file. */
export function exportAddress(format: ExportFormat, search: AuditSearch): string {
  const { outcome, ...rest } = filterOf(search);
  const pairs: [string, string][] = [["format", format]];
  for (const [name, value] of Object.entries(rest)) {
    if (typeof value === "string") pairs.push([name, value]);
  }
  if (outcome) pairs.push(["outcome", outcome.toLowerCase()]);
  return `/audit/export?${new URLSearchParams(pairs).toString()}`;
}

export function isFiltered(search: AuditSearch): boolean {
  return Object.keys(filterOf(search)).length > 0;
}

/** The part of time that is asked for, in words. */
export function whenWords({ from, to }: Pick<AuditSearch, "from" | "to">): string {
  const begin = isInstant(from) ? formatInstant(from) : null;
  const end = isInstant(to) ? formatInstant(to) : null;
  if (begin && end) return `${begin} to ${end}`;
  if (begin) return `Since ${begin}`;
  return end ? `Before ${end}` : "Any time";
}

function isInstant(text: string | undefined): text is string {
  return text !== undefined && text !== "" && !Number.isNaN(new Date(text).getTime());
}
