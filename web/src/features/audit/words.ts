/** What the audit log speaks of, in words. Pure. */
import type { AuditSource } from "@/gql/graphql";

/** Kinds of things by the names the record has for them, in the order of the filter. */
export const kindWords: Readonly<Record<string, string>> = {
  test: "Test",
  campaign: "Campaign",
  remediation: "Remediation",
  template: "Template",
  account: "Account",
  review_policy: "Review policy",
  access_policy: "Access policy",
  knowledge: "ATT&CK data",
  job: "Job",
  Upload: "Upload",
  Webhook: "Webhook",
  access_journal: "Access log",
};

/** A kind that came with an update has its own name until it gets a word here. */
export function kindOf(entityType: string): string {
  return kindWords[entityType] ?? entityType;
}

export const sourceWords: Record<AuditSource, string> = {
  LEDGER: "Ledger: it changed something, for good",
  ACCESS_LOG: "Access log: nothing in the record changed",
};

/** The end of an id, which tells two apart at a glance; short ids stay as they are. */
export function shortId(id: string): string {
  return id.length > 12 ? `…${id.slice(-8)}` : id;
}

/** Things without a page of their own number or name. */
const placesOf: Readonly<Record<string, "/review-policy" | "/access-policy" | "/webhooks" | "/jobs" | "/system">> = {
  review_policy: "/review-policy",
  access_policy: "/access-policy",
  Webhook: "/webhooks",
  Upload: "/jobs",
  knowledge: "/system",
};

export function placeOf(entityType: string | null | undefined) {
  return entityType ? placesOf[entityType] : undefined;
}
