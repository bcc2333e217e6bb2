import { type FormEvent, useState } from "react";
import { useCommand } from "@/api/command";
import { may, useSession } from "@/api/session";
import { BulkBar } from "@/components/BulkBar";
import type { Outcome } from "@/components/BulkResults";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { FailureNotice, Refusals } from "@/components/Notices";
import { PersonSelect } from "@/components/PersonSelect";
import { ReasonDialog } from "@/components/ReasonDialog";
import type { BulkAction } from "@/gql/graphql";
import { bulkTestsDocument } from "./commands";
import type { TestRow } from "./operations";

/** Tests that one request takes. */
const limit = 100;

const titles: Record<BulkAction, string> = { ASSIGN: "Assigned", START: "Started", ARCHIVE: "Archived" };

/** One thing done with all chosen tests, and what came of each. */
export function BulkTests({
  rows,
  onClear,
  onChanged,
  onOutcome,
}: {
  rows: readonly TestRow[];
  onClear: () => void;
  onChanged: () => void;
  onOutcome: (outcome: Outcome) => void;
}) {
  const session = useSession();
  const bulk = useCommand(bulkTestsDocument);
  const [open, setOpen] = useState<BulkAction | null>(null);

  const run = async (action: BulkAction, more: { assigneeId?: string | null; reason?: string | null }) => {
    const names = new Map(rows.map((row) => [row.id, `#${row.number} ${row.title}`]));
    const payload = await bulk.submit({ action, ids: rows.map((row) => row.id), ...more });
    if (!payload) return;
    setOpen(null);
    onOutcome({
      title: titles[action],
      results: (payload.results ?? []).map((result) => ({
        key: result.id,
        label: names.get(result.id) ?? result.id,
        errors: result.userErrors,
      })),
    });
    onClear();
    onChanged();
  };

  return (
    <>
      <BulkBar count={rows.length} limit={limit} what="tests" onClear={onClear}>
        {may(session, "reviseTest") && <Button onClick={() => setOpen("ASSIGN")}>Assign</Button>}
        {may(session, "startExecution") && (
          <Button busy={bulk.busy && open === null} onClick={() => void run("START", {})}>
            Start
          </Button>
        )}
        {may(session, "archiveTest") && <Button onClick={() => setOpen("ARCHIVE")}>Archive</Button>}
        {open === null && (
          <>
            <Refusals refusals={bulk.refusals} />
            <FailureNotice failure={bulk.failure} />
          </>
        )}
      </BulkBar>
      {open === "ASSIGN" && (
        <AssignDialog
          count={rows.length}
          command={bulk}
          onClose={() => setOpen(null)}
          onSubmit={(assigneeId) => run("ASSIGN", { assigneeId })}
        />
      )}
      {open === "ARCHIVE" && (
        <ReasonDialog
          title={`Archive ${counted(rows.length)}`}
          label="Reason, if there is one"
          required={false}
          submitLabel="Archive"
          command={bulk}
          onClose={() => setOpen(null)}
          onSubmit={(reason) => run("ARCHIVE", { reason: reason || null })}
        >
          Drafts and rejected tests leave the lists. Their history stays, and they can be restored.
        </ReasonDialog>
      )}
    </>
  );
}

const counted = (count: number) => (count === 1 ? "1 test" : `${count} tests`);

function AssignDialog({
  count,
  command,
  onClose,
  onSubmit,
}: {
  count: number;
  command: Pick<ReturnType<typeof useCommand>, "busy" | "refusals" | "failure">;
  onClose: () => void;
  onSubmit: (assigneeId: string | null) => Promise<void>;
}) {
  const [assigneeId, setAssigneeId] = useState("");
  return (
    <Dialog title={`Assign ${counted(count)}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void onSubmit(assigneeId || null);
        }}
      >
        <PersonSelect label="Assignee" value={assigneeId} onChange={setAssigneeId} />
        <Refusals refusals={command.refusals} />
        <FailureNotice failure={command.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={command.busy}>
            Assign
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
