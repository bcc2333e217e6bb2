/** What came of an import, in words. Pure. */

interface Counts {
  techniques: number;
  subTechniques: number;
  tactics: number;
  actors: number;
  software: number;
}

export interface ImportOutcome {
  version: string;
  /** False when exactly this content was in force already. */
  changed: boolean;
  counts: Counts;
  digest: string;
}

/** Reads what an import hands back; null for another kind of work, or an older server's words. */
export function readOutcome(result: unknown): ImportOutcome | null {
  if (!isRecord(result) || !isRecord(result.counts)) return null;
  const { version, changed, digest, counts } = result;
  if (typeof version !== "string" || typeof changed !== "boolean") return null;
  const count = (name: string) => (typeof counts[name] === "number" ? counts[name] : 0);
  return {
    version,
    changed,
    digest: typeof digest === "string" ? digest : "",
    counts: {
      techniques: count("techniques"),
      subTechniques: count("sub_techniques"),
      tactics: count("tactics"),
      actors: count("actors"),
      software: count("software"),
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

export function outcomeInWords({ version, changed, counts }: ImportOutcome): string {
  if (!changed) return `ATT&CK ${version} was in force already. Nothing was added or changed.`;
  const holds = listed([
    counted(counts.techniques, "technique"),
    counted(counts.subTechniques, "sub-technique"),
    counted(counts.tactics, "tactic"),
    counted(counts.actors, "group"),
    `${figure(counts.software)} software`,
  ]);
  return `ATT&CK ${version} came into force: ${holds}.`;
}

export interface Named {
  attackId: string;
  name: string;
}

export interface Difference {
  added: Named[];
  retired: Named[];
  renamed: (Named & { before: string })[];
  /** How many kept both id and name. */
  kept: number;
}

/** What one release has that another has not, by id and name. */
export function differenceOf(before: readonly Named[], after: readonly Named[]): Difference {
  const old = new Map(before.map((each) => [each.attackId, each.name]));
  const now = new Set(after.map((each) => each.attackId));
  const known = after.filter((each) => old.has(each.attackId));
  const renamed = known
    .map((each) => ({ ...each, before: old.get(each.attackId) ?? "" }))
    .filter((each) => each.before !== each.name);
  return {
    added: after.filter((each) => !old.has(each.attackId)),
    retired: before.filter((each) => !now.has(each.attackId)),
    renamed,
    kept: known.length - renamed.length,
  };
}

const figure = (value: number) => value.toLocaleString("en");

function counted(count: number, noun: string): string {
  return `${figure(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function listed(parts: readonly string[]): string {
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
