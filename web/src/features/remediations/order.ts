/** Which remediation is to be taken up first. Pure. */
import type { RemediationPriority } from "@/gql/graphql";
import { priorities } from "./words";

interface Due {
  number: number;
  overdue: boolean;
  dueDate?: string | null;
  priority: RemediationPriority;
}

/** The overdue first, then the more urgent, then the next due. */
export function byUrgency<Each extends Due>(remediations: readonly Each[]): Each[] {
  return remediations.toSorted(
    (left, right) =>
      Number(right.overdue) - Number(left.overdue) ||
      priorities.indexOf(left.priority) - priorities.indexOf(right.priority) ||
      (left.dueDate ?? "9999").localeCompare(right.dueDate ?? "9999") ||
      left.number - right.number,
  );
}
