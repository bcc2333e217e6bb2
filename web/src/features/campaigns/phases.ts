/** The tests of a campaign, phase by phase. Pure. */

interface Planned {
  order: number;
  phase?: string | null;
}

export interface Phase<Each> {
  /** Empty for tests without one. */
  name: string;
  tests: Each[];
}

/** Phases in the order of their first test; within each by order. */
export function phasesOf<Each extends Planned>(tests: readonly Each[]): Phase<Each>[] {
  const phases = new Map<string, Each[]>();
  for (const each of tests.toSorted((left, right) => left.order - right.order)) {
    const name = each.phase ?? "";
    phases.set(name, [...(phases.get(name) ?? []), each]);
  }
  return [...phases].map(([name, inside]) => ({ name, tests: inside }));
}

/** The order that puts a test before or after its neighbour: what to give to whom. */
export function swapped<Each extends Planned>(tests: readonly Each[], at: number, step: -1 | 1): [Each, number][] {
  const sorted = tests.toSorted((left, right) => left.order - right.order);
  const one = sorted[at];
  const other = sorted[at + step];
  if (!one || !other) return [];
  // Two of one order are told apart by giving the later a number of its own.
  if (one.order === other.order) return [[step < 0 ? other : one, one.order + 1]];
  return [
    [one, other.order],
    [other, one.order],
  ];
}
