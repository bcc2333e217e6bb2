/** The words and signs of coverage and of a test's state. Shape carries the meaning, colour repeats it. */
import type {
  CampaignState,
  Classification,
  ContainmentResult,
  CoverageStatus,
  DetectionResult,
  RemediationState,
  Role,
  TestState,
} from "@/gql/graphql";

export const coverageWords: Record<CoverageStatus, string> = {
  VALIDATED: "Validated",
  PARTIAL: "Partial",
  NOT_COVERED: "Not covered",
  IN_PROGRESS: "In progress",
  NOT_EVALUATED: "Not evaluated",
};

/** From proven to unknown: the order of legends and filters. */
export const coverageOrder: readonly CoverageStatus[] = [
  "VALIDATED",
  "PARTIAL",
  "NOT_COVERED",
  "IN_PROGRESS",
  "NOT_EVALUATED",
];

export const campaignWords: Record<CampaignState, string> = {
  DRAFT: "Draft",
  ACTIVE: "Active",
  COMPLETED: "Completed",
  ARCHIVED: "Archived",
};

/** From begun to proven; the accepted stand apart at the end. */
export const remediationWords: Record<RemediationState, string> = {
  OPEN: "Open",
  IN_PROGRESS: "In progress",
  BLOCKED: "Blocked",
  COMPLETED: "Completed",
  VERIFIED: "Verified",
  RISK_ACCEPTED: "Risk accepted",
};

/** The filled square with its sign, as in a matrix cell. */
export function StatusMark({ status }: { status: CoverageStatus }) {
  return (
    <span className="status-mark" data-status={status} aria-hidden="true">
      <span className="sign" />
    </span>
  );
}

export function CoverageLabel({ status }: { status: CoverageStatus }) {
  return (
    <span className="status-label">
      <StatusMark status={status} />
      {coverageWords[status]}
    </span>
  );
}

export const stateWords: Record<TestState, string> = {
  DRAFT: "Draft",
  RED_EXECUTING: "Red executing",
  BLUE_EVALUATING: "Blue evaluating",
  IN_REVIEW: "In review",
  DISPUTED: "Disputed",
  VALIDATED: "Validated",
  REJECTED: "Rejected",
};

export const stateOrder: readonly TestState[] = [
  "DRAFT",
  "RED_EXECUTING",
  "BLUE_EVALUATING",
  "IN_REVIEW",
  "DISPUTED",
  "VALIDATED",
  "REJECTED",
];

export function StateBadge({ state }: { state: TestState }) {
  return (
    <span className="state-badge" data-state={state}>
      <span className="state-sign" aria-hidden="true" />
      {stateWords[state]}
    </span>
  );
}

export const detectionWords: Record<DetectionResult, string> = {
  DETECTED: "Detected",
  PARTIALLY_DETECTED: "Partially detected",
  NOT_DETECTED: "Not detected",
};

export const containmentWords: Record<ContainmentResult, string> = {
  CONTAINED: "Contained",
  PARTIALLY_CONTAINED: "Partially contained",
  NOT_CONTAINED: "Not contained",
  NOT_APPLICABLE: "Not applicable",
};

/** From the least to the most confidential. */
export const classificationWords: Record<Classification, string> = {
  PUBLIC: "Public",
  INTERNAL: "Internal",
  CONFIDENTIAL: "Confidential",
  RESTRICTED: "Restricted",
};

export const roleWords: Record<Role, string> = {
  ADMIN: "Admin",
  RED_LEAD: "Red lead",
  BLUE_LEAD: "Blue lead",
  RED_TECH: "Red technician",
  BLUE_TECH: "Blue technician",
  VIEWER: "Viewer",
};
