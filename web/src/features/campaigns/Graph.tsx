import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, useMemo } from "react";
import { stateWords } from "@/components/Status";
import { layoutOf } from "./layout";
import type { PlannedTest } from "./operations";

const width = 176;
const height = 40;
const gapX = 48;
const gapY = 12;
const margin = 8;

/** What waits for what, from left to right. Arrows walk along the lines and within a column; Enter opens. */
export function Graph({ tests }: { tests: readonly PlannedTest[] }) {
  const known = useMemo(
    () => new Map(tests.flatMap((each) => (each.test ? [[each.test.id, { ...each, test: each.test }] as const] : []))),
    [tests],
  );
  const layout = useMemo(
    () => layoutOf([...known].map(([id, each]) => ({ id, dependsOn: each.dependsOn.map((test) => test.id) }))),
    [known],
  );
  if (layout.edges.length === 0) return null;
  const left = (column: number) => margin + column * (width + gapX);
  const top = (row: number) => margin + row * (height + gapY);
  const place = new Map(layout.nodes.map((node) => [node.id, node]));

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const here = place.get((event.target as HTMLElement).dataset.test ?? "");
    if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
    const near = (ids: readonly string[]) =>
      ids.flatMap((id) => place.get(id) ?? []).toSorted((a, b) => Math.abs(a.row - here.row) - Math.abs(b.row - here.row))[0];
    const inColumn = (row: number) => layout.nodes.find((node) => node.column === here.column && node.row === row);
    const targets: Record<string, () => { id: string } | undefined> = {
      ArrowRight: () => near(layout.edges.filter((edge) => edge.from === here.id).map((edge) => edge.to)),
      ArrowLeft: () => near(layout.edges.filter((edge) => edge.to === here.id).map((edge) => edge.from)),
      ArrowDown: () => inColumn(here.row + 1),
      ArrowUp: () => inColumn(here.row - 1),
    };
    const next = targets[event.key]?.();
    if (!next) return;
    event.preventDefault();
    event.currentTarget.querySelector<HTMLElement>(`[data-test="${CSS.escape(next.id)}"]`)?.focus();
  };

  return (
    <section aria-labelledby="campaign-graph">
      <h2 id="campaign-graph">Dependencies</h2>
      <div className="graph-scroll">
        <div
          className="graph"
          role="group"
          aria-label="Tests and what they wait for"
          style={{ width: left(layout.columns) - gapX + margin, height: top(layout.rows) - gapY + margin }}
          onKeyDown={onKeyDown}
        >
          <svg className="graph-lines" aria-hidden="true" width="100%" height="100%">
            {layout.edges.map(({ from, to, via }) => {
              const a = place.get(from);
              const b = place.get(to);
              if (!a || !b) return null;
              const met = known.get(from)?.test.state === "VALIDATED";
              const end = { x: left(b.column), y: top(b.row) + height / 2 };
              let d = `M${left(a.column) + width} ${top(a.row) + height / 2}`;
              let here = { x: left(a.column) + width, y: top(a.row) + height / 2 };
              const bendTo = (x: number, y: number) => {
                const bend = (x - here.x) / 2;
                d += `C${here.x + bend} ${here.y} ${x - bend} ${y} ${x} ${y}`;
                here = { x, y };
              };
              for (const point of via) {
                bendTo(left(point.column), top(point.row) + height / 2);
                here = { x: left(point.column) + width, y: here.y };
                d += `H${here.x}`;
              }
              bendTo(end.x - 4, end.y);
              return (
                <g key={`${from} ${to}`} data-met={met || undefined}>
                  <path d={d} />
                  <path className="graph-head" d={`M${end.x - 8} ${end.y - 4}l5 4l-5 4`} />
                </g>
              );
            })}
          </svg>
          {layout.nodes.map((node) => {
            const each = known.get(node.id);
            if (!each) return null;
            const { test } = each;
            const waits = each.dependsOn.map((other) => `#${other.number}`).join(", ");
            return (
              <Link
                key={node.id}
                to="/tests/$number"
                params={{ number: String(test.number) }}
                className="graph-node"
                data-state={test.state}
                data-test={node.id}
                title={`${test.title}, ${stateWords[test.state]}`}
                aria-label={`#${test.number} ${test.title}, ${stateWords[test.state]}${waits ? `, waits for ${waits}` : ""}`}
                style={{ left: left(node.column), top: top(node.row), width, height }}
              >
                <span className="state-sign" aria-hidden="true" />
                <span className="graph-title">
                  <span className="muted">#{test.number}</span> {test.title}
                </span>
              </Link>
            );
          })}
        </div>
      </div>
      {layout.alone.length > 0 && (
        <p className="muted">
          {layout.alone.length === 1 ? "1 test stands" : `${layout.alone.length} tests stand`} alone: nothing waits for{" "}
          {layout.alone.length === 1 ? "it" : "them"}.
        </p>
      )}
    </section>
  );
}
