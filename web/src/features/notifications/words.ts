/** What people can be told, in words, and where it leads. Pure. */
import type { MailPreference, NotificationKind } from "@/gql/graphql";
import type { Notification } from "./operations";

export const kindWords: Record<NotificationKind, string> = {
  TEST_ASSIGNED: "A test is given to you",
  TEST_TO_EVALUATE: "Red hands a test over to blue",
  TEST_IN_REVIEW: "A test waits for the leads' votes",
  TEST_VALIDATED: "A test is validated",
  TEST_REJECTED: "A side of a test is rejected",
  TEST_DISPUTED: "The leads disagree about a test",
  TEST_REOPENED: "A rejected test starts again",
  RETEST_DRAFTED: "A remediated test is to be tested again",
  REMEDIATION_ASSIGNED: "A remediation is given to you",
  REMEDIATION_BLOCKED: "Something is in the way of a remediation",
  REMEDIATION_REOPENED: "A remediation is to be worked on again",
  REMEDIATION_VERIFIED: "The retest of a remediation is detected",
  COMMENT_MENTION: "A comment mentions you",
  COMMENT_POSTED: "Somebody comments on what you have to do with",
  CAMPAIGN_ACTIVATED: "A campaign begins",
  CAMPAIGN_COMPLETED: "A campaign ends",
  CAMPAIGN_RUN_CREATED: "A schedule makes a campaign",
  SYNC_FINISHED: "An import is finished",
  JOB_FAILED: "A job fails",
};

export const mailWords: Record<MailPreference, string> = {
  AT_ONCE: "At once",
  DAILY_DIGEST: "Once a day",
  OFF: "No",
};

/** The page of what a notification is about. */
export function wayTo({ kind, number }: Pick<Notification["subject"], "kind" | "number">): string {
  if (kind === "JOB" || number == null) return "/jobs";
  const pages = { TEST: "/tests", CAMPAIGN: "/campaigns", REMEDIATION: "/remediations" } as const;
  return `${pages[kind]}/${number}`;
}

/** Figures above this say no more. */
const most = 99;

export function bellCount(unread: number): string {
  return unread > most ? `${most}+` : String(unread);
}
