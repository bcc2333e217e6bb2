/** Filters as they stand in an address. Pure. */

type Search = Record<string, string | undefined>;

/** The query part of an address without the instant, keys in order, so that the same filters are the same text. */
export function queryOf(search: Search): string {
  const pairs = Object.entries(search).filter(
    (pair): pair is [string, string] => pair[0] !== "asOf" && pair[1] !== undefined && pair[1] !== "",
  );
  return new URLSearchParams(pairs.toSorted(([left], [right]) => left.localeCompare(right))).toString();
}

/** What a kept query asks for; of other keys than the page knows nothing is taken. */
export function searchOf(query: string, keys: readonly string[]): Record<string, string> {
  const kept = new URLSearchParams(query);
  return Object.fromEntries(keys.map((key) => [key, kept.get(key) ?? ""]));
}
