/** How the machine stands, in words. Pure. */
import type { Status, Work } from "./operations";

type Projection = Pick<Status["projections"][number], "lag" | "error">;

export type Standing = "fine" | "behind" | "stopped";

/** Events behind which a follower merely follows: a moment's worth. */
const momentOfEvents = 50;

export function standingOf(projection: Projection): Standing {
  if (projection.error != null) return "stopped";
  return projection.lag > momentOfEvents ? "behind" : "fine";
}

export const standingWords: Record<Standing, string> = {
  fine: "Up to date",
  behind: "Catching up",
  stopped: "Stopped",
};

/** One line above everything else, and whether somebody has to look. */
export function verdictOf(status: Pick<Status, "sealingStopped" | "projections">): { standing: Standing; words: string } {
  const count = (standing: Standing) =>
    status.projections.filter((projection) => standingOf(projection) === standing).length;
  const stopped = count("stopped");
  if (status.sealingStopped != null) return { standing: "stopped", words: "Sealing has stopped." };
  if (stopped > 0) {
    return {
      standing: "stopped",
      words: `${stopped} of ${status.projections.length} projections ${stopped === 1 ? "has" : "have"} stopped.`,
    };
  }
  const behind = count("behind");
  if (behind > 0) {
    return { standing: "behind", words: `${behind} of ${status.projections.length} projections catch up with the ledger.` };
  }
  return { standing: "fine", words: "The ledger is sealed, and every projection follows it." };
}

export interface Counts {
  queued: number;
  running: number;
  failed: number;
}

/** Of the newest jobs, how many are in which state. */
export function jobCounts(jobs: Work["jobs"]["nodes"]): Counts {
  const of = (state: Work["jobs"]["nodes"][number]["state"]) => jobs.filter((job) => job.state === state).length;
  return { queued: of("QUEUED"), running: of("RUNNING"), failed: of("FAILED") };
}

export function webhookCounts(webhooks: Work["webhooks"]): { on: number; waiting: number; givenUp: number } {
  return {
    on: webhooks.filter((webhook) => webhook.active).length,
    waiting: webhooks.reduce((sum, webhook) => sum + webhook.pendingDeliveries, 0),
    givenUp: webhooks.reduce((sum, webhook) => sum + webhook.failedDeliveries, 0),
  };
}
