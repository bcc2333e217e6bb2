/** In which order the jump box shows what it found. Pure. */

/** How well something fits what was typed, best first. */
export const fit = { exact: 0, idPrefix: 1, namePrefix: 2, rest: 3 } as const;
export type Fit = (typeof fit)[keyof typeof fit];

/** The exact id comes first, then the start of an id, then the start of a name, then everything else. */
export function fitOf(typed: string, ids: readonly string[], name: string): Fit {
  const text = typed.trim().toLowerCase();
  if (text === "") return fit.rest;
  const lower = ids.map((id) => id.toLowerCase());
  if (lower.includes(text)) return fit.exact;
  if (lower.some((id) => id.startsWith(text))) return fit.idPrefix;
  return name.toLowerCase().startsWith(text) ? fit.namePrefix : fit.rest;
}

interface Ranked {
  fit: Fit;
}

/** Best first, in the given order among equals; at most `limit`. */
export function ranked<Item extends Ranked>(items: readonly Item[], limit: number): Item[] {
  return items.toSorted((left, right) => left.fit - right.fit).slice(0, limit);
}

/** Groups by their best item, in the given order among equals; empty ones are left out. */
export function rankedGroups<Item extends Ranked>(groups: readonly (readonly Item[])[]): Item[] {
  const best = (group: readonly Item[]) => Math.min(...group.map((item) => item.fit));
  return groups
    .filter((group) => group.length > 0)
    .toSorted((left, right) => best(left) - best(right))
    .flat();
}
