/** Dialogs of what is done with a test now and then. */
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { otherRefusals, refusalsFor, useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Choice, TextField } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
import { ReasonDialog } from "@/components/ReasonDialog";
import { classificationWords } from "@/components/Status";
import type { Classification } from "@/gql/graphql";
import { archiveTestDocument, classifyTestDocument, cloneTestDocument, pauseWorkDocument } from "./commands";
import type { TestDetail } from "./operations";

interface Props {
  test: TestDetail;
  onClose: () => void;
  onDone: () => void;
}

export function PauseDialog({ test, onClose, onDone }: Props) {
  const pause = useCommand(pauseWorkDocument);
  const side = test.state === "RED_EXECUTING" ? "red" : "blue";
  return (
    <ReasonDialog
      title={`Pause the work of ${side}`}
      submitLabel="Pause"
      command={pause}
      onClose={onClose}
      onSubmit={async (reason) => {
        if (await pause.submit({ id: test.id, reason, expectedVersion: test.version })) onDone();
      }}
    >
      The clock of {side} stands still until somebody resumes. The pause stays readable with its reason.
    </ReasonDialog>
  );
}

export function ArchiveDialog({ test, onClose, onDone }: Props) {
  const archive = useCommand(archiveTestDocument);
  return (
    <ReasonDialog
      title={`Archive #${test.number}`}
      submitLabel="Archive test"
      label="Reason, if there is one"
      required={false}
      command={archive}
      onClose={onClose}
      onSubmit={async (reason) => {
        if (await archive.submit({ id: test.id, reason: reason || null, expectedVersion: test.version })) onDone();
      }}
    >
      It leaves the lists and counts for nothing. Its history stays, and it can be restored.
    </ReasonDialog>
  );
}

const meanings: Record<Classification, string> = {
  PUBLIC: "Anybody may know.",
  INTERNAL: "For the organisation.",
  CONFIDENTIAL: "For those who need it.",
  RESTRICTED: "For those who are named.",
};

export function ClassifyDialog({ test, onClose, onDone }: Props) {
  const classify = useCommand(classifyTestDocument);
  const [classification, setClassification] = useState(test.classification);
  return (
    <Dialog title={`Classify #${test.number}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void classify
            .submit({ id: test.id, classification, expectedVersion: test.version })
            .then((payload) => payload && onDone());
        }}
      >
        <Choice
          label="Classification"
          options={(Object.keys(classificationWords) as Classification[]).map((value) => ({
            value,
            label: classificationWords[value],
          }))}
          value={classification}
          onChange={setClassification}
          error={refusalsFor(classify.refusals, "classification")}
        />
        <p className="muted">{meanings[classification]} It is a label for people: it changes nothing about who may read.</p>
        <Refusals refusals={otherRefusals(classify.refusals, ["classification"])} />
        <FailureNotice failure={classify.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={classify.busy}>
            Classify
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

export function CloneDialog({ test, onClose }: Props) {
  const clone = useCommand(cloneTestDocument);
  const navigate = useNavigate();
  const [title, setTitle] = useState(test.title);
  const submit = async () => {
    const payload = await clone.submit({ id: test.id, title: title.trim() || null });
    if (!payload) return;
    onClose();
    if (payload.test) await navigate({ to: "/tests/$number", params: { number: String(payload.test.number) } });
  };
  return (
    <Dialog title={`Clone #${test.number}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p className="muted">A new draft with the same content, without rounds, votes and evidence.</p>
        <TextField
          label="Title"
          required
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          error={refusalsFor(clone.refusals, "title")}
        />
        <Refusals refusals={otherRefusals(clone.refusals, ["title"])} />
        <FailureNotice failure={clone.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={clone.busy}>
            Clone test
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
