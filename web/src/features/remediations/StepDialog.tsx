import { type FormEvent, useState } from "react";
import { otherRefusals, refusalsFor, useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { TextArea, TextField } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
import { PersonSelect } from "@/components/PersonSelect";
import { addRemediationStepDocument, updateRemediationStepDocument } from "./commands";
import type { Remediation, Step } from "./operations";

const fields = ["title", "notes", "ownerId"];

/** A new step, or other words for one. */
export function StepDialog({
  remediation,
  step,
  onClose,
  onDone,
}: {
  remediation: Remediation;
  step: Step | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const add = useCommand(addRemediationStepDocument);
  const update = useCommand(updateRemediationStepDocument);
  const command = step ? update : add;
  const [title, setTitle] = useState(step?.title ?? "");
  const [notes, setNotes] = useState(step?.notes ?? "");
  const [ownerId, setOwnerId] = useState(step?.owner?.id ?? "");
  const error = (field: string) => refusalsFor(command.refusals, field);
  const submit = async () => {
    const input = { id: remediation.id, title: title.trim(), notes, ownerId: ownerId || null };
    const payload = step ? await update.submit({ ...input, stepId: step.stepId }) : await add.submit(input);
    if (payload) onDone();
  };
  return (
    <Dialog title={step ? "Edit the step" : "Add a step"} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextField
          label="What is to be done"
          required
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          error={error("title")}
        />
        <PersonSelect label="Who does it" value={ownerId} onChange={setOwnerId} error={error("ownerId")} />
        <TextArea
          label="Notes"
          required={false}
          value={notes}
          onChange={(event) => setNotes(event.target.value)}
          error={error("notes")}
        />
        <Refusals refusals={otherRefusals(command.refusals, fields)} />
        <FailureNotice failure={command.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={command.busy}>
            {step ? "Save" : "Add step"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
