import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useCommand } from "@/api/command";
import { cancelJobDocument, isOpen, type Job, jobQuery, retryJobDocument } from "@/api/jobs";
import { Button } from "@/components/Button";
import { Instant } from "@/components/Instant";
import { JobState } from "@/components/JobState";
import { FailureNotice, Refusals } from "@/components/Notices";
import { Progress } from "@/components/Progress";
import { importInWords, readImport } from "@/importResult";
import { formatDuration } from "@/time";
import { sourcesKey } from "./operations";

/** A job: how it goes, what came of it, and stopping or repeating it. */
export function JobInFull({ job, children }: { job: Job; children?: ReactNode }) {
  const queryClient = useQueryClient();
  const cancel = useCommand(cancelJobDocument);
  const retry = useCommand(retryJobDocument);
  const result = readImport(job.result);
  const changed = () => {
    void queryClient.invalidateQueries({ queryKey: jobQuery(job.id).queryKey });
    void queryClient.invalidateQueries({ queryKey: sourcesKey });
  };
  return (
    <div className="job-in-full" data-testid="source-job" data-state={job.state}>
      <div className="job-line">
        <JobState job={job} />
        <strong>{job.title}</strong>
        <span className="muted">
          by {job.requestedBy.name}, <Instant at={job.requestedAt} />
          {job.startedAt && job.finishedAt && `, took ${formatDuration(job.startedAt, job.finishedAt)}`}
          {job.attempts > 1 && `, attempt ${job.attempts}`}
        </span>
        {isOpen(job) && !job.cancelRequested && (
          <Button busy={cancel.busy} onClick={() => void cancel.submit({ id: job.id }).then(changed)}>
            Cancel
          </Button>
        )}
        {(job.state === "FAILED" || job.state === "CANCELLED") && (
          <Button busy={retry.busy} onClick={() => void retry.submit({ id: job.id }).then(changed)}>
            Retry
          </Button>
        )}
      </div>
      {job.state === "QUEUED" && <p className="muted">Waiting for a free worker.</p>}
      {job.state === "RUNNING" && (
        <>
          <Progress label={`Progress of ${job.title}`} done={job.done} total={job.total ?? null} />
          {job.current && <p className="muted source-clip">{job.current}</p>}
        </>
      )}
      {result && <p>{importInWords(result)}</p>}
      {result?.fetchedFrom && (
        <p className="muted source-address">
          Fetched from {result.fetchedFrom}
          {result.notFetched.length > 0 && `, after other addresses did not answer: ${result.notFetched.join("; ")}`}.
        </p>
      )}
      {job.error && <p className="job-error">{job.error}</p>}
      {(job.state === "FAILED" || job.state === "CANCELLED") && <p className="muted">Nothing of it was saved.</p>}
      <Refusals refusals={[...cancel.refusals, ...retry.refusals]} />
      <FailureNotice failure={cancel.failure ?? retry.failure} />
      {children}
    </div>
  );
}
