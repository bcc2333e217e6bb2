import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useCommand } from "@/api/command";
import { Dialog } from "@/components/Dialog";
import { draftTestDocument } from "./commands";
import { emptyContent, TestForm, toInput } from "./TestForm";

export function DraftTestDialog({
  attackId = "",
  onClose,
  onDrafted,
}: {
  attackId?: string;
  onClose: () => void;
  onDrafted: (number: number) => void;
}) {
  const queryClient = useQueryClient();
  const [content, setContent] = useState({ ...emptyContent, attackId });
  const draft = useCommand(draftTestDocument);

  const submit = async () => {
    const payload = await draft.submit(toInput(content));
    if (!payload) return;
    void queryClient.invalidateQueries({ queryKey: ["tests"] });
    if (payload.test) onDrafted(payload.test.number);
    else onClose();
  };

  const touched = content.title !== "" || content.description !== "" || content.objective !== "";
  return (
    <Dialog
      title="Draft a test"
      onClose={onClose}
      guard={() => !touched || window.confirm("Leave without saving this draft?")}
    >
      <TestForm
        content={content}
        onContent={setContent}
        onSubmit={() => void submit()}
        onCancel={onClose}
        submitLabel="Draft test"
        busy={draft.busy}
        refusals={draft.refusals}
        failure={draft.failure}
      />
    </Dialog>
  );
}
