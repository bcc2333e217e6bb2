/** What an import hands back, read from the JSON of its job. Pure. */
import { sourceTitle } from "@/sources";

/** A record that differs from the one in force. */
export interface DifferentRecord {
  kind: string;
  key: string;
  title: string;
}

export interface Difference {
  added: number;
  changed: number;
  retired: number;
  unchanged: number;
  first: Record<"added" | "changed" | "retired", DifferentRecord[]>;
}

export interface TechniqueName {
  attackId: string;
  name: string;
}

interface Listed<Item> {
  count: number;
  first: Item[];
}

export interface Replaced {
  technique: TechniqueName;
  /** What replaces it, step by step. */
  chain: string[];
  /** The end of the chain, if it is in force. */
  successor: TechniqueName | null;
}

/** What becomes of the techniques from one release of ATT&CK to another. */
export interface Upgrade {
  from: string;
  to: string;
  added: Listed<TechniqueName>;
  revoked: Listed<Replaced>;
  deprecated: Listed<Replaced>;
  gone: Listed<{ technique: TechniqueName; now: string | null }>;
  renamed: Listed<{ technique: TechniqueName; was: string }>;
  moved: Listed<{ technique: TechniqueName; from: string[]; to: string[] }>;
  /** How many have another description, and nothing else. */
  reworded: number;
  actors: { added: number; retired: number };
  software: { added: number; retired: number };
}

export interface ImportResult {
  /** Its key; empty from servers that knew ATT&CK Enterprise alone. */
  source: string;
  version: string;
  digest: string;
  /** False when exactly this content was in force already, and of a preview. */
  changed: boolean;
  preview: boolean;
  position: number | null;
  counts: Record<string, number>;
  difference: Difference | null;
  upgrade: Upgrade | null;
  fetchedFrom: string | null;
  /** Why it was not fetched from addresses before that. */
  notFetched: string[];
}

type Fields = Record<string, unknown>;

const isRecord = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const number = (value: unknown): number => (typeof value === "number" ? value : 0);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const texts = (value: unknown): string[] => list(value).filter((each) => typeof each === "string");
const fields = (value: unknown): Fields => (isRecord(value) ? value : {});

/** Reads what an import hands back; null for another kind of work, or an older server's words. */
export function readImport(result: unknown): ImportResult | null {
  if (!isRecord(result) || !isRecord(result.counts)) return null;
  const { version, changed, digest, counts } = result;
  if (typeof version !== "string" || typeof changed !== "boolean") return null;
  return {
    source: text(result.source) || text(result.domain),
    version,
    digest: text(digest),
    changed,
    preview: result.preview === true,
    position: typeof result.position === "number" ? result.position : null,
    counts: readCounts(counts),
    difference: isRecord(result.difference) ? readDifference(result.difference) : null,
    upgrade: isRecord(result.upgrade) ? readUpgrade(result.upgrade) : null,
    fetchedFrom: text(result.fetched_from) || null,
    notFetched: texts(result.not_fetched),
  };
}

export function readCounts(counts: unknown): Record<string, number> {
  return Object.fromEntries(
    Object.entries(fields(counts)).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}

function readDifference(difference: Fields): Difference {
  const first = fields(difference.first);
  const records = (name: string) =>
    list(first[name]).map((each) => ({
      kind: text(fields(each).kind),
      key: text(fields(each).key),
      title: text(fields(each).title),
    }));
  return {
    added: number(difference.added),
    changed: number(difference.changed),
    retired: number(difference.retired),
    unchanged: number(difference.unchanged),
    first: { added: records("added"), changed: records("changed"), retired: records("retired") },
  };
}

const technique = (value: unknown): TechniqueName => ({
  attackId: text(fields(value).attack_id),
  name: text(fields(value).name),
});

function listed<Item>(value: unknown, read: (item: Fields) => Item): Listed<Item> {
  const { count, first } = fields(value);
  return { count: number(count), first: list(first).map((item) => read(fields(item))) };
}

const replaced = (item: Fields): Replaced => ({
  technique: technique(item.technique),
  chain: texts(item.chain),
  successor: isRecord(item.successor) ? technique(item.successor) : null,
});

const turnover = (value: unknown) => ({ added: number(fields(value).added), retired: number(fields(value).retired) });

function readUpgrade(upgrade: Fields): Upgrade {
  return {
    from: text(upgrade.from),
    to: text(upgrade.to),
    added: listed(upgrade.added, technique),
    revoked: listed(upgrade.revoked, replaced),
    deprecated: listed(upgrade.deprecated, replaced),
    gone: listed(upgrade.gone, (item) => ({ technique: technique(item.technique), now: text(item.now) || null })),
    renamed: listed(upgrade.renamed, (item) => ({ technique: technique(item.technique), was: text(item.was) })),
    moved: listed(upgrade.moved, (item) => ({
      technique: technique(item.technique),
      from: texts(item.from),
      to: texts(item.to),
    })),
    reworded: number(upgrade.reworded),
    actors: turnover(upgrade.actors),
    software: turnover(upgrade.software),
  };
}

/** What is said first of a source; names that are not there are passed over. */
const leading = [
  "techniques",
  "sub_techniques",
  "tactics",
  "tests",
  "abilities",
  "entries",
  "commands",
  "adversaries",
  "plans",
  "rule files",
  "rules",
  "controls",
  "enhancements",
  "defensive techniques",
  "mapping files",
  "mappings",
  "pairs",
  "capabilities",
  "relationships",
  "actors",
  "software",
];

const words: Record<string, string> = {
  sub_techniques: "sub-techniques",
  actors: "groups",
  cells: "cells of the matrix",
  uses: "uses by groups and software",
};

/** The name of a count in words. */
export const countName = (name: string): string => words[name] ?? name.replaceAll("_", " ");

/** The counts that say most, at most so many, as `697 techniques`. */
export function mainCounts(counts: Readonly<Record<string, number>>, most = 3): string[] {
  const known = leading.filter((name) => (counts[name] ?? 0) > 0);
  const others = Object.keys(counts)
    .filter((name) => !leading.includes(name) && (counts[name] ?? 0) > 0 && !/ (with|without|of|in) /.test(name))
    .toSorted((left, right) => (counts[right] ?? 0) - (counts[left] ?? 0));
  return [...known, ...others].slice(0, most).map((name) => counted(counts[name] ?? 0, name));
}

function counted(count: number, name: string): string {
  const many = countName(name);
  const word = count === 1 && many !== "software" ? one(many) : many;
  return `${count.toLocaleString("en")} ${word}`;
}

function one(many: string): string {
  if (many.endsWith("ies")) return `${many.slice(0, -3)}y`;
  return many.endsWith("s") ? many.slice(0, -1) : many;
}

/** What came of it, in one sentence or two. */
export function importInWords(result: ImportResult): string {
  const what = `${sourceTitle(result.source || "enterprise-attack")} ${shortVersion(result.version)}`.trim();
  const holds = mainCounts(result.counts, 5);
  const content = holds.length > 1 ? `${holds.slice(0, -1).join(", ")} and ${holds.at(-1)}` : holds.join("");
  if (result.preview) {
    const { difference, upgrade } = result;
    if (upgrade) return upgradeInWords(what, upgrade);
    if (!difference) return `${what} was read. Nothing was put in force.`;
    const { added, changed, retired } = difference;
    if (added + changed + retired === 0) return `${what} says what is in force already. Nothing would change.`;
    const figures = `${added.toLocaleString("en")} added, ${changed.toLocaleString("en")} changed and ${retired.toLocaleString("en")} retired`;
    return `${what} would bring ${figures}. Nothing was put in force.`;
  }
  if (!result.changed) return `${what} was in force already. Nothing was added or changed.`;
  return `${what} came into force${content ? `: ${content}` : ""}.`;
}

function upgradeInWords(what: string, upgrade: Upgrade): string {
  const { added, revoked, deprecated, gone, renamed, moved, reworded } = upgrade;
  const withdrawn = revoked.count + deprecated.count + gone.count;
  const different = renamed.count + moved.count + reworded;
  if (added.count + withdrawn + different === 0) return `${what} has the techniques that are in force. Nothing was put in force.`;
  return `${what} would bring ${counted(added.count, "new techniques")} and withdraw ${withdrawn.toLocaleString("en")}. Nothing was put in force.`;
}

/** Commits and digests of 40 or 64 digits are told apart by their first 12. */
export const shortVersion = (version: string): string => (/^[0-9a-f]{32,}$/.test(version) ? version.slice(0, 12) : version);
