import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "@/components/Button";
import { Instant } from "@/components/Instant";
import { EmptyState, ErrorNotice, Skeleton } from "@/components/Notices";
import { useRowKeys } from "@/components/useRowKeys";
import type { RemediationFilter } from "@/gql/graphql";
import { formatDay } from "@/time";
import { type RemediationRow, remediationsQuery } from "./operations";
import { Priority, RemediationBadge } from "./words";

export function RemediationList({
  filter,
  filtered,
  asOf,
  onClear,
}: {
  filter: RemediationFilter;
  filtered: boolean;
  asOf: string | undefined;
  onClear: () => void;
}) {
  const query = useInfiniteQuery({ ...remediationsQuery(filter, asOf), placeholderData: (before) => before });
  const keys = useRowKeys<HTMLUListElement>(".row", ".remediations-page .search-box input");
  const rows = query.data?.pages.flatMap((page) => page.nodes) ?? [];
  const total = query.data?.pages[0]?.totalCount ?? 0;
  if (query.isError) {
    return <ErrorNotice doing="Loading the remediations" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.isPending) return <Skeleton rows={8} label="Loading the remediations" />;
  if (rows.length === 0) {
    return filtered ? (
      <EmptyState title="No remediation fits these filters" action={<Button onClick={onClear}>Clear the filters</Button>} />
    ) : (
      <EmptyState title={asOf ? "No remediations at this instant" : "No remediations yet"}>
        One is opened from a validated test that was not, or not fully, detected.
      </EmptyState>
    );
  }
  return (
    <>
      <div className="rows-head remediation-grid" aria-hidden="true">
        <span>Number</span>
        <span>Title</span>
        <span>State</span>
        <span>Priority</span>
        <span>Steps</span>
        <span>Assignee</span>
        <span>Due</span>
        <span>Changed</span>
      </div>
      <ul className="rows" {...keys} aria-label="Remediations">
        {rows.map((remediation) => (
          <li key={remediation.id}>
            <RemediationLine remediation={remediation} />
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <p className="more">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Load more
          </Button>
          <span className="muted">
            {rows.length} of {total.toLocaleString("en")}
          </span>
        </p>
      )}
    </>
  );
}

/** One remediation; `alone` where no heads stand above it. */
export function RemediationLine({ remediation, alone = false }: { remediation: RemediationRow; alone?: boolean }) {
  const done = remediation.steps.filter((step) => step.status === "DONE").length;
  return (
    <Link to="/remediations/$number" params={{ number: String(remediation.number) }} className="row remediation-grid">
      <span className="row-number">#{remediation.number}</span>
      <span className="row-name">
        <span className="attack-id">{remediation.attackId}</span>
        <span className="row-title">{remediation.title}</span>
      </span>
      <RemediationBadge state={remediation.state} />
      <Priority value={remediation.priority} />
      <span className="muted">{remediation.steps.length > 0 && `${done} of ${remediation.steps.length}`}</span>
      <span className="muted row-clip">{remediation.assignee?.name ?? ""}</span>
      <span className={remediation.overdue ? "overdue" : "muted"}>
        {remediation.dueDate ? `${alone ? "due " : ""}${formatDay(remediation.dueDate)}` : ""}
      </span>
      <span className="row-when">
        <Instant at={remediation.updatedAt} />
      </span>
    </Link>
  );
}
