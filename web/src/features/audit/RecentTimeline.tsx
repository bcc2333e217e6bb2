import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Instant } from "@/components/Instant";
import { ErrorNotice, Skeleton } from "@/components/Notices";
import { accountTimelineQuery } from "./operations";
import "./audit.css";

/** Lines beside an account; the page of its timeline has the rest. */
const shown = 8;

/** The latest of what an account did and what was done to it. */
export function RecentTimeline({ id }: { id: string }) {
  const query = useInfiniteQuery(accountTimelineQuery(id, shown));
  if (query.isPending) return <Skeleton rows={3} label="Loading the timeline" />;
  if (query.isError) {
    return <ErrorNotice doing="Loading the timeline" error={query.error} onRetry={() => void query.refetch()} />;
  }
  const entries = query.data.pages[0]?.nodes ?? [];
  return (
    <>
      {entries.length === 0 && <p className="muted">Nothing yet.</p>}
      <ol className="recent" aria-label="Latest entries">
        {entries.map((entry) => (
          <li key={entry.id}>
            <span className="recent-what">
              {entry.summary} {entry.outcome === "REFUSED" && <span className="mark mark-refused">Refused</span>}
            </span>
            <span className="muted">
              {entry.actor && entry.actor.id !== id && `by ${entry.actor.name}, `}
              <Instant at={entry.at} />
            </span>
          </li>
        ))}
      </ol>
      <p>
        <Link to="/audit/accounts/$id" params={{ id }}>
          Whole timeline
        </Link>
      </p>
    </>
  );
}
