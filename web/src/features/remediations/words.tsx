import { remediationWords } from "@/components/Status";
import type { RemediationPriority, RemediationState, StepStatus } from "@/gql/graphql";

export const remediationStates = Object.keys(remediationWords) as RemediationState[];

/** Most urgent first. */
export const priorityWords: Record<RemediationPriority, string> = {
  CRITICAL: "Critical",
  HIGH: "High",
  MEDIUM: "Medium",
  LOW: "Low",
};

export const priorities = Object.keys(priorityWords) as RemediationPriority[];

export const stepWords: Record<StepStatus, string> = { TODO: "To do", DOING: "Doing", DONE: "Done" };

export function RemediationBadge({ state }: { state: RemediationState }) {
  return (
    <span className="remediation-badge" data-state={state}>
      <span className="remediation-sign" aria-hidden="true" />
      {remediationWords[state]}
    </span>
  );
}

export function Priority({ value }: { value: RemediationPriority }) {
  return (
    <span className="priority" data-priority={value}>
      <span className="priority-sign" aria-hidden="true" />
      {priorityWords[value]}
    </span>
  );
}
