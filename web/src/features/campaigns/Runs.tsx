import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "@/components/Button";
import { Instant } from "@/components/Instant";
import { ErrorNotice } from "@/components/Notices";
import { Comparison } from "./Comparison";
import { type Run, runsQuery } from "./operations";
import { ProgressStrip } from "./ProgressStrip";
import { CampaignBadge, formatDue } from "./words";

/** What a schedule has made or left out, latest first, and two of them held against each other. */
export function Runs({ number, asOf }: { number: number; asOf: string | undefined }) {
  const query = useInfiniteQuery(runsQuery(number, asOf));
  const runs = query.data?.pages.flatMap((page) => page?.nodes ?? []) ?? [];
  const made = runs.flatMap((run) => (run.campaign ? [{ ...run, campaign: run.campaign }] : []));
  const [comparing, setComparing] = useState(false);
  if (query.isError) {
    return <ErrorNotice doing="Loading the runs" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (runs.length === 0) return null;
  return (
    <section aria-labelledby="campaign-runs">
      <div className="section-head">
        <h2 id="campaign-runs">
          Runs <span className="count">{query.data?.pages[0]?.totalCount}</span>
        </h2>
        {made.length > 1 && (
          <Button aria-expanded={comparing} onClick={() => setComparing(!comparing)}>
            Compare two runs
          </Button>
        )}
      </div>
      {comparing && <Comparison runs={made} asOf={asOf} />}
      <div className="rows-head row run-grid" aria-hidden="true">
        <span>Due, on the clock of its zone</span>
        <span>Run</span>
        <span>State</span>
        <span>Validated</span>
        <span>Made</span>
      </div>
      <ul className="rows" aria-label="Runs">
        {runs.map((run) => (
          <li key={run.due}>
            <RunLine run={run} />
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Load more
        </Button>
      )}
    </section>
  );
}

function RunLine({ run }: { run: Run }) {
  const due = (
    <span className="run-due">
      {formatDue(run.due)}
      {run.late && <span className="mark">Late</span>}
    </span>
  );
  if (!run.campaign) {
    return (
      <div className="row run-grid">
        {due}
        <span className="muted">
          {run.skipped > 0
            ? `${run.skipped === 1 ? "1 run" : `${run.skipped} runs`} up to then left out`
            : "is being made"}
        </span>
        <span />
        <span />
        <span className="row-when">
          <Instant at={run.recordedAt} />
        </span>
      </div>
    );
  }
  const { campaign } = run;
  return (
    <Link to="/campaigns/$number" params={{ number: String(campaign.number) }} className="row run-grid">
      {due}
      <span className="row-title">
        <span className="muted">#{campaign.number}</span> {campaign.name}
      </span>
      <CampaignBadge state={campaign.state} />
      <ProgressStrip progress={campaign.progress} />
      <span className="row-when">
        <Instant at={run.recordedAt} />
      </span>
    </Link>
  );
}
