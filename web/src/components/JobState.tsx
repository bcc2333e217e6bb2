import { isOpen, type Job } from "@/api/jobs";
import type { JobState as State } from "@/gql/graphql";
import "./JobState.css";

const words: Record<State, string> = {
  QUEUED: "Queued",
  RUNNING: "Running",
  SUCCEEDED: "Succeeded",
  FAILED: "Failed",
  CANCELLED: "Cancelled",
};

/** How a job stands, by a sign and a word. */
export function JobState({ job }: { job: Pick<Job, "state" | "cancelRequested"> }) {
  return (
    <span className="job-state" data-state={job.state}>
      {job.cancelRequested && isOpen(job) ? "Cancelling" : words[job.state]}
    </span>
  );
}
