import { useCommand } from "@/api/command";
import type { TestAction } from "@/gql/graphql";
import {
  restoreTestDocument,
  resumeWorkDocument,
  startEvaluationDocument,
  startExecutionDocument,
  submitEvaluationDocument,
  submitExecutionDocument,
} from "./commands";
import type { TestDetail } from "./operations";

/** The steps that need nothing but a click. `take` is false for those that ask for something first. */
export function useDirectSteps(test: TestDetail) {
  const startExecution = useCommand(startExecutionDocument);
  const submitExecution = useCommand(submitExecutionDocument);
  const startEvaluation = useCommand(startEvaluationDocument);
  const submitEvaluation = useCommand(submitEvaluationDocument);
  const resume = useCommand(resumeWorkDocument);
  const restore = useCommand(restoreTestDocument);
  const commands = [startExecution, submitExecution, startEvaluation, submitEvaluation, resume, restore];

  const take = async (action: TestAction): Promise<boolean> => {
    for (const command of commands) command.reset();
    const input = { id: test.id, expectedVersion: test.version };
    switch (action) {
      case "START_EXECUTION":
        await startExecution.submit(input);
        return true;
      case "SUBMIT_EXECUTION":
        await submitExecution.submit(input);
        return true;
      case "START_EVALUATION":
        await startEvaluation.submit(input);
        return true;
      case "SUBMIT_EVALUATION":
        await submitEvaluation.submit(input);
        return true;
      case "RESUME_WORK":
        await resume.submit(input);
        return true;
      case "RESTORE":
        await restore.submit(input);
        return true;
      case "REVISE":
      case "RECORD_ATTACK":
      case "RECORD_DETECTION":
      case "VOTE_RED":
      case "VOTE_BLUE":
      case "REOPEN":
      case "PAUSE_WORK":
      case "ADD_RED_EVIDENCE":
      case "ADD_BLUE_EVIDENCE":
      case "ARCHIVE":
      case "CLASSIFY":
        return false;
    }
  };
  return { take, busy: commands.some((command) => command.busy), commands };
}
