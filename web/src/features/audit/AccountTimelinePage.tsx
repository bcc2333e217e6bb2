import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { Button } from "@/components/Button";
import { EmptyState, ErrorNotice, Skeleton } from "@/components/Notices";
import { countOf } from "@/count";
import { Entries } from "./Entries";
import { accountTimelineQuery, thingQuery } from "./operations";
import { nameOf } from "./things";
import "./audit.css";

/** Everything an account did, and everything that was done to it. */
export function AccountTimelinePage({
  id,
  accountOf,
  onTitle,
}: {
  id: string;
  /** The way to the account itself, by the name it signs in with; of a program there is none. */
  accountOf: (username: string | null) => ReactNode;
  onTitle: (title: string) => void;
}) {
  const query = useInfiniteQuery(accountTimelineQuery(id, 50));
  const person = useQuery(thingQuery(id));
  const account = person.data?.__typename === "User" ? person.data : null;
  const entries = query.data?.pages.flatMap((page) => page.nodes) ?? [];
  const counted = query.data?.pages[0];
  // The machine itself is no account that could be looked up; its entries name it.
  const name = person.data ? nameOf(person.data) : (entries.find((entry) => entry.actor?.id === id)?.actor?.name ?? "");
  const title = name ? `Timeline of ${name}` : "Timeline of an account";
  useEffect(() => onTitle(title), [onTitle, title]);
  return (
    <div className="audit-page">
      <header className="page-head">
        <div>
          <p className="crumb">
            <Link to="/audit">Audit log</Link>
          </p>
          <h1>
            {title} {counted && <span className="count">{countOf(counted, entries.length)}</span>}
          </h1>
          <p className="muted">What the account did, and what was done to it.</p>
        </div>
        <div className="page-actions">
          <Link to="/audit" search={{ person: id }} className="button">
            Only what it did
          </Link>
          {account && accountOf(account.service ? null : account.username)}
        </div>
      </header>
      <div className="audit-body">
        {query.isPending ? (
          <Skeleton rows={10} label="Loading the timeline" />
        ) : query.isError ? (
          <ErrorNotice doing="Loading the timeline" error={query.error} onRetry={() => void query.refetch()} />
        ) : entries.length === 0 ? (
          <EmptyState title="Nothing happened yet">This account did nothing, and nothing was done to it.</EmptyState>
        ) : (
          <Entries entries={entries} label={title} />
        )}
      </div>
      {query.hasNextPage && (
        <p className="more">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Load more
          </Button>
        </p>
      )}
    </div>
  );
}
