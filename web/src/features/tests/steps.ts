/** Which of the actions open to a person is the next step of the story. Pure. */
import type { Side, TestAction, TestState } from "@/gql/graphql";

interface Story {
  state: TestState;
  availableActions: readonly TestAction[];
  rounds: readonly {
    attack?: unknown;
    detection?: unknown;
    votes: readonly { side: Side; superseded: boolean }[];
  }[];
}

export interface Step {
  action: TestAction;
  label: string;
}

const labels: Record<TestAction, string> = {
  REVISE: "Revise",
  START_EXECUTION: "Start execution",
  RECORD_ATTACK: "Record attack",
  SUBMIT_EXECUTION: "Submit execution",
  RECORD_DETECTION: "Record detection",
  SUBMIT_EVALUATION: "Submit evaluation",
  VOTE_RED: "Vote for red",
  VOTE_BLUE: "Vote for blue",
  REOPEN: "Reopen",
  START_EVALUATION: "Take up",
  PAUSE_WORK: "Pause",
  RESUME_WORK: "Resume",
  ADD_RED_EVIDENCE: "Add red evidence",
  ADD_BLUE_EVIDENCE: "Add blue evidence",
  ARCHIVE: "Archive",
  RESTORE: "Restore",
  CLASSIFY: "Classify",
};

/** Steps that have a place of their own on the page: beside the clock, in a side, in the menu. */
const elsewhere: ReadonlySet<TestAction> = new Set([
  "PAUSE_WORK",
  "RESUME_WORK",
  "ADD_RED_EVIDENCE",
  "ADD_BLUE_EVIDENCE",
  "ARCHIVE",
  "CLASSIFY",
]);

/** The one primary step, or null when this person only waits; and everything else that is open. */
export function stepsOf(test: Story): { primary: Step | null; others: Step[] } {
  const open = new Set(test.availableActions);
  const round = test.rounds.at(-1);
  const voted = (side: Side) => round?.votes.some((vote) => vote.side === side && !vote.superseded) ?? false;

  const order: TestAction[] = ["START_EXECUTION"];
  // Until there is a record, taking up is blue's next step: it tells the others who is at it.
  if (!round?.detection) order.push("START_EVALUATION");
  // A record comes before its submission; once there is one, submitting is the next step.
  order.push(...(round?.attack ? (["SUBMIT_EXECUTION"] as const) : (["RECORD_ATTACK"] as const)));
  order.push(...(round?.detection ? (["SUBMIT_EVALUATION"] as const) : (["RECORD_DETECTION"] as const)));
  // A vote that is already cast may be replaced, but it is nobody's next step.
  if (!voted("RED")) order.push("VOTE_RED");
  if (!voted("BLUE")) order.push("VOTE_BLUE");
  // In a dispute the leads first look at each other's votes.
  if (test.state !== "DISPUTED") order.push("REOPEN");
  order.push("RESTORE");

  const label = (action: TestAction): string => {
    if (action === "RECORD_ATTACK" && round?.attack) return "Edit attack record";
    if (action === "RECORD_DETECTION" && round?.detection) return "Edit detection record";
    if (action === "VOTE_RED" && voted("RED")) return "Replace red vote";
    if (action === "VOTE_BLUE" && voted("BLUE")) return "Replace blue vote";
    return labels[action];
  };
  const primary = order.find((action) => open.has(action));
  return {
    primary: primary ? { action: primary, label: label(primary) } : null,
    others: test.availableActions
      .filter((action) => action !== primary && !elsewhere.has(action))
      .map((action) => ({ action, label: label(action) })),
  };
}

/** Who the test waits for, in words. */
export function waitingFor(state: TestState, pendingVotes: readonly Side[]): string | null {
  switch (state) {
    case "DRAFT":
      return "Waiting for red to start";
    case "RED_EXECUTING":
      return "Waiting for red to submit the execution";
    case "BLUE_EVALUATING":
      return "Waiting for blue to submit the evaluation";
    case "IN_REVIEW":
      return `Waiting for the vote of ${pendingVotes.map((side) => (side === "RED" ? "the red lead" : "the blue lead")).join(" and ")}`;
    case "DISPUTED":
      return "The leads disagree: one of them changes the vote, or reopens the test";
    case "REJECTED":
      return "Rejected; a lead can reopen it";
    case "VALIDATED":
      return null;
  }
}
