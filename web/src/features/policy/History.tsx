import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { Button } from "@/components/Button";
import { EventList } from "@/components/EventList";
import { ErrorNotice, Skeleton } from "@/components/Notices";

interface Event {
  position: number;
  recordedAt: string;
  type: string;
  summary: string;
  payload: unknown;
  actor: { name: string };
}

interface Page {
  totalCount: number;
  nodes: Event[];
}

/** Who changed a policy, when, how and why. */
export function History({
  query,
  linesOf,
}: {
  query: UseInfiniteQueryResult<InfiniteData<Page>>;
  linesOf: (events: readonly Event[]) => string[];
}) {
  const events = query.data?.pages.flatMap((page) => page.nodes) ?? [];
  const lines = linesOf(events);
  return (
    <section aria-labelledby="policy-history">
      <h2 id="policy-history">
        History <span className="count">{query.data?.pages[0]?.totalCount ?? ""}</span>
      </h2>
      {query.isError && (
        <ErrorNotice doing="Loading the history" error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <Skeleton rows={3} label="Loading the history" />}
      {query.isSuccess && events.length === 0 && (
        <p className="muted">Nobody has changed it; these are the settings it began with.</p>
      )}
      <EventList events={events.map((event, index) => ({ ...event, summary: lines[index] ?? event.summary }))} />
      {query.hasNextPage && (
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Load more
        </Button>
      )}
    </section>
  );
}
