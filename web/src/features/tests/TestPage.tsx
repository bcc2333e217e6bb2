import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useCalm, useLive } from "@/api/live";
import { commentsKey, ledgerHeadKey } from "@/api/queries";
import { EmptyState, ErrorNotice, Skeleton } from "@/components/Notices";
import { type TestDetail, testEventsDocument, testQuery } from "./operations";
import { TestStory } from "./TestStory";
import "./tests.css";

export function TestPage({
  number,
  asOf,
  comments,
  chain,
}: {
  number: number;
  asOf: string | undefined;
  comments?: (test: TestDetail) => ReactNode;
  chain?: (test: TestDetail) => ReactNode;
}) {
  const queryClient = useQueryClient();
  const query = useQuery(testQuery(number, asOf));
  // The test and its timeline share the beginning of their keys.
  const refetch = () => {
    void queryClient.invalidateQueries({ queryKey: ledgerHeadKey });
    if (query.data) void queryClient.invalidateQueries({ queryKey: commentsKey(query.data.id) });
    return queryClient.refetchQueries({ queryKey: ["test", number, "now"] });
  };
  const calm = useCalm(refetch);
  useLive(
    testEventsDocument,
    { filter: { testId: query.data?.id ?? null } },
    { enabled: asOf === undefined && query.data != null, onNext: calm, onConnect: calm },
  );

  if (query.isError) {
    return <ErrorNotice doing="Loading the test" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.isPending) return <Skeleton rows={12} label="Loading the test" />;
  if (!query.data) {
    return (
      <EmptyState page title={`No test #${number}`} action={<Link to="/tests" className="button">All tests</Link>}>
        {asOf ? "It had not been drafted at this instant." : "No test carries this number."}
      </EmptyState>
    );
  }
  return (
    <TestStory
      key={query.data.id}
      test={query.data}
      asOf={asOf}
      onChanged={refetch}
      comments={comments?.(query.data)}
      chain={chain?.(query.data)}
    />
  );
}
