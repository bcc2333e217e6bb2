import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useCalm, useLive } from "@/api/live";
import { ledgerHeadKey } from "@/api/queries";
import { may, useSession } from "@/api/session";
import { Button, Chip } from "@/components/Button";
import { Instant } from "@/components/Instant";
import { EmptyState, ErrorNotice, Skeleton } from "@/components/Notices";
import { SearchField } from "@/components/SearchField";
import { campaignWords } from "@/components/Status";
import { useRowKeys } from "@/components/useRowKeys";
import type { CampaignFilter, CampaignKind, CampaignState } from "@/gql/graphql";
import { CampaignFormDialog } from "./CampaignFormDialog";
import { campaignEventsDocument, type CampaignRow, campaignsQuery } from "./operations";
import { ProgressStrip } from "./ProgressStrip";
import { CampaignBadge, campaignStates, everyWords, formatDue, kindWords } from "./words";
import type { CampaignsSearch } from "./search";
import "./campaigns.css";

const kinds = Object.keys(kindWords) as CampaignKind[];
const everything = {};

export function CampaignsPage({
  search,
  asOf,
  onSearch,
  onCreated,
  views,
}: {
  search: CampaignsSearch;
  asOf: string | undefined;
  onSearch: (change: CampaignsSearch) => void;
  onCreated: (number: number) => void;
  views?: ReactNode;
}) {
  const session = useSession();
  const queryClient = useQueryClient();
  const [creating, setCreating] = useState(false);
  const states = campaignStates.filter((state) => search.state?.split(",").includes(state));
  const kind = kinds.find((each) => each === search.kind);
  const filter: CampaignFilter = {
    ...(states.length > 0 ? { states } : {}),
    ...(kind ? { kinds: [kind] } : {}),
    ...(search.q ? { search: search.q } : {}),
    ...(search.mine && session ? { ownerId: session.user.id } : {}),
    ...(search.runs === "only" ? { isRun: true } : search.runs === "none" ? { isRun: false } : {}),
  };
  const filtered = Object.keys(filter).length > 0;
  const query = useInfiniteQuery({ ...campaignsQuery(filter, asOf), placeholderData: (before) => before });
  const refetch = useCalm(() => {
    void queryClient.invalidateQueries({ queryKey: ledgerHeadKey });
    return queryClient.refetchQueries({ queryKey: ["campaigns"], type: "active" });
  }, 300, 1_000);
  useLive(campaignEventsDocument, everything, { enabled: asOf === undefined, onNext: refetch, onConnect: refetch });
  const rows = query.data?.pages.flatMap((page) => page.nodes) ?? [];
  const total = query.data?.pages[0]?.totalCount ?? 0;
  const toggle = (state: CampaignState) =>
    onSearch({ state: (states.includes(state) ? states.filter((each) => each !== state) : [...states, state]).join() });
  const create = may(session, "createCampaign") && !asOf && (
    <Button variant="primary" icon="plus" onClick={() => setCreating(true)}>
      New campaign
    </Button>
  );
  return (
    <div className="campaigns-page">
      <header className="page-head">
        <h1>
          Campaigns {query.data && <span className="count">{total.toLocaleString("en")}</span>}
        </h1>
        <div className="page-actions">{create}</div>
      </header>
      <div className="filters" role="group" aria-label="Filters">
        {views}
        <Chip pressed={Boolean(search.mine)} onClick={() => onSearch({ mine: search.mine ? "" : "me" })}>
          Mine
        </Chip>
        <span className="filters-line" aria-hidden="true" />
        {campaignStates.map((state) => (
          <Chip key={state} pressed={states.includes(state)} onClick={() => toggle(state)}>
            {campaignWords[state]}
          </Chip>
        ))}
        <span className="filters-line" aria-hidden="true" />
        <select
          className="input filter-select"
          aria-label="Kind"
          data-on={kind ? true : undefined}
          value={kind ?? ""}
          onChange={(event) => onSearch({ kind: event.target.value })}
        >
          <option value="">Any kind</option>
          {kinds.map((each) => (
            <option key={each} value={each}>
              {kindWords[each]}
            </option>
          ))}
        </select>
        <select
          className="input filter-select"
          aria-label="Runs"
          data-on={search.runs ? true : undefined}
          value={search.runs ?? ""}
          onChange={(event) => onSearch({ runs: event.target.value })}
        >
          <option value="">With runs</option>
          <option value="none">Without runs</option>
          <option value="only">Only runs</option>
        </select>
        <SearchField
          label="Search campaigns"
          placeholder="Name or number"
          value={search.q ?? ""}
          onChange={(q) => onSearch({ q })}
        />
      </div>
      {query.isError ? (
        <ErrorNotice doing="Loading the campaigns" error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Skeleton rows={8} label="Loading the campaigns" />
      ) : rows.length === 0 ? (
        filtered ? (
          <EmptyState
            title="No campaign fits these filters"
            action={
              <Button onClick={() => onSearch({ state: "", kind: "", q: "", mine: "", runs: "" })}>Clear the filters</Button>
            }
          />
        ) : (
          <EmptyState title={asOf ? "No campaigns at this instant" : "No campaigns yet"} action={create}>
            A campaign puts tests in an order, says which wait for others, and can run again by itself.
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
      {creating && <CampaignFormDialog onClose={() => setCreating(false)} onCreated={onCreated} />}
    </div>
  );
}

function Rows({ rows }: { rows: readonly CampaignRow[] }) {
  const keys = useRowKeys<HTMLUListElement>(".row", ".campaigns-page .search-box input");
  return (
    <>
      <div className="rows-head campaign-grid" aria-hidden="true">
        <span>Number</span>
        <span>Name</span>
        <span>State</span>
        <span>Validated</span>
        <span>Next run</span>
        <span>Owner</span>
        <span>Changed</span>
      </div>
      <ul className="rows" {...keys} aria-label="Campaigns">
        {rows.map((campaign) => (
          <li key={campaign.id}>
            <Link to="/campaigns/$number" params={{ number: String(campaign.number) }} className="row campaign-grid">
              <span className="row-number">#{campaign.number}</span>
              <span className="row-name">
                <span className="row-title">{campaign.name}</span>
                {campaign.runDue && <span className="mark">Run</span>}
                {campaign.kind !== "CUSTOM" && <span className="tag">{kindWords[campaign.kind]}</span>}
              </span>
              <CampaignBadge state={campaign.state} />
              <ProgressStrip progress={campaign.progress} />
              <span className="muted row-clip">
                {campaign.schedule &&
                  (campaign.schedule.nextDue
                    ? `${formatDue(campaign.schedule.nextDue.due)}, ${everyWords[campaign.schedule.every].toLowerCase()}`
                    : "schedule over")}
              </span>
              <span className="muted row-clip">{campaign.owner?.name ?? ""}</span>
              <span className="row-when">
                <Instant at={campaign.updatedAt} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
