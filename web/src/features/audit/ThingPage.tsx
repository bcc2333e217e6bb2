import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { EmptyState, ErrorNotice, Skeleton } from "@/components/Notices";
import { thingQuery } from "./operations";
import { type Way, wayTo } from "./things";

/** An id leads to the page of what has it: the log knows ids, pages have numbers. */
export function ThingPage({ id, onFound }: { id: string; onFound: (way: Way) => void }) {
  const query = useQuery(thingQuery(id));
  const { data } = query;
  useEffect(() => {
    const way = data ? wayTo(data) : null;
    if (way) onFound(way);
  }, [data, onFound]);
  if (query.isError) {
    return <ErrorNotice doing="Looking for it" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.isPending || (data && wayTo(data))) return <Skeleton label="Looking for it" />;
  return (
    <EmptyState page title="This has no page">
      It may have been deleted, or never had one.
    </EmptyState>
  );
}
