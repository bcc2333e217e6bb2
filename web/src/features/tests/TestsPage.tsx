import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import { useCalm, useLive } from "@/api/live";
import { ledgerHeadKey } from "@/api/queries";
import { useSession } from "@/api/session";
import { BulkResults, type Outcome } from "@/components/BulkResults";
import { Button, Chip } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { EmptyState, ErrorNotice, Skeleton } from "@/components/Notices";
import { SearchField } from "@/components/SearchField";
import { classificationWords, stateOrder, stateWords } from "@/components/Status";
import type { Classification, TestFilter, TestState } from "@/gql/graphql";
import { testEventsDocument, testsQuery } from "./operations";
import { TestRows } from "./TestRows";
import { testsSearchKeys, type TestsSearch } from "./search";
import "./tests.css";
import { countOf } from "../../count";

const cleared: TestsSearch = Object.fromEntries(testsSearchKeys.map((key) => [key, ""]));

const classifications = Object.keys(classificationWords) as Classification[];

const everything = {};

export function TestsPage({
  search,
  asOf,
  onSearch,
  actions,
  views,
}: {
  search: TestsSearch;
  asOf: string | undefined;
  onSearch: (change: TestsSearch) => void;
  actions: ReactNode;
  /** Filters kept by the person. */
  views?: ReactNode;
}) {
  const queryClient = useQueryClient();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const me = useSession()?.user.id;
  const states = useMemo(() => {
    const named = new Set(search.state?.split(","));
    return stateOrder.filter((state) => named.has(state));
  }, [search.state]);
  const classification = classifications.find((each) => each === search.classification);
  const filter: TestFilter = {
    ...(states.length > 0 ? { states } : {}),
    ...(search.awaiting ? { awaitingMe: true } : {}),
    ...(search.q ? { search: search.q } : {}),
    ...(search.tag ? { tag: search.tag } : {}),
    ...(search.mine && me ? { assigneeId: me } : {}),
    ...(search.overdue ? { overdue: true } : {}),
    ...(search.archived ? { archived: true } : {}),
    ...(classification ? { classification } : {}),
  };
  const filtered = Object.keys(filter).length > 0;
  const query = useInfiniteQuery({ ...testsQuery(filter, asOf), placeholderData: (before) => before });
  const refetch = useCalm(
    () => {
      void queryClient.invalidateQueries({ queryKey: ledgerHeadKey });
      return queryClient.refetchQueries({ queryKey: ["tests"], type: "active" });
    },
    200,
    600,
  );
  useLive(testEventsDocument, everything, {
    enabled: asOf === undefined,
    onNext: ({ events }) => {
      if (/test/i.test(events.aggregateType) || events.attackIds.length > 0) refetch();
    },
    onConnect: refetch,
  });

  const rows = query.data?.pages.flatMap((page) => page.nodes) ?? [];
  const counted = query.data?.pages[0];
  const toggle = (state: TestState) =>
    onSearch({
      state: (states.includes(state) ? states.filter((other) => other !== state) : [...states, state]).join(","),
    });

  return (
    <div className="tests-page">
      <header className="page-head">
        <h1>
          Tests {counted && <span className="count">{countOf(counted, rows.length)}</span>}
        </h1>
        <div className="page-actions">{actions}</div>
      </header>
      <div className="filters" role="group" aria-label="Filters">
        {views}
        <Chip pressed={Boolean(search.awaiting)} onClick={() => onSearch({ awaiting: search.awaiting ? "" : "me" })}>
          Awaiting me
        </Chip>
        <Chip pressed={Boolean(search.mine)} onClick={() => onSearch({ mine: search.mine ? "" : "me" })}>
          Mine
        </Chip>
        <Chip pressed={Boolean(search.overdue)} onClick={() => onSearch({ overdue: search.overdue ? "" : "yes" })}>
          Overdue
        </Chip>
        <span className="filters-line" aria-hidden="true" />
        {stateOrder.map((state) => (
          <Chip key={state} pressed={states.includes(state)} onClick={() => toggle(state)}>
            {stateWords[state]}
          </Chip>
        ))}
        <span className="filters-line" aria-hidden="true" />
        <Chip pressed={Boolean(search.archived)} onClick={() => onSearch({ archived: search.archived ? "" : "yes" })}>
          Archived
        </Chip>
        <select
          className="input filter-select"
          aria-label="Classification"
          data-on={classification ? true : undefined}
          value={classification ?? ""}
          onChange={(event) => onSearch({ classification: event.target.value })}
        >
          <option value="">Any classification</option>
          {classifications.map((each) => (
            <option key={each} value={each}>
              {classificationWords[each]}
            </option>
          ))}
        </select>
        {search.tag && (
          <Chip pressed onClick={() => onSearch({ tag: "" })}>
            Tag: {search.tag} <Icon name="close" size={12} />
          </Chip>
        )}
        <SearchField
          label="Search tests"
          placeholder="Title or technique"
          value={search.q ?? ""}
          onChange={(q) => onSearch({ q })}
        />
      </div>

      {query.isError ? (
        <ErrorNotice doing="Loading the tests" error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Skeleton rows={10} label="Loading the tests" />
      ) : rows.length === 0 ? (
        filtered ? (
          <EmptyState
            title={search.awaiting ? "Nothing waits for you" : "No test fits these filters"}
            action={
              <Button onClick={() => onSearch(cleared)}>Clear the filters</Button>
            }
          />
        ) : (
          <EmptyState title={asOf ? "No tests at this instant" : "No tests yet"} action={actions}>
            {asOf
              ? "None had been drafted. Choose a later instant at the foot of the page."
              : "A test puts one technique to the proof: red attacks, blue looks, both leads vote."}
            {!asOf && !actions && " A red technician or a lead drafts the first."}
          </EmptyState>
        )
      ) : (
        <TestRows rows={rows} past={asOf !== undefined} onChanged={refetch} onOutcome={setOutcome} />
      )}
      {query.hasNextPage && (
        <p className="more">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Load more
          </Button>
          <span className="muted">
            {rows.length} of {counted && countOf(counted, rows.length)}
          </span>
        </p>
      )}
      {outcome && <BulkResults {...outcome} onClose={() => setOutcome(null)} />}
    </div>
  );
}
