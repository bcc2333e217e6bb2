import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useCommand } from "@/api/command";
import { useCalm, useLive } from "@/api/live";
import { ledgerHeadKey } from "@/api/queries";
import { may, useSession } from "@/api/session";
import { Button } from "@/components/Button";
import { EventList } from "@/components/EventList";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Icon } from "@/components/Icon";
import { Instant } from "@/components/Instant";
import { Menu } from "@/components/Menu";
import { EmptyState, ErrorNotice, FailureNotice, Refusals, Skeleton } from "@/components/Notices";
import type { CampaignAction } from "@/gql/graphql";
import { formatDay } from "@/time";
import { CloneCampaignDialog } from "./CloneCampaignDialog";
import { CampaignFormDialog } from "./CampaignFormDialog";
import { activateCampaignDocument, archiveCampaignDocument, completeCampaignDocument } from "./commands";
import { Graph } from "./Graph";
import { type Campaign, campaignEventsDocument, campaignQuery, campaignTimelineQuery } from "./operations";
import { Plan } from "./Plan";
import { ProgressStrip } from "./ProgressStrip";
import { Runs } from "./Runs";
import { Schedule } from "./Schedule";
import { CampaignBadge, formatDue, kindWords } from "./words";
import "./campaigns.css";

const everything = {};

export function CampaignPage({
  number,
  asOf,
  comments,
}: {
  number: number;
  asOf: string | undefined;
  comments?: (campaign: Campaign) => ReactNode;
}) {
  const queryClient = useQueryClient();
  const query = useQuery(campaignQuery(number, asOf));
  // The campaign, its runs and its timeline share the beginning of their keys.
  const refetch = () => {
    void queryClient.invalidateQueries({ queryKey: ledgerHeadKey });
    return queryClient.refetchQueries({ queryKey: ["campaign", number, "now"] });
  };
  const calm = useCalm(refetch, 300, 1_000);
  // Its tests change it too.
  useLive(campaignEventsDocument, everything, {
    enabled: asOf === undefined && query.data != null,
    onNext: calm,
    onConnect: calm,
  });
  if (query.isError) {
    return <ErrorNotice doing="Loading the campaign" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.isPending) return <Skeleton rows={12} label="Loading the campaign" />;
  if (!query.data) {
    return (
      <EmptyState
        page
        title={`No campaign #${number}`}
        action={
          <Link to="/campaigns" className="button">
            All campaigns
          </Link>
        }
      >
        {asOf ? "It had not been written down at this instant." : "No campaign carries this number."}
      </EmptyState>
    );
  }
  const campaign = query.data;
  const open = new Set(asOf ? [] : campaign.availableActions);
  const changed = () => void refetch();
  return (
    <article className="campaign">
      <Head campaign={campaign} open={open} past={asOf !== undefined} onChanged={changed} />
      <Facts campaign={campaign} />
      <Plan campaign={campaign} arranging={open.has("ARRANGE_TESTS")} onChanged={changed} />
      <Graph tests={campaign.tests} />
      <Schedule campaign={campaign} open={open} onChanged={changed} />
      <Runs number={number} asOf={asOf} />
      {comments?.(campaign)}
      <CampaignTimeline number={number} asOf={asOf} />
    </article>
  );
}

function Head({
  campaign,
  open,
  past,
  onChanged,
}: {
  campaign: Campaign;
  open: ReadonlySet<CampaignAction>;
  past: boolean;
  onChanged: () => void;
}) {
  const session = useSession();
  const activate = useCommand(activateCampaignDocument);
  const complete = useCommand(completeCampaignDocument);
  const archive = useCommand(archiveCampaignDocument);
  const commands = [activate, complete, archive];
  const [opened, setOpened] = useState<"revise" | "clone" | "complete" | "archive" | null>(null);
  const close = () => setOpened(null);
  const input = { id: campaign.id, expectedVersion: campaign.version };
  const run = async (command: typeof activate | typeof complete | typeof archive) => {
    for (const each of commands) each.reset();
    if (await command.submit(input)) close();
    onChanged();
  };
  const items = [
    ...(may(session, "cloneCampaign") ? [{ key: "clone", label: "Clone", onSelect: () => setOpened("clone") }] : []),
    ...(open.has("ARCHIVE") ? [{ key: "archive", label: "Archive", onSelect: () => setOpened("archive") }] : []),
  ];
  return (
    <>
      <header className="page-head">
        <div>
          {campaign.parent && (
            <p className="crumb">
              <Link to="/campaigns/$number" params={{ number: String(campaign.parent.number) }}>
                Run of #{campaign.parent.number} {campaign.parent.name}
              </Link>
              {campaign.runDue && (
                <span className="muted">
                  {" "}
                  due {formatDue(campaign.runDue)}
                  {campaign.runLate && ", made late"}
                </span>
              )}
            </p>
          )}
          <h1>
            <span className="attack-id">#{campaign.number}</span> {campaign.name}
          </h1>
          <p className="story-state" data-testid="campaign-state" data-state={campaign.state}>
            <CampaignBadge state={campaign.state} />
            <span className="muted">{kindWords[campaign.kind]}</span>
            <ProgressStrip progress={campaign.progress} wide />
          </p>
        </div>
        <div className="page-actions" role="group" aria-label="Actions">
          {open.has("REVISE") && <Button onClick={() => setOpened("revise")}>Revise</Button>}
          {open.has("ACTIVATE") && (
            <Button
              variant="primary"
              busy={activate.busy}
              disabled={campaign.tests.length === 0}
              title={campaign.tests.length === 0 ? "It takes at least one test" : undefined}
              onClick={() => void run(activate)}
            >
              Activate
            </Button>
          )}
          {open.has("COMPLETE") && (
            <Button variant="primary" onClick={() => setOpened("complete")}>
              Complete
            </Button>
          )}
          {!past && items.length > 0 && <Menu label="More" trigger={<Icon name="more" />} items={items} />}
        </div>
      </header>
      <div className="story-problems">
        <Refusals refusals={activate.refusals} />
        <FailureNotice failure={activate.failure} />
      </div>
      {opened === "complete" && (
        <ConfirmDialog
          title={`Complete #${campaign.number}`}
          submitLabel="Complete campaign"
          command={complete}
          onClose={close}
          onSubmit={() => run(complete)}
        >
          It ends for good. Its tests go on as they are.
        </ConfirmDialog>
      )}
      {opened === "archive" && (
        <ConfirmDialog
          title={`Archive #${campaign.number}`}
          submitLabel="Archive campaign"
          command={archive}
          onClose={close}
          onSubmit={() => run(archive)}
        >
          It is put away for good. Its history stays, its schedule ends.
        </ConfirmDialog>
      )}
      {opened === "clone" && <CloneCampaignDialog campaign={campaign} onClose={close} />}
      {opened === "revise" && (
        <CampaignFormDialog
          campaign={campaign}
          onClose={() => close()}
          onDone={() => {
            close();
            onChanged();
          }}
        />
      )}
    </>
  );
}

function Facts({ campaign }: { campaign: Campaign }) {
  const { progress } = campaign;
  return (
    <section className="about" aria-label="About this campaign">
      {(campaign.objective || campaign.description) && (
        <div className="about-text">
          {campaign.objective && <p className="prose about-objective">{campaign.objective}</p>}
          {campaign.description && <p className="prose">{campaign.description}</p>}
        </div>
      )}
      <dl className="facts about-facts">
        <dt>Owner</dt>
        <dd>{campaign.owner?.name ?? "Nobody"}</dd>
        {(campaign.startDate || campaign.endDate) && (
          <>
            <dt>Days</dt>
            <dd>
              {campaign.startDate ? formatDay(campaign.startDate) : "open"} to{" "}
              {campaign.endDate ? formatDay(campaign.endDate) : "open"}
            </dd>
          </>
        )}
        {progress.validated > 0 && (
          <>
            <dt>Detected</dt>
            <dd>
              {progress.detected}, in part {progress.partiallyDetected}, not {progress.notDetected}
            </dd>
          </>
        )}
        {campaign.tags.length > 0 && (
          <>
            <dt>Tags</dt>
            <dd className="tags">
              {campaign.tags.map((tag) => (
                <span key={tag} className="tag">
                  {tag}
                </span>
              ))}
            </dd>
          </>
        )}
        {campaign.clonedFrom && (
          <>
            <dt>Copy of</dt>
            <dd>
              <Link to="/campaigns/$number" params={{ number: String(campaign.clonedFrom.number) }}>
                #{campaign.clonedFrom.number} {campaign.clonedFrom.name}
              </Link>
            </dd>
          </>
        )}
        <dt>Written by</dt>
        <dd>
          {campaign.createdBy.name}, <Instant at={campaign.createdAt} />
        </dd>
      </dl>
    </section>
  );
}

function CampaignTimeline({ number, asOf }: { number: number; asOf: string | undefined }) {
  const query = useInfiniteQuery(campaignTimelineQuery(number, asOf));
  const events = query.data?.pages.flatMap((page) => page?.nodes ?? []) ?? [];
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">
        Timeline <span className="count">{query.data?.pages[0]?.totalCount ?? ""}</span>
      </h2>
      {query.isError && (
        <ErrorNotice doing="Loading the timeline" error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <Skeleton rows={4} label="Loading the timeline" />}
      <EventList events={events} />
      {query.hasNextPage && (
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Load more
        </Button>
      )}
    </section>
  );
}
