import { type InfiniteData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useCommand } from "@/api/command";
import { cancelJobDocument, isOpen, type Job, jobProgressDocument, retryJobDocument } from "@/api/jobs";
import { useLive } from "@/api/live";
import { Button } from "@/components/Button";
import { Instant } from "@/components/Instant";
import { EmptyState, ErrorNotice, FailureNotice, Refusals, Skeleton } from "@/components/Notices";
import { JobState } from "@/components/JobState";
import { Progress } from "@/components/Progress";
import { Rejects } from "@/components/Rejects";
import { WhatDiffers } from "@/components/WhatDiffers";
import type { JobsQuery } from "@/gql/graphql";
import { importInWords, readImport } from "@/importResult";
import { formatDuration } from "@/time";
import { jobsQuery } from "./operations";
import { WhatChanged } from "./WhatChanged";
import "./jobs.css";

const enterprise = "enterprise-attack";

/** Each live job holds a connection of the browser's six; the rest is polled. */
const liveJobs = 2;

export function JobsPage({ importer, mayCancel, mayRetry }: { importer: ReactNode; mayCancel: boolean; mayRetry: boolean }) {
  const query = useInfiniteQuery({
    ...jobsQuery,
    refetchInterval: (running) =>
      running.state.data?.pages.some((page) => page.nodes.some(isOpen)) ? 2_000 : 10_000,
  });
  const jobs = query.data?.pages.flatMap((page) => page.nodes) ?? [];
  const live = new Set(
    jobs
      .filter(isOpen)
      .slice(-liveJobs)
      .map((job) => job.id),
  );
  return (
    <div className="jobs-page">
      <header className="page-head">
        <h1>
          Jobs {query.data && <span className="count">{query.data.pages[0]?.totalCount}</span>}
        </h1>
      </header>
      {importer}
      {query.isError ? (
        <ErrorNotice doing="Loading the jobs" error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Skeleton label="Loading the jobs" />
      ) : jobs.length === 0 ? (
        <EmptyState title="No jobs yet">Imports and other long work show up here with their progress.</EmptyState>
      ) : (
        <ul className="jobs" aria-label="Jobs">
          {jobs.map((job) => (
            <JobItem key={job.id} job={job} live={live.has(job.id)} mayCancel={mayCancel} mayRetry={mayRetry} />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <p className="more">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Load more
          </Button>
        </p>
      )}
    </div>
  );
}

function JobItem({
  job,
  live,
  mayCancel,
  mayRetry,
}: {
  job: Job;
  live: boolean;
  mayCancel: boolean;
  mayRetry: boolean;
}) {
  const queryClient = useQueryClient();
  const cancel = useCommand(cancelJobDocument);
  const retry = useCommand(retryJobDocument);
  const [rejectsShown, setRejectsShown] = useState(false);
  const [changeShown, setChangeShown] = useState(false);
  const outcome = readImport(job.result);
  const compared = outcome !== null && (outcome.changed || outcome.preview);
  const techniques = outcome?.changed && (outcome.source || enterprise) === enterprise;
  const refetch = () => queryClient.invalidateQueries({ queryKey: jobsQuery.queryKey });

  useLive(
    jobProgressDocument,
    { id: job.id },
    {
      enabled: live,
      onNext: ({ jobProgress }) => {
        queryClient.setQueryData(jobsQuery.queryKey, (before) => withJob(before, jobProgress));
        if (!isOpen(jobProgress)) {
          // An import changes what every other page shows.
          void queryClient.invalidateQueries();
        }
      },
      onConnect: () => undefined,
    },
  );

  return (
    <li className="job" data-testid="job" data-state={job.state}>
      <div className="job-head">
        <JobState job={job} />
        <strong className="job-title">{job.title}</strong>
        <span className="muted">
          by {job.requestedBy.name}, <Instant at={job.requestedAt} />
          {job.startedAt && job.finishedAt && `, took ${formatDuration(job.startedAt, job.finishedAt)}`}
          {job.attempts > 1 && `, attempt ${job.attempts}`}
        </span>
        <span className="job-actions">
          {compared && (
            <Button variant="quiet" aria-expanded={changeShown} onClick={() => setChangeShown(!changeShown)}>
              {outcome.preview ? "What would change" : "What changed"}
            </Button>
          )}
          {job.rejectCount > 0 && (
            <Button variant="quiet" aria-expanded={rejectsShown} onClick={() => setRejectsShown(!rejectsShown)}>
              {job.rejectCount.toLocaleString("en")} refused
            </Button>
          )}
          {mayCancel && isOpen(job) && !job.cancelRequested && (
            <Button busy={cancel.busy} onClick={() => void cancel.submit({ id: job.id }).then(refetch)}>
              Cancel
            </Button>
          )}
          {mayRetry && (job.state === "FAILED" || job.state === "CANCELLED") && (
            <Button busy={retry.busy} onClick={() => void retry.submit({ id: job.id }).then(refetch)}>
              Retry
            </Button>
          )}
        </span>
      </div>
      {job.state === "QUEUED" && <p className="muted">Waiting for a free worker.</p>}
      {job.state === "RUNNING" && (
        <>
          <Progress label={`Progress of ${job.title}`} done={job.done} total={job.total ?? null} />
          {job.current && <p className="muted job-current">{job.current}</p>}
        </>
      )}
      {outcome && (
        <p>
          {importInWords(outcome)}
          {job.rejectCount > 0 && ` ${rejectsInWords(job.rejectCount)}`}
        </p>
      )}
      {job.error && <p className="job-error">{job.error}</p>}
      {(job.state === "FAILED" || job.state === "CANCELLED") && (
        <p className="muted">
          Nothing of it was saved.{mayRetry && " Retry reads the same file again; another file starts a new import."}
        </p>
      )}
      <Refusals refusals={[...cancel.refusals, ...retry.refusals]} />
      <FailureNotice failure={cancel.failure ?? retry.failure} />
      {changeShown && techniques && job.startedAt && job.finishedAt && (
        <WhatChanged from={job.startedAt} to={job.finishedAt} digest={outcome.digest} />
      )}
      {changeShown && compared && !techniques && <WhatDiffers result={outcome} />}
      {rejectsShown && <Rejects id={job.id} />}
    </li>
  );
}

function rejectsInWords(count: number): string {
  return count === 1
    ? "1 record was left out; the rest went in."
    : `${count.toLocaleString("en")} records were left out; the rest went in.`;
}

function withJob(before: InfiniteData<JobsQuery["jobs"], unknown> | undefined, job: Job) {
  if (!before) return before;
  return {
    ...before,
    pages: before.pages.map((page) => ({
      ...page,
      nodes: page.nodes.map((other) => (other.id === job.id ? job : other)),
    })),
  };
}
