import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, useRef } from "react";
import { Button } from "@/components/Button";
import { ErrorNotice, Skeleton } from "@/components/Notices";
import { remediationWords } from "@/components/Status";
import type { RemediationFilter, RemediationState } from "@/gql/graphql";
import { formatDay } from "@/time";
import { columnQuery, type RemediationRow } from "./operations";
import { byUrgency } from "./order";
import { Priority, remediationStates } from "./words";

/** A column for each state. Arrows walk over the cards, Enter opens one. */
export function Board({
  filter,
  asOf,
  onMore,
}: {
  filter: RemediationFilter;
  asOf: string | undefined;
  onMore: (state: RemediationState) => void;
}) {
  const board = useRef<HTMLDivElement>(null);
  const queries = useQueries({ queries: remediationStates.map((state) => columnQuery(state, filter, asOf)) });
  const failed = queries.find((query) => query.isError);
  if (failed) {
    return (
      <ErrorNotice
        doing="Loading the remediations"
        error={failed.error}
        onRetry={() => queries.forEach((query) => void query.refetch())}
      />
    );
  }
  const total = queries.reduce((sum, query) => sum + (query.data?.totalCount ?? 0), 0);
  const loaded = queries.every((query) => query.data);

  const onKeyDown = (event: KeyboardEvent) => {
    const card = (event.target as HTMLElement).closest<HTMLElement>(".card");
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    const columns = [...(board.current?.querySelectorAll<HTMLElement>(".column") ?? [])].map((column) => [
      ...column.querySelectorAll<HTMLElement>(".card"),
    ]);
    const at = columns.findIndex((cards) => cards.includes(card));
    const row = columns[at]?.indexOf(card) ?? 0;
    const beside = (step: number) => {
      // Empty columns are stepped over.
      for (let next = at + step; next >= 0 && next < columns.length; next += step) {
        const cards = columns[next] ?? [];
        if (cards.length > 0) return cards[Math.min(row, cards.length - 1)];
      }
      return undefined;
    };
    const targets: Record<string, () => HTMLElement | undefined> = {
      ArrowDown: () => columns[at]?.[row + 1],
      ArrowUp: () => columns[at]?.[row - 1],
      ArrowRight: () => beside(1),
      ArrowLeft: () => beside(-1),
    };
    const next = targets[event.key]?.();
    if (!next) return;
    event.preventDefault();
    next.focus();
  };

  return (
    <>
      {loaded && total === 0 && (
        <p className="board-empty muted">
          {Object.keys(filter).length > 0
            ? "No remediation fits these filters."
            : "No remediations yet. One is opened from a validated test that was not, or not fully, detected."}
        </p>
      )}
      <div className="board" ref={board} onKeyDown={onKeyDown}>
        {remediationStates.map((state, index) => {
          const data = queries[index]?.data;
          return (
            <section key={state} className="column" aria-label={remediationWords[state]}>
              <h2 className="column-head">
                <span className="remediation-badge" data-state={state}>
                  <span className="remediation-sign" aria-hidden="true" />
                  {remediationWords[state]}
                </span>
                <span className="count">{data?.totalCount}</span>
              </h2>
              {!data ? (
                <Skeleton rows={3} label={`Loading ${remediationWords[state].toLowerCase()}`} />
              ) : (
                <ul>
                  {byUrgency(data.nodes).map((each) => (
                    <li key={each.id}>
                      <Card remediation={each} />
                    </li>
                  ))}
                </ul>
              )}
              {data?.pageInfo.hasNextPage && (
                <Button variant="quiet" onClick={() => onMore(state)}>
                  All {data.totalCount.toLocaleString("en")} in the list
                </Button>
              )}
            </section>
          );
        })}
      </div>
    </>
  );
}

function Card({ remediation }: { remediation: RemediationRow }) {
  const done = remediation.steps.filter((step) => step.status === "DONE").length;
  return (
    <Link to="/remediations/$number" params={{ number: String(remediation.number) }} className="card">
      <span className="card-line">
        <span className="muted">#{remediation.number}</span>
        <span className="attack-id">{remediation.attackId}</span>
        <Priority value={remediation.priority} />
      </span>
      <span className="card-title">{remediation.title}</span>
      {remediation.state === "BLOCKED" && remediation.blockedReason && (
        <span className="card-note">{remediation.blockedReason}</span>
      )}
      <span className="card-line muted">
        {remediation.steps.length > 0 && (
          <span>
            {done} of {remediation.steps.length} steps
          </span>
        )}
        {remediation.riskExpiresOn && remediation.state === "RISK_ACCEPTED" && (
          <span>until {formatDay(remediation.riskExpiresOn)}</span>
        )}
        {remediation.dueDate && remediation.state !== "RISK_ACCEPTED" && (
          <span className={remediation.overdue ? "overdue" : undefined}>due {formatDay(remediation.dueDate)}</span>
        )}
        <span className="card-who">{remediation.assignee?.name ?? ""}</span>
      </span>
    </Link>
  );
}
