/** How two releases differ in their techniques. Pure. */

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
