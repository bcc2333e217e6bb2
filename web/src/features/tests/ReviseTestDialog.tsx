import { useState } from "react";
import { useCommand } from "@/api/command";
import { Dialog } from "@/components/Dialog";
import { reviseTestDocument } from "./commands";
import type { TestDetail } from "./operations";
import { TestForm, toInput } from "./TestForm";

export function ReviseTestDialog({
  test,
  onClose,
  onDone,
}: {
  test: TestDetail;
  onClose: () => void;
  onDone: () => void;
}) {
  const [content, setContent] = useState({
    attackId: test.technique?.attackId ?? test.draftedAttackId,
    title: test.title,
    description: test.description,
    objective: test.objective,
    plannedProcedure: test.plannedProcedure,
    plannedTool: test.plannedTool ?? "",
    targetEnvironment: test.targetEnvironment,
    platform: test.platform ?? "",
    tags: test.tags.join(", "),
    assigneeId: test.assignee?.id ?? "",
    dueDate: test.dueDate ?? "",
  });
  const revise = useCommand(reviseTestDocument);
  const baseVersion = useBaseVersion(test.version, revise.refusals);

  const submit = async () => {
    const payload = await revise.submit({ id: test.id, ...toInput(content), expectedVersion: baseVersion });
    if (payload) onDone();
  };

  return (
    <Dialog title={`Revise #${test.number}`} onClose={onClose}>
      <TestForm
        content={content}
        onContent={setContent}
        onSubmit={() => void submit()}
        onCancel={onClose}
        submitLabel="Save"
        busy={revise.busy}
        refusals={revise.refusals}
        failure={revise.failure}
      />
    </Dialog>
  );
}

/**
 * The version a form was opened on. After a conflict the person has been told to look again,
 * so the next try is made against the newest version.
 */
export function useBaseVersion(newest: number, refusals: readonly { code: string }[]): number {
  const [opened] = useState(newest);
  return refusals.some((refusal) => refusal.code === "CONFLICT") ? newest : opened;
}
