/** What the matrix shows of the heatmap: columns, folding, filters and counts. Pure, so it is tested alone. */
import type { CoverageStatus } from "@/gql/graphql";
import type { Cell, Tactic } from "./operations";

export interface MatrixFilters {
  /** Empty means every status. */
  statuses: readonly CoverageStatus[];
  platform: string | undefined;
  search: string;
}

export interface Group {
  cell: Cell;
  subTechniques: Cell[];
}

export interface Column {
  tactic: Tactic;
  groups: Group[];
}

/** One line of a column as it is shown. */
export interface Line {
  cell: Cell;
  /** How many sub-techniques stand under it; zero on a sub-technique. */
  subCount: number;
  open: boolean;
}

/** Techniques with their sub-techniques, in the order the server gives. */
export function toColumn(tactic: Tactic): Column {
  const groups = new Map<string, Group>();
  for (const cell of tactic.cells) {
    if (!cell.parentAttackId) groups.set(cell.attackId, { cell, subTechniques: [] });
  }
  for (const cell of tactic.cells) {
    if (!cell.parentAttackId) continue;
    const parent = groups.get(cell.parentAttackId);
    if (parent) parent.subTechniques.push(cell);
    // A parent outside this tactic must not make its sub-technique disappear.
    else groups.set(cell.attackId, { cell, subTechniques: [] });
  }
  return { tactic, groups: [...groups.values()] };
}

export function matches(cell: Cell, filters: MatrixFilters): boolean {
  if (filters.statuses.length > 0 && !filters.statuses.includes(cell.status)) return false;
  return fits(cell, filters);
}

/** Platform and search only: what the legend counts over. */
function fits(cell: Cell, filters: MatrixFilters): boolean {
  if (filters.platform && !cell.platforms.includes(filters.platform)) return false;
  const search = filters.search.trim().toLowerCase();
  return (
    search === "" || cell.attackId.toLowerCase().startsWith(search) || cell.name.toLowerCase().includes(search)
  );
}

export function isFiltering(filters: MatrixFilters): boolean {
  return filters.statuses.length > 0 || filters.platform !== undefined || filters.search.trim() !== "";
}

/** A search or a status asks for sub-techniques too, so they unfold; a platform alone would unfold nearly all. */
export function revealsSubTechniques(filters: MatrixFilters): boolean {
  return filters.statuses.length > 0 || filters.search.trim() !== "";
}

/**
 * The lines of a column. A technique stays when it or one of its sub-techniques fits; one that
 * stays only for its sub-techniques shows them even when folded, else it would seem a mistake.
 */
export function linesOf(
  column: Column,
  filters: MatrixFilters,
  isOpen: (group: Group, tactic: Tactic) => boolean,
): Line[] {
  const lines: Line[] = [];
  const filtering = isFiltering(filters);
  for (const group of column.groups) {
    const fitting = filtering ? group.subTechniques.filter((cell) => matches(cell, filters)) : [];
    const self = !filtering || matches(group.cell, filters);
    if (!self && fitting.length === 0) continue;
    const open = isOpen(group, column.tactic);
    const shown = filtering ? (open || !self ? fitting : []) : open ? group.subTechniques : [];
    lines.push({ cell: group.cell, subCount: group.subTechniques.length, open: shown.length > 0 });
    for (const cell of shown) lines.push({ cell, subCount: 0, open: false });
  }
  return lines;
}

export type Counts = Record<CoverageStatus, number>;

/** Distinct techniques and sub-techniques by status: one in several tactics counts once. */
export function countStatuses(tactics: readonly Tactic[], filters: MatrixFilters): Counts {
  const counts: Counts = { VALIDATED: 0, PARTIAL: 0, NOT_COVERED: 0, IN_PROGRESS: 0, NOT_EVALUATED: 0 };
  const seen = new Set<string>();
  for (const tactic of tactics) {
    for (const cell of tactic.cells) {
      if (seen.has(cell.attackId) || !fits(cell, filters)) continue;
      seen.add(cell.attackId);
      counts[cell.status] += 1;
    }
  }
  return counts;
}

export function platformsOf(tactics: readonly Tactic[]): string[] {
  const all = new Set(tactics.flatMap((tactic) => tactic.cells.flatMap((cell) => cell.platforms)));
  return [...all].sort((left, right) => left.localeCompare(right));
}
