import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "@/components/Button";
import { EventList } from "@/components/EventList";
import { ErrorNotice, Skeleton } from "@/components/Notices";
import { timelineQuery } from "./operations";

/** Every event of the test in sealed order. */
export function Timeline({ number, asOf }: { number: number; asOf: string | undefined }) {
  const query = useInfiniteQuery(timelineQuery(number, asOf));
  const events = query.data?.pages.flatMap((page) => page?.nodes ?? []) ?? [];
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">
        Timeline <span className="count">{query.data?.pages[0]?.totalCount ?? ""}</span>
      </h2>
      {query.isError && (
        <ErrorNotice doing="Loading the timeline" error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <Skeleton rows={4} label="Loading the timeline" />}
      <EventList events={events} />
      {query.hasNextPage && (
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Load more
        </Button>
      )}
    </section>
  );
}
