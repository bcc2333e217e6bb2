import { campaignWords } from "@/components/Status";
import type { CampaignKind, CampaignState, MissedRuns, RunChange, ScheduleEvery } from "@/gql/graphql";

export const campaignStates = Object.keys(campaignWords) as CampaignState[];

export const kindWords: Record<CampaignKind, string> = {
  CUSTOM: "Custom",
  PURPLE_TEAM: "Purple team",
  RED_TEAM: "Red team",
  BLUE_TEAM: "Blue team",
  TABLETOP: "Tabletop",
  THREAT_ACTOR: "Threat actor",
};

export const everyWords: Record<ScheduleEvery, string> = {
  WEEKLY: "Weekly",
  MONTHLY: "Monthly",
  QUARTERLY: "Quarterly",
};

export const missedWords: Record<MissedRuns, string> = {
  CREATE_ALL: "Make each of them, late",
  LATEST_ONLY: "Make only the latest, note the others as skipped",
};

export const changeWords: Record<RunChange, string> = {
  BETTER: "Better",
  WORSE: "Worse",
  SAME: "Same",
  NEW: "New",
  GONE: "Gone",
  OPEN: "Not validated in both",
};

export function CampaignBadge({ state }: { state: CampaignState }) {
  return (
    <span className="campaign-badge" data-state={state}>
      <span className="campaign-sign" aria-hidden="true" />
      {campaignWords[state]}
    </span>
  );
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `31 Jan 2026, 09:00` of a wall-clock time, which is meant in the schedule's zone. */
export function formatDue(due: string): string {
  const [day = "", clock = ""] = due.split("T");
  const [year, month, date] = day.split("-").map(Number);
  return `${date} ${months[(month ?? 1) - 1]} ${year}, ${clock.slice(0, 5)}`;
}
