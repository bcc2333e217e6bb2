/** What waits for somebody, in the order it should be taken up. Pure. */
import type { Side, TestState } from "@/gql/graphql";
import { isPast } from "@/time";

interface Waiting {
  number: number;
  state: TestState;
  dueDate?: string | null;
  pendingVotes: readonly Side[];
}

export interface Group<Each> {
  key: TestState;
  title: string;
  tests: Each[];
}

const titles: readonly [TestState, string][] = [
  ["DISPUTED", "Your approval is disputed"],
  ["IN_REVIEW", "To vote on"],
  ["BLUE_EVALUATING", "To evaluate"],
  ["RED_EXECUTING", "Executing"],
  ["REJECTED", "Rejected, to reopen"],
  ["DRAFT", "Drafts to start"],
];

/** Groups by what is to be done, the nearest to the end first; in each the overdue first, then by due day. */
export function grouped<Each extends Waiting>(tests: readonly Each[], now: Date = new Date()): Group<Each>[] {
  const rank = (test: Each) => (test.dueDate == null ? 2 : isPast(test.dueDate, now) ? 0 : 1);
  return titles
    .map(([key, title]) => ({
      key,
      title,
      tests: tests
        .filter((test) => test.state === key)
        .toSorted(
          (left, right) =>
            rank(left) - rank(right) ||
            (left.dueDate ?? "").localeCompare(right.dueDate ?? "") ||
            left.number - right.number,
        ),
    }))
    .filter((group) => group.tests.length > 0);
}
