import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useCalm, useLive } from "@/api/live";
import { ledgerHeadKey } from "@/api/queries";
import { EmptyState, ErrorNotice, Skeleton } from "@/components/Notices";
import { useRowKeys } from "@/components/useRowKeys";
import { pendingQuery, testEventsDocument } from "./operations";
import { grouped } from "./pending";
import { Row } from "./TestRows";
import "./tests.css";
import { countOf } from "../../count";

const everything = {};

/** Everything that waits for the signed-in person, by what is to be done. */
export function PendingPage({
  asOf,
  others,
  otherCount = 0,
}: {
  asOf: string | undefined;
  /** What waits besides tests. */
  others?: ReactNode;
  otherCount?: number | undefined;
}) {
  const queryClient = useQueryClient();
  const query = useQuery(pendingQuery(asOf));
  const keys = useRowKeys<HTMLDivElement>(".row");
  const refetch = useCalm(
    () => {
      void queryClient.invalidateQueries({ queryKey: ledgerHeadKey });
      return queryClient.refetchQueries({ queryKey: ["pending"], type: "active" });
    },
    200,
    600,
  );
  useLive(testEventsDocument, everything, { enabled: asOf === undefined, onNext: refetch, onConnect: refetch });

  const groups = grouped(query.data?.tests ?? []);
  const total = (query.data?.totalCount ?? 0) + otherCount;
  return (
    <div className="pending-page">
      <header className="page-head">
        <h1>
          Pending tasks {query.data && <span className="count">{countOf({ ...query.data, totalCount: total })}</span>}
        </h1>
      </header>
      {query.isError ? (
        <ErrorNotice doing="Loading your tasks" error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Skeleton rows={10} label="Loading your tasks" />
      ) : total === 0 ? (
        <EmptyState
          title="Nothing waits for you"
          action={
            <Link to="/tests" className="button">
              All tests
            </Link>
          }
        >
          What your role is to do next shows up here: drafts, evaluations, votes, rejected tests.
        </EmptyState>
      ) : (
        <div {...keys}>
          {groups.map((group) => (
            <section key={group.key} className="pending-group" aria-label={group.title}>
              <h2>
                {group.title} <span className="count">{group.tests.length}</span>
              </h2>
              <ul className="rows" aria-label={group.title}>
                {group.tests.map((test) => (
                  <li key={test.id}>
                    <Row test={test} alone />
                  </li>
                ))}
              </ul>
            </section>
          ))}
          {others}
          {query.data.tests.length < query.data.totalCount && (
            <p className="more muted">
              These are {query.data.tests.length} of {countOf(query.data)}; the others are in{" "}
              <Link to="/tests" search={{ awaiting: "me" }}>
                Tests
              </Link>
              .
            </p>
          )}
        </div>
      )}
    </div>
  );
}
