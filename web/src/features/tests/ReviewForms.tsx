import { type FormEvent, useState } from "react";
import { otherRefusals, refusalsFor, useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Choice, TextArea } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
import type { Side, Verdict } from "@/gql/graphql";
import { castVoteDocument, reopenTestDocument } from "./commands";
import type { Evidence } from "./evidence/operations";
import type { TestDetail } from "./operations";
import { changeInWords, changeSince, standing } from "./provenance";

interface Props {
  test: TestDetail;
  onClose: () => void;
  onDone: () => void;
}

export function VoteDialog({
  test,
  side,
  onClose,
  onDone,
  onChanged,
}: Props & { side: Side; onChanged: () => Promise<unknown> }) {
  const vote = useCommand(castVoteDocument);
  const files = test.rounds.at(-1)?.evidence ?? [];
  // What stood when the dialog was opened, or when the person last said they had looked.
  const [seen, setSeen] = useState(() => standing(files).map((file) => file.evidenceId));
  const change = changeSince(seen, files);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [notes, setNotes] = useState("");
  const [unanswered, setUnanswered] = useState(false);
  const fields = ["verdict", "notes"];

  const submit = async () => {
    setUnanswered(verdict === null);
    if (verdict === null) return;
    if (await vote.submit({ id: test.id, side, verdict, notes: notes || null, seenEvidenceIds: seen })) onDone();
    // A conflict says that this page is behind: the newest evidence is fetched, and named below.
    else await onChanged();
  };

  return (
    <Dialog title={`Vote for ${side === "RED" ? "red" : "blue"} on #${test.number}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Choice
          label="Verdict"
          options={[
            { value: "APPROVED", label: "Approve" },
            { value: "REJECTED", label: "Reject" },
          ]}
          value={verdict}
          onChange={setVerdict}
          error={unanswered ? "Choose a verdict." : refusalsFor(vote.refusals, "verdict")}
        />
        <TextArea
          label="Notes"
          required={false}
          value={notes}
          onChange={(event) => setNotes(event.target.value)}
          error={refusalsFor(vote.refusals, "notes")}
          hint="Both sides and later auditors read this."
        />
        <SeenEvidence files={files} />
        {change && (
          <div className="notice notice-error vote-conflict" role="alert">
            <div>
              <p>
                <strong>The evidence has changed since you opened this: {changeInWords(change)}.</strong>
              </p>
              <p>{[...change.added, ...change.removed].join(", ")}</p>
            </div>
            <Button
              className="notice-action"
              onClick={() => {
                vote.reset();
                setSeen(standing(files).map((file) => file.evidenceId));
              }}
            >
              I have looked at it
            </Button>
          </div>
        )}
        {/* The change above says the same, with what to do about it. */}
        <Refusals refusals={change ? [] : otherRefusals(vote.refusals, fields)} />
        <FailureNotice failure={vote.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={vote.busy} disabled={change !== null}>
            Cast vote
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function SeenEvidence({ files }: { files: readonly Evidence[] }) {
  const shown = standing(files);
  return (
    <p className="muted">
      {shown.length === 0
        ? "No evidence was added in this round. The vote will say so."
        : `The vote will name the evidence it saw: ${shown.map((file) => file.fileName).join(", ")}.`}
    </p>
  );
}

export function ReopenDialog({ test, onClose, onDone }: Props) {
  const reopen = useCommand(reopenTestDocument);
  const [reason, setReason] = useState("");

  const submit = async () => {
    if (await reopen.submit({ id: test.id, reason, expectedVersion: test.version })) onDone();
  };

  return (
    <Dialog title={`Reopen #${test.number}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p className="muted">A new round begins. Round {test.round} stays readable with its records and votes.</p>
        <TextArea
          label="Reason"
          required
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          error={refusalsFor(reopen.refusals, "reason")}
        />
        <Refusals refusals={otherRefusals(reopen.refusals, ["reason"])} />
        <FailureNotice failure={reopen.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={reopen.busy}>
            Reopen test
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
