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

/** The place in the whole list, counted from 1, that puts a test of a phase before or after its neighbour there. */
export function placeBeside<Each>(
  all: readonly Each[],
  phase: readonly Each[],
  at: number,
  step: -1 | 1,
): number | undefined {
  const neighbour = phase[at + step];
  return neighbour && all.indexOf(neighbour) + 1;
}
