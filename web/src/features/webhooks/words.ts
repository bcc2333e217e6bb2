/** What webhooks are told, how a delivery stands, and when to look again. Pure. */
import type { NotificationKind, WebhookDeliveryState } from "@/gql/graphql";
import type { Delivery } from "./operations";

/** In the order in which they are offered. */
export const kindGroups: readonly { label: string; kinds: readonly NotificationKind[] }[] = [
  {
    label: "Tests",
    kinds: [
      "TEST_ASSIGNED",
      "TEST_TO_EVALUATE",
      "TEST_IN_REVIEW",
      "TEST_VALIDATED",
      "TEST_REJECTED",
      "TEST_DISPUTED",
      "TEST_REOPENED",
      "RETEST_DRAFTED",
    ],
  },
  {
    label: "Remediations",
    kinds: ["REMEDIATION_ASSIGNED", "REMEDIATION_BLOCKED", "REMEDIATION_REOPENED", "REMEDIATION_VERIFIED"],
  },
  { label: "Campaigns", kinds: ["CAMPAIGN_ACTIVATED", "CAMPAIGN_COMPLETED", "CAMPAIGN_RUN_CREATED"] },
  { label: "Comments", kinds: ["COMMENT_POSTED", "COMMENT_MENTION"] },
  { label: "The machine", kinds: ["SYNC_FINISHED", "JOB_FAILED"] },
];

export const kindWords: Record<NotificationKind, string> = {
  TEST_ASSIGNED: "Assigned",
  TEST_TO_EVALUATE: "Handed over to blue",
  TEST_IN_REVIEW: "Handed over to the leads",
  TEST_VALIDATED: "Validated",
  TEST_REJECTED: "Rejected",
  TEST_DISPUTED: "Disputed",
  TEST_REOPENED: "Reopened",
  RETEST_DRAFTED: "Retest drafted",
  REMEDIATION_ASSIGNED: "Assigned",
  REMEDIATION_BLOCKED: "Blocked",
  REMEDIATION_REOPENED: "Reopened",
  REMEDIATION_VERIFIED: "Verified",
  CAMPAIGN_ACTIVATED: "Activated",
  CAMPAIGN_COMPLETED: "Completed",
  CAMPAIGN_RUN_CREATED: "Run made by a schedule",
  COMMENT_POSTED: "Posted",
  COMMENT_MENTION: "Mentions somebody",
  SYNC_FINISHED: "Import finished",
  JOB_FAILED: "Job failed",
};

/** What a webhook is told, on one line. */
export function toldWords(events: readonly NotificationKind[]): string {
  if (events.length === 0) return "Everything";
  return events.length === 1 ? "1 kind" : `${events.length} kinds`;
}

export const stateWords: Record<WebhookDeliveryState, string> = {
  PENDING: "Waiting",
  DELIVERED: "Delivered",
  FAILED: "Given up",
};

/** As often as a delivery is tried. */
export const mostAttempts = 8;

/** What the last attempt was answered with; an attempt that got no answer has its reason. */
export function answerWords(delivery: Pick<Delivery, "lastStatus" | "lastError">): string | null {
  if (delivery.lastStatus != null) return String(delivery.lastStatus);
  return delivery.lastError ?? null;
}

const soonestMs = 2_000;
const calmMs = 15_000;

/** How long until the log is worth another look: soon while a try is due, seldom while nothing is. */
export function pollMs(
  deliveries: readonly Pick<Delivery, "state" | "nextAttemptAt">[],
  active: boolean,
  now: number,
): number {
  // What is switched off sends nothing, however long something waits.
  if (!active) return calmMs;
  const due = deliveries
    .filter((delivery) => delivery.state === "PENDING" && delivery.nextAttemptAt != null)
    .map((delivery) => new Date(delivery.nextAttemptAt ?? 0).getTime() - now);
  return Math.min(calmMs, Math.max(soonestMs, Math.min(...due)));
}

/** The body as it was sent, in lines; a body that does not read stays as it is. */
export function readable(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload;
  }
}
