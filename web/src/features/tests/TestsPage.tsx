import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { useCalm, useLive } from "@/api/live";
import { ledgerHeadKey } from "@/api/queries";
import { Button, Chip } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Instant } from "@/components/Instant";
import { EmptyState, ErrorNotice, Skeleton } from "@/components/Notices";
import { detectionWords, StateBadge, stateOrder, stateWords } from "@/components/Status";
import { useRowKeys } from "@/components/useRowKeys";
import type { TestState } from "@/gql/graphql";
import { formatDay } from "@/time";
import { testEventsDocument, type TestRow, testsQuery } from "./operations";
import "./tests.css";

export interface TestsSearch {
  state?: string;
  awaiting?: string;
  q?: string;
  tag?: string;
}

const everything = {};

export function TestsPage({
  search,
  asOf,
  onSearch,
  actions,
}: {
  search: TestsSearch;
  asOf: string | undefined;
  onSearch: (change: TestsSearch) => void;
  actions: ReactNode;
}) {
  const queryClient = useQueryClient();
  const states = useMemo(() => {
    const named = new Set(search.state?.split(","));
    return stateOrder.filter((state) => named.has(state));
  }, [search.state]);
  const filter = {
    ...(states.length > 0 ? { states } : {}),
    ...(search.awaiting ? { awaitingMe: true } : {}),
    ...(search.q ? { search: search.q } : {}),
    ...(search.tag ? { tag: search.tag } : {}),
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
  const total = query.data?.pages[0]?.totalCount ?? 0;
  const toggle = (state: TestState) =>
    onSearch({
      state: (states.includes(state) ? states.filter((other) => other !== state) : [...states, state]).join(","),
    });

  return (
    <div className="tests-page">
      <header className="page-head">
        <h1>
          Tests {query.data && <span className="count">{total.toLocaleString("en")}</span>}
        </h1>
        <div className="page-actions">{actions}</div>
      </header>
      <div className="filters" role="group" aria-label="Filters">
        <Chip pressed={Boolean(search.awaiting)} onClick={() => onSearch({ awaiting: search.awaiting ? "" : "me" })}>
          Awaiting me
        </Chip>
        <span className="filters-line" aria-hidden="true" />
        {stateOrder.map((state) => (
          <Chip key={state} pressed={states.includes(state)} onClick={() => toggle(state)}>
            {stateWords[state]}
          </Chip>
        ))}
        {search.tag && (
          <Chip pressed onClick={() => onSearch({ tag: "" })}>
            Tag: {search.tag} <Icon name="close" size={12} />
          </Chip>
        )}
        <SearchField value={search.q ?? ""} onChange={(q) => onSearch({ q })} />
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
              <Button onClick={() => onSearch({ state: "", awaiting: "", q: "", tag: "" })}>Clear the filters</Button>
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
        <Rows rows={rows} />
      )}
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
    </div>
  );
}

function SearchField({ value, onChange }: { value: string; onChange: (q: string) => void }) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (known !== value) {
    setKnown(value);
    setText(value);
  }
  return (
    <div className="search-box">
      <Icon name="search" size={14} />
      <input
        className="input"
        type="search"
        aria-label="Search tests"
        placeholder="Title or technique"
        value={text}
        onChange={(event) => {
          const next = event.target.value;
          setText(next);
          clearTimeout(pause.current);
          pause.current = setTimeout(() => {
            setKnown(next);
            onChange(next);
          }, 180);
        }}
      />
    </div>
  );
}

/** The list: up and down move between rows, Enter follows the link. */
function Rows({ rows }: { rows: readonly TestRow[] }) {
  const keys = useRowKeys<HTMLUListElement>(".row", ".tests-page .search-box input");
  return (
    <>
      <div className="rows-head test-grid" aria-hidden="true">
        <span>Number</span>
        <span>Title</span>
        <span>Technique</span>
        <span>State</span>
        <span>Result</span>
        <span>Assignee</span>
        <span>Due</span>
        <span>Changed</span>
      </div>
      <ul className="rows" {...keys} aria-label="Tests">
        {rows.map((test) => (
          <li key={test.id}>
            <Link to="/tests/$number" params={{ number: String(test.number) }} className="row test-grid">
              <span className="row-number">#{test.number}</span>
              <span className="row-name">
                <span className="row-title">{test.title}</span>
                <span className="row-tags">
                  {test.tags.map((tag) => (
                    <span key={tag} className="tag">
                      {tag}
                    </span>
                  ))}
                </span>
              </span>
              <span className="row-technique" title={test.technique?.name}>
                <span className="attack-id">{test.technique?.attackId ?? test.draftedAttackId}</span>{" "}
                {test.technique?.name}
              </span>
              <span className="row-state">
                <StateBadge state={test.state} />
              </span>
              <span className="muted">{test.detectionResult ? detectionWords[test.detectionResult] : ""}</span>
              <span className="muted row-clip">{test.assignee?.name ?? ""}</span>
              <span className="muted">{test.dueDate ? formatDay(test.dueDate) : ""}</span>
              <span className="row-when">
                <Instant at={test.updatedAt} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
