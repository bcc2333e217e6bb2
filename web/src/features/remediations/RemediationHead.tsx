import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { otherRefusals, refusalsFor, useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { TextArea, TextField } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
import { PersonSelect } from "@/components/PersonSelect";
import { ReasonDialog } from "@/components/ReasonDialog";
import { StatusMark } from "@/components/Status";
import type { RemediationAction } from "@/gql/graphql";
import {
  acceptRiskDocument,
  assignRemediationDocument,
  blockRemediationDocument,
  completeRemediationDocument,
  reopenRemediationDocument,
  startRemediationDocument,
  unblockRemediationDocument,
  updateRemediationDocument,
} from "./commands";
import type { Remediation } from "./operations";
import { RemediationFormDialog, toInput } from "./RemediationForm";
import { RemediationBadge } from "./words";

type Opened = "BLOCK" | "COMPLETE" | "REOPEN" | "ACCEPT_RISK" | "ASSIGN" | "REVISE";

/** The next steps in the order they are offered; the first that is open is the primary one. */
const primaries: readonly RemediationAction[] = ["START", "UNBLOCK", "COMPLETE"];

const labels: Partial<Record<RemediationAction, string>> = {
  START: "Start",
  UNBLOCK: "Unblock",
  COMPLETE: "Complete",
  BLOCK: "Block",
  ACCEPT_RISK: "Accept the risk",
  REOPEN: "Reopen",
  ASSIGN: "Assign",
  REVISE: "Revise",
};

export function RemediationHead({
  remediation,
  open,
  onChanged,
}: {
  remediation: Remediation;
  open: ReadonlySet<RemediationAction>;
  onChanged: () => void;
}) {
  const start = useCommand(startRemediationDocument);
  const unblock = useCommand(unblockRemediationDocument);
  const block = useCommand(blockRemediationDocument);
  const complete = useCommand(completeRemediationDocument);
  const reopen = useCommand(reopenRemediationDocument);
  const update = useCommand(updateRemediationDocument);
  const [opened, setOpened] = useState<Opened | null>(null);
  const input = { id: remediation.id, expectedVersion: remediation.version };
  const close = () => setOpened(null);
  const done = () => {
    close();
    onChanged();
  };
  const take = async (action: RemediationAction) => {
    start.reset();
    unblock.reset();
    switch (action) {
      case "START":
        await start.submit(input);
        onChanged();
        return;
      case "UNBLOCK":
        await unblock.submit(input);
        onChanged();
        return;
      case "BLOCK":
      case "COMPLETE":
      case "REOPEN":
      case "ACCEPT_RISK":
      case "ASSIGN":
      case "REVISE":
        setOpened(action);
        return;
      case "ADD_STEP":
      case "CHANGE_STEPS":
        return;
    }
  };
  const primary = primaries.find((action) => open.has(action));
  const offered = (Object.keys(labels) as RemediationAction[]).filter((action) => open.has(action) && action !== primary);
  return (
    <>
      <header className="page-head">
        <div>
          <p className="crumb">
            {remediation.technique ? (
              <Link to="/techniques/$attackId" params={{ attackId: remediation.technique.attackId }}>
                <StatusMark status={remediation.technique.coverage.status} /> {remediation.technique.attackId}{" "}
                {remediation.technique.name}
              </Link>
            ) : (
              <span className="muted">{remediation.attackId}, not part of the imported ATT&amp;CK release</span>
            )}
          </p>
          <h1>
            <span className="attack-id">#{remediation.number}</span> {remediation.title}
          </h1>
          <p className="story-state" data-testid="remediation-state" data-state={remediation.state}>
            <RemediationBadge state={remediation.state} />
          </p>
        </div>
        <div className="page-actions" role="group" aria-label="Actions">
          {offered.map((action) => (
            <Button key={action} onClick={() => void take(action)}>
              {labels[action]}
            </Button>
          ))}
          {primary && (
            <Button
              variant="primary"
              busy={start.busy || unblock.busy}
              data-testid="primary-action"
              onClick={() => void take(primary)}
            >
              {labels[primary]}
            </Button>
          )}
        </div>
      </header>
      {[start, unblock].map((command, index) => (
        <div key={index} className="story-problems">
          <Refusals refusals={command.refusals} />
          <FailureNotice failure={command.failure} />
        </div>
      ))}
      {opened === "BLOCK" && (
        <ReasonDialog
          title={`Block #${remediation.number}`}
          label="What is in the way"
          submitLabel="Block"
          command={block}
          onClose={close}
          onSubmit={async (reason) => {
            if (await block.submit({ ...input, reason })) done();
          }}
        />
      )}
      {opened === "COMPLETE" && (
        <ReasonDialog
          title={`Complete #${remediation.number}`}
          label="What was done"
          required={false}
          submitLabel="Complete"
          command={complete}
          onClose={close}
          onSubmit={async (notes) => {
            if (await complete.submit({ ...input, notes: notes || null })) done();
          }}
        >
          A retest of the original test is drafted by itself.
        </ReasonDialog>
      )}
      {opened === "REOPEN" && (
        <ReasonDialog
          title={`Reopen #${remediation.number}`}
          submitLabel="Reopen"
          command={reopen}
          onClose={close}
          onSubmit={async (reason) => {
            if (await reopen.submit({ ...input, reason })) done();
          }}
        >
          The work starts again. What was done before stays readable.
        </ReasonDialog>
      )}
      {opened === "ACCEPT_RISK" && <AcceptRiskDialog remediation={remediation} onClose={close} onDone={done} />}
      {opened === "ASSIGN" && <AssignDialog remediation={remediation} onClose={close} onDone={done} />}
      {opened === "REVISE" && (
        <RemediationFormDialog
          heading={`Revise #${remediation.number}`}
          before={{
            title: remediation.title,
            description: remediation.description,
            priority: remediation.priority,
            dueDate: remediation.dueDate ?? "",
            tags: remediation.tags.join(", "),
          }}
          submitLabel="Save"
          command={update}
          onClose={close}
          onSubmit={async (content) => {
            if (await update.submit({ ...input, ...toInput(content) })) done();
          }}
        />
      )}
    </>
  );
}

interface DialogProps {
  remediation: Remediation;
  onClose: () => void;
  onDone: () => void;
}

/** A day so many days from now, by UTC, as a date field wants it. */
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

function AcceptRiskDialog({ remediation, onClose, onDone }: DialogProps) {
  const accept = useCommand(acceptRiskDocument);
  const [reason, setReason] = useState("");
  const [expiresOn, setExpiresOn] = useState(() => dayIn(90));
  const [earliest] = useState(() => dayIn(1));
  const submit = async () => {
    const input = { id: remediation.id, reason, expiresOn, expectedVersion: remediation.version };
    if (await accept.submit(input)) onDone();
  };
  return (
    <Dialog title={`Accept the risk of #${remediation.number}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p className="muted">The gap stays as it is until that day; then the remediation opens again by itself.</p>
        <TextArea
          label="Reason"
          required
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          error={refusalsFor(accept.refusals, "reason")}
        />
        <TextField
          label="Accepted until"
          type="date"
          required
          min={earliest}
          value={expiresOn}
          hint="By UTC; at most 3 years from now."
          onChange={(event) => setExpiresOn(event.target.value)}
          error={refusalsFor(accept.refusals, "expiresOn")}
        />
        <Refusals refusals={otherRefusals(accept.refusals, ["reason", "expiresOn"])} />
        <FailureNotice failure={accept.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={accept.busy}>
            Accept the risk
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function AssignDialog({ remediation, onClose, onDone }: DialogProps) {
  const assign = useCommand(assignRemediationDocument);
  const [assigneeId, setAssigneeId] = useState(remediation.assignee?.id ?? "");
  const submit = async () => {
    const input = { id: remediation.id, assigneeId: assigneeId || null, expectedVersion: remediation.version };
    if (await assign.submit(input)) onDone();
  };
  return (
    <Dialog title={`Assign #${remediation.number}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p className="muted">Whoever has it may work on it, viewers excepted.</p>
        <PersonSelect
          label="Assignee"
          value={assigneeId}
          onChange={setAssigneeId}
          error={refusalsFor(assign.refusals, "assigneeId")}
        />
        <Refusals refusals={otherRefusals(assign.refusals, ["assigneeId"])} />
        <FailureNotice failure={assign.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={assign.busy}>
            Assign
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
