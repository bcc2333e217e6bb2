import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useCalm, useLive } from "@/api/live";
import { ledgerHeadKey } from "@/api/queries";
import { Button } from "@/components/Button";
import { EventList } from "@/components/EventList";
import { Instant } from "@/components/Instant";
import { EmptyState, ErrorNotice, Skeleton } from "@/components/Notices";
import { detectionWords } from "@/components/Status";
import { formatDay } from "@/time";
import { type Remediation, remediationEventsDocument, remediationQuery, remediationTimelineQuery } from "./operations";
import { RemediationHead } from "./RemediationHead";
import { RetestChain } from "./RetestChain";
import { Steps } from "./Steps";
import { Priority } from "./words";
import "./remediations.css";

const everything = {};

export function RemediationPage({
  number,
  asOf,
  comments,
}: {
  number: number;
  asOf: string | undefined;
  comments?: (remediation: Remediation) => ReactNode;
}) {
  const queryClient = useQueryClient();
  const query = useQuery(remediationQuery(number, asOf));
  const refetch = () => {
    void queryClient.invalidateQueries({ queryKey: ledgerHeadKey });
    return queryClient.refetchQueries({ queryKey: ["remediation", number, "now"] });
  };
  const calm = useCalm(refetch, 300, 1_000);
  // Its retests change it too.
  useLive(remediationEventsDocument, everything, {
    enabled: asOf === undefined && query.data != null,
    onNext: calm,
    onConnect: calm,
  });
  if (query.isError) {
    return <ErrorNotice doing="Loading the remediation" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.isPending) return <Skeleton rows={12} label="Loading the remediation" />;
  const remediation = query.data;
  if (!remediation) {
    return (
      <EmptyState
        page
        title={`No remediation #${number}`}
        action={
          <Link to="/remediations" className="button">
            All remediations
          </Link>
        }
      >
        {asOf ? "It had not been opened at this instant." : "No remediation carries this number."}
      </EmptyState>
    );
  }
  const open = new Set(asOf ? [] : remediation.availableActions);
  const changed = () => void refetch();
  return (
    <article className="remediation">
      <RemediationHead remediation={remediation} open={open} onChanged={changed} />
      <Standing remediation={remediation} />
      <Facts remediation={remediation} />
      <Steps remediation={remediation} open={open} onChanged={refetch} />
      <RetestChain remediation={remediation} />
      {comments?.(remediation)}
      <RemediationTimeline number={number} id={remediation.id} asOf={asOf} />
    </article>
  );
}

/** Why it stands where it stands. */
function Standing({ remediation }: { remediation: Remediation }) {
  switch (remediation.state) {
    case "BLOCKED":
      return (
        <p className="notice" role="note">
          Blocked: {remediation.blockedReason}
        </p>
      );
    case "RISK_ACCEPTED":
      return (
        <p className="notice" role="note">
          The risk is accepted
          {remediation.riskExpiresOn && ` until ${formatDay(remediation.riskExpiresOn)}, when it opens again by itself`}:{" "}
          {remediation.riskReason}
        </p>
      );
    case "COMPLETED":
      return (
        <div className="notice" role="note">
          <div>
            <p>Completed. A retest shows whether it worked: detected, it verifies this remediation.</p>
            {remediation.completionNotes && <p className="prose">{remediation.completionNotes}</p>}
          </div>
        </div>
      );
    case "OPEN":
    case "IN_PROGRESS":
      return remediation.reopenReason ? (
        <p className="notice" role="note">
          Opened again: {remediation.reopenReason}
        </p>
      ) : null;
    case "VERIFIED":
      return null;
  }
}

function Facts({ remediation }: { remediation: Remediation }) {
  return (
    <section className="about" aria-label="About this remediation">
      {remediation.description && (
        <div className="about-text">
          <p className="prose">{remediation.description}</p>
        </div>
      )}
      <dl className="facts about-facts">
        <dt>Assignee</dt>
        <dd>{remediation.assignee?.name ?? "Nobody"}</dd>
        <dt>Priority</dt>
        <dd>
          <Priority value={remediation.priority} />
        </dd>
        {remediation.dueDate && (
          <>
            <dt>Due</dt>
            <dd>
              {formatDay(remediation.dueDate)}
              {remediation.overdue && <span className="overdue"> overdue</span>}
            </dd>
          </>
        )}
        <dt>The attack was</dt>
        <dd>{detectionWords[remediation.detectionResult].toLowerCase()}</dd>
        {remediation.tags.length > 0 && (
          <>
            <dt>Tags</dt>
            <dd className="tags">
              {remediation.tags.map((tag) => (
                <span key={tag} className="tag">
                  {tag}
                </span>
              ))}
            </dd>
          </>
        )}
        {remediation.completedAt && (
          <>
            <dt>Completed</dt>
            <dd>
              <Instant at={remediation.completedAt} />
              {remediation.completions > 1 && `, ${remediation.completions} times`}
            </dd>
          </>
        )}
        {remediation.verifiedAt && (
          <>
            <dt>Verified</dt>
            <dd>
              <Instant at={remediation.verifiedAt} />
            </dd>
          </>
        )}
        <dt>Opened</dt>
        <dd>
          {remediation.openedBy.name}, <Instant at={remediation.openedAt} />
        </dd>
      </dl>
    </section>
  );
}

function RemediationTimeline({ number, id, asOf }: { number: number; id: string; asOf: string | undefined }) {
  const query = useInfiniteQuery(remediationTimelineQuery(number, id, asOf));
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
