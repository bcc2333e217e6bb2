import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "@/components/Button";
import { EmptyState, ErrorNotice, Skeleton } from "@/components/Notices";
import { countOf } from "@/count";
import { Entries } from "./Entries";
import { ExportButtons, ExportFailure, useExport } from "./ExportButtons";
import { isFiltered } from "./filter";
import { cleared, Filters } from "./Filters";
import { auditLogQuery } from "./operations";
import type { AuditSearch } from "./search";
import "./audit.css";

/** Who did and tried what, newest first, narrowed down by what the address says. */
export function AuditPage({ search, onSearch }: { search: AuditSearch; onSearch: (change: AuditSearch) => void }) {
  const query = useInfiniteQuery({ ...auditLogQuery(search), placeholderData: (before) => before });
  const entries = query.data?.pages.flatMap((page) => page.nodes) ?? [];
  const counted = query.data?.pages[0];
  const { running, failure, start, stop } = useExport(search);
  return (
    <div className="audit-page">
      <header className="page-head">
        <h1>
          Audit log {counted && <span className="count">{countOf(counted, entries.length)}</span>}
        </h1>
        <div className="page-actions">
          <Button variant="quiet" busy={query.isRefetching && !query.isFetchingNextPage} onClick={() => void query.refetch()}>
            Refresh
          </Button>
          <ExportButtons running={running} start={start} stop={stop} />
        </div>
      </header>
      <ExportFailure failure={failure} start={start} />
      <Filters search={search} onSearch={onSearch} />
      {query.isPending ? (
        <Skeleton rows={10} label="Loading the audit log" />
      ) : query.isError ? (
        <ErrorNotice doing="Loading the audit log" error={query.error} onRetry={() => void query.refetch()} />
      ) : entries.length === 0 ? (
        <EmptyState
          title={isFiltered(search) ? "No entry fits these filters" : "Nothing happened yet"}
          action={isFiltered(search) && <Button onClick={() => onSearch(cleared)}>Clear the filters</Button>}
        />
      ) : (
        <Entries entries={entries} label="Audit log" onSearch={onSearch} />
      )}
      {query.hasNextPage && (
        <p className="more">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Load more
          </Button>
          <span className="muted">
            {entries.length} of {counted && countOf(counted, entries.length)}
          </span>
        </p>
      )}
    </div>
  );
}
