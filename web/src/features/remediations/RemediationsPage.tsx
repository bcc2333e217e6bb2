import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useCalm, useLive } from "@/api/live";
import { ledgerHeadKey } from "@/api/queries";
import { useSession } from "@/api/session";
import { Chip } from "@/components/Button";
import { SearchField } from "@/components/SearchField";
import { remediationWords } from "@/components/Status";
import type { RemediationFilter, RemediationPriority } from "@/gql/graphql";
import { Board } from "./Board";
import { RemediationList } from "./RemediationList";
import { remediationEventsDocument } from "./operations";
import { priorities, priorityWords, remediationStates } from "./words";
import type { RemediationsSearch } from "./search";
import "./remediations.css";

const everything = {};

/** What is done about gaps: a board by state, or a list. */
export function RemediationsPage({
  search,
  asOf,
  onSearch,
  views,
}: {
  search: RemediationsSearch;
  asOf: string | undefined;
  onSearch: (change: RemediationsSearch) => void;
  views?: ReactNode;
}) {
  const me = useSession()?.user.id;
  const queryClient = useQueryClient();
  const chosen = priorities.filter((priority) => search.priority?.split(",").includes(priority));
  const states = remediationStates.filter((state) => search.state?.split(",").includes(state));
  const filter: RemediationFilter = {
    ...(chosen.length > 0 ? { priorities: chosen } : {}),
    ...(search.mine && me ? { assigneeId: me } : {}),
    ...(search.overdue ? { overdue: true } : {}),
    ...(search.q ? { search: search.q } : {}),
  };
  const refetch = useCalm(() => {
    void queryClient.invalidateQueries({ queryKey: ledgerHeadKey });
    return queryClient.refetchQueries({ queryKey: ["remediations"], type: "active" });
  }, 300, 1_000);
  useLive(remediationEventsDocument, everything, { enabled: asOf === undefined, onNext: refetch, onConnect: refetch });
  const toggled = <Each extends string>(all: readonly Each[], each: Each) =>
    (all.includes(each) ? all.filter((other) => other !== each) : [...all, each]).join();
  const asList = search.view === "list";
  const clear = () => onSearch({ state: "", priority: "", mine: "", overdue: "", q: "" });
  const filtered = Object.keys(filter).length > 0 || states.length > 0;
  return (
    <div className={asList ? "remediations-page" : "remediations-page page-wide"}>
      <header className="page-head">
        <h1>Remediations</h1>
        <div className="page-actions" role="group" aria-label="Show as">
          <Chip pressed={!asList} onClick={() => onSearch({ view: "" })}>
            Board
          </Chip>
          <Chip pressed={asList} onClick={() => onSearch({ view: "list" })}>
            List
          </Chip>
        </div>
      </header>
      <div className="filters" role="group" aria-label="Filters">
        {views}
        <Chip pressed={Boolean(search.mine)} onClick={() => onSearch({ mine: search.mine ? "" : "me" })}>
          Mine
        </Chip>
        <Chip pressed={Boolean(search.overdue)} onClick={() => onSearch({ overdue: search.overdue ? "" : "yes" })}>
          Overdue
        </Chip>
        <span className="filters-line" aria-hidden="true" />
        {priorities.map((priority: RemediationPriority) => (
          <Chip
            key={priority}
            pressed={chosen.includes(priority)}
            onClick={() => onSearch({ priority: toggled(chosen, priority) })}
          >
            {priorityWords[priority]}
          </Chip>
        ))}
        {asList && (
          <>
            <span className="filters-line" aria-hidden="true" />
            {remediationStates.map((state) => (
              <Chip
                key={state}
                pressed={states.includes(state)}
                onClick={() => onSearch({ state: toggled(states, state) })}
              >
                {remediationWords[state]}
              </Chip>
            ))}
          </>
        )}
        <SearchField
          label="Search remediations"
          placeholder="Title or technique"
          value={search.q ?? ""}
          onChange={(q) => onSearch({ q })}
        />
      </div>
      {asList ? (
        <RemediationList
          filter={states.length > 0 ? { ...filter, states } : filter}
          filtered={filtered}
          asOf={asOf}
          onClear={clear}
        />
      ) : (
        <Board filter={filter} asOf={asOf} onMore={(state) => onSearch({ view: "list", state })} />
      )}
    </div>
  );
}
