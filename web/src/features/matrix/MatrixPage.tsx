import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { type LiveState, useCalm, useLive } from "@/api/live";
import { Button, Chip } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { EmptyState, ErrorNotice } from "@/components/Notices";
import { coverageOrder } from "@/components/Status";
import type { CoverageStatus } from "@/gql/graphql";
import { Legend } from "./Legend";
import { MatrixGrid } from "./MatrixGrid";
import { countStatuses, isFiltering, type MatrixFilters, platformsOf } from "./model";
import { heatmapQuery, matrixEventsDocument } from "./operations";
import "./matrix.css";

/** The filters as they stand in the address. */
export interface MatrixSearch {
  status?: string;
  platform?: string;
  q?: string;
  subs?: string;
}

export interface MatrixMoment {
  position: number;
  sealedAt: string | null;
  live: LiveState;
}

export function MatrixPage({
  search,
  asOf,
  onSearch,
  onOpen,
  foot,
  emptyAction,
}: {
  search: MatrixSearch;
  asOf: string | undefined;
  onSearch: (change: MatrixSearch) => void;
  onOpen: (attackId: string, inNewTab: boolean) => void;
  foot: (moment: MatrixMoment | undefined) => ReactNode;
  /** What somebody who may import can do about an empty matrix. */
  emptyAction: ReactNode;
}) {
  const queryClient = useQueryClient();
  const query = useQuery(heatmapQuery(asOf));
  const heatmap = query.data;

  const refetch = useCalm(() => queryClient.refetchQueries({ queryKey: heatmapQuery(undefined).queryKey }));
  const live = useLive(
    matrixEventsDocument,
    {},
    {
      // The past does not change.
      enabled: asOf === undefined,
      onNext: ({ events }) => {
        // A new release changes the whole matrix and says so by its type alone.
        if (events.attackIds.length > 0 || events.type === "KnowledgeReleased") refetch();
      },
      onConnect: refetch,
    },
  );

  const filters = useFilters(search);
  const shownFilters = useDeferredValue(filters);
  const tactics = useMemo(() => heatmap?.tactics ?? [], [heatmap?.tactics]);
  const counts = useMemo(() => countStatuses(tactics, shownFilters), [tactics, shownFilters]);
  const platforms = useMemo(() => platformsOf(tactics), [tactics]);
  const foundTechniques = tactics.some((tactic) => tactic.cells.length > 0);
  const allOpen = search.subs === "open";

  return (
    <>
      <div className="matrix-page">
        {query.isError ? (
          <ErrorNotice doing="Loading the matrix" error={query.error} onRetry={() => void query.refetch()} />
        ) : query.isPending ? (
          <MatrixSkeleton />
        ) : !foundTechniques ? (
          <EmptyState title={asOf ? "No techniques at this instant" : "No techniques yet"} action={emptyAction}>
            {asOf
              ? "Nothing had been imported. Choose a later instant at the foot of the page."
              : emptyAction
                ? "Import an ATT&CK bundle to see the matrix."
                : "An admin imports an ATT&CK bundle; then the matrix stands here."}
          </EmptyState>
        ) : (
          <>
            <div className="matrix-tools">
              <Legend
                counts={counts}
                selected={filters.statuses}
                onChange={(statuses) => onSearch({ status: statuses.join(",") })}
              />
              <div className="matrix-tools-end">
                <SearchBox value={search.q ?? ""} onChange={(q) => onSearch({ q })} />
                <select
                  className="input"
                  aria-label="Platform"
                  value={filters.platform ?? ""}
                  onChange={(event) => onSearch({ platform: event.target.value })}
                >
                  <option value="">All platforms</option>
                  {platforms.map((platform) => (
                    <option key={platform}>{platform}</option>
                  ))}
                </select>
                <Chip pressed={allOpen} onClick={() => onSearch({ subs: allOpen ? "" : "open" })}>
                  Sub-techniques
                </Chip>
                {isFiltering({ ...filters, statuses: [] }) && (
                  <Button variant="quiet" onClick={() => onSearch({ status: "", platform: "", q: "" })}>
                    Clear
                  </Button>
                )}
              </div>
            </div>
            <MatrixGrid tactics={tactics} filters={shownFilters} allOpen={allOpen} onOpen={onOpen} />
          </>
        )}
      </div>
      {foot(heatmap && { position: heatmap.position, sealedAt: heatmap.sealedAt ?? null, live })}
    </>
  );
}

function useFilters(search: MatrixSearch): MatrixFilters {
  return useMemo(() => {
    const named = new Set(search.status?.split(","));
    return {
      statuses: coverageOrder.filter((status: CoverageStatus) => named.has(status)),
      platform: search.platform || undefined,
      search: search.q ?? "",
    };
  }, [search.status, search.platform, search.q]);
}

/** Filters while typing; Enter goes to the first cell that is left, `/` comes here from the grid. */
function SearchBox({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    // The address changed by other means: "Clear", or the browser's back button.
    setKnown(value);
    setText(value);
  }
  useEffect(() => {
    const slash = (event: globalThis.KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== "/" || target.closest("input, textarea, select, dialog")) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener("keydown", slash);
    return () => document.removeEventListener("keydown", slash);
  }, []);
  return (
    <div className="search-box">
      <Icon name="search" size={14} />
      <input
        ref={input}
        className="input"
        type="search"
        aria-label="Search techniques"
        placeholder="Name or id"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setKnown(event.target.value);
          onChange(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          document.querySelector<HTMLElement>(".matrix [role=gridcell]")?.focus();
        }}
      />
    </div>
  );
}

const skeletonLengths = [10, 8, 11, 14, 19, 13, 24, 17, 20, 9, 17, 18, 9, 15];

function MatrixSkeleton() {
  return (
    <div className="matrix matrix-skeleton" role="status" aria-label="Loading the matrix" data-columns={14}>
      {skeletonLengths.map((length, column) => (
        <div key={column} className="matrix-column">
          {Array.from({ length }, (_, row) => (
            <span key={row} className="skeleton-cell" />
          ))}
        </div>
      ))}
    </div>
  );
}
