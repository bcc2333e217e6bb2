import { type KeyboardEvent, type MouseEvent, memo, useLayoutEffect, useMemo, useRef, useState } from "react";
import { coverageWords } from "@/components/Status";
import type { CoverageStatus } from "@/gql/graphql";
import { HoverCard } from "./HoverCard";
import { hyphenate } from "./hyphenate";
import { type Group, isFiltering, type Line, linesOf, type MatrixFilters, revealsSubTechniques, toColumn } from "./model";
import { adopt, cellSelector, createTypeahead, move } from "./navigation";
import type { Cell, Tactic } from "./operations";
import { type CellText, useCellText } from "./useCellText";

interface Props {
  tactics: readonly Tactic[];
  filters: MatrixFilters;
  /** Every technique shows its sub-techniques. */
  allOpen: boolean;
  onOpen: (attackId: string, inNewTab: boolean) => void;
}

const nothing: ReadonlySet<string> = new Set();

/**
 * The ATT&CK matrix as a grid: a row group for each tactic, because columns differ in length
 * and their lines do not align into common rows. Only cells whose content changed render again.
 */
export function MatrixGrid({ tactics, filters, allOpen, onOpen }: Props) {
  const [grid, setGrid] = useState<HTMLDivElement | null>(null);
  const unfolded = allOpen || revealsSubTechniques(filters);
  // Techniques whose folding differs from `unfolded`; when that changes, everything starts afresh.
  const [turned, setTurned] = useState<{ from: boolean; keys: ReadonlySet<string> }>({ from: unfolded, keys: nothing });
  const turnedKeys = turned.from === unfolded ? turned.keys : nothing;
  const [typeahead] = useState(createTypeahead);
  const activeKey = useRef<string | null>(null);
  const cellText = useCellText(grid);

  const columns = useMemo(() => tactics.map(toColumn), [tactics]);
  const cells = useMemo(
    () => new Map<string, Cell>(tactics.flatMap((tactic) => tactic.cells.map((cell) => [cell.attackId, cell]))),
    [tactics],
  );
  const isOpen = (group: Group, tactic: Tactic) =>
    turnedKeys.has(keyOf(tactic.shortName, group.cell.attackId)) !== unfolded;
  const lines = columns.map((column) => linesOf(column, filters, isOpen));
  const empty = isFiltering(filters) && lines.every((column) => column.length === 0);

  const toggle = (key: string) => {
    const keys = new Set(turnedKeys);
    if (!keys.delete(key)) keys.add(key);
    setTurned({ from: unfolded, keys });
  };

  // Exactly one cell is in the tab order, also after filters took the last one away.
  useLayoutEffect(() => {
    if (!grid) return;
    const active = activeKey.current
      ? grid.querySelector<HTMLElement>(`${cellSelector}[data-key="${CSS.escape(activeKey.current)}"]`)
      : null;
    const cell = active ?? grid.querySelector<HTMLElement>(cellSelector);
    if (cell) adopt(grid, cell);
  });

  const go = (cell: HTMLElement | null) => {
    if (!grid || !cell) return;
    adopt(grid, cell);
    cell.focus();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>(cellSelector);
    if (!grid || !cell || event.altKey) return;
    const control = event.ctrlKey || event.metaKey;
    if (event.key === "Enter") {
      event.preventDefault();
      onOpen(cell.dataset.attackId ?? "", control);
      return;
    }
    if (event.key === " ") {
      event.preventDefault();
      if (Number(cell.dataset.subCount) > 0) toggle(cell.dataset.key ?? "");
      return;
    }
    const next = move(grid, cell, event.key, control);
    if (next) {
      event.preventDefault();
      go(next);
      return;
    }
    if (!control && event.key.length === 1 && /[\p{L}\p{N}.]/u.test(event.key)) {
      event.preventDefault();
      go(typeahead(grid, cell, event.key, event.timeStamp));
    }
  };

  const onClick = (event: MouseEvent<HTMLDivElement>) => {
    const target = event.target as HTMLElement;
    const cell = target.closest<HTMLElement>(cellSelector);
    if (!cell) return;
    if (target.closest("[data-toggle]")) toggle(cell.dataset.key ?? "");
    else if (event.button <= 1) onOpen(cell.dataset.attackId ?? "", event.ctrlKey || event.metaKey || event.button === 1);
  };

  return (
    <>
      <div
        ref={setGrid}
        className="matrix"
        role="grid"
        aria-label="ATT&CK matrix"
        aria-colcount={columns.length}
        aria-rowcount={-1}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onAuxClick={onClick}
        onFocus={(event) => {
          const cell = (event.target as HTMLElement).closest<HTMLElement>(cellSelector);
          if (!cell || !grid) return;
          activeKey.current = cell.dataset.key ?? null;
          adopt(grid, cell);
        }}
        data-columns={columns.length}
      >
        {columns.map((column, x) => (
          <MatrixColumn
            key={column.tactic.shortName}
            tactic={column.tactic}
            lines={lines[x] ?? []}
            index={x + 1}
            cellText={cellText}
          />
        ))}
      </div>
      {empty && (
        <p className="matrix-none" role="status">
          No technique fits these filters.
        </p>
      )}
      <HoverCard grid={grid} cells={cells} />
    </>
  );
}

function keyOf(shortName: string, attackId: string): string {
  return `${shortName}/${attackId}`;
}

function MatrixColumn({
  tactic,
  lines,
  index,
  cellText,
}: {
  tactic: Tactic;
  lines: Line[];
  index: number;
  cellText: CellText;
}) {
  const percent = tactic.coveredPercent ?? null;
  return (
    <div className="matrix-column" role="rowgroup" aria-label={tactic.name} data-column={tactic.shortName}>
      <div role="row" className="matrix-head-row">
        <div
          role="columnheader"
          aria-colindex={index}
          className="matrix-head"
          aria-label={`${tactic.name}, ${percent === null ? "no techniques" : `${percent}% covered of ${tactic.coverage.total}`}`}
          title={`${tactic.name} (${tactic.attackId}): ${percent ?? 0}% of ${tactic.coverage.total} validated or partial`}
        >
          <span className="matrix-head-name">{hyphenate(tactic.name)}</span>
          <span className="matrix-head-share">{percent === null ? "–" : `${Math.round(percent)}%`}</span>
          <span className="matrix-head-bar" aria-hidden="true">
            <span style={{ width: `${percent ?? 0}%` }} />
          </span>
        </div>
      </div>
      {lines.map((line) => {
        const sub = line.cell.parentAttackId != null;
        const [first, second] = cellText(line.cell.name, line.subCount, sub);
        return (
          <MatrixCell
            key={line.cell.attackId}
            tactic={tactic.shortName}
            attackId={line.cell.attackId}
            name={line.cell.name}
            status={line.cell.status}
            openWork={line.cell.openWork}
            first={first}
            second={second}
            sub={sub}
            subCount={line.subCount}
            open={line.open}
            column={index}
          />
        );
      })}
    </div>
  );
}

interface CellProps {
  tactic: string;
  attackId: string;
  name: string;
  status: CoverageStatus;
  openWork: boolean;
  /** The name as it stands in the cell. */
  first: string;
  second: string;
  sub: boolean;
  subCount: number;
  open: boolean;
  column: number;
}

const MatrixCell = memo(function MatrixCell(props: CellProps) {
  const { tactic, attackId, name, status, openWork, first, second, sub, subCount, open, column } = props;
  return (
    <div role="row" className="matrix-row">
      <div
        role="gridcell"
        tabIndex={-1}
        className="cell"
        aria-colindex={column}
        aria-label={`${attackId} ${name}, ${coverageWords[status]}`}
        aria-expanded={subCount > 0 ? open : undefined}
        data-key={keyOf(tactic, attackId)}
        data-attack-id={attackId}
        data-status={status}
        data-name={name}
        data-sub-count={subCount}
        data-sub={sub || undefined}
        data-open-work={openWork || undefined}
      >
        <span className="sign" />
        <span className="cell-name">
          {first}
          {second && <span>{second}</span>}
        </span>
        {subCount > 0 && (
          <span className="cell-count" data-toggle title={open ? "Fold sub-techniques" : "Show sub-techniques"}>
            {subCount}
          </span>
        )}
      </div>
    </div>
  );
});
