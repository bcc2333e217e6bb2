import { type FormEvent, useState } from "react";
import { useCommand } from "@/api/command";
import { may, useSession } from "@/api/session";
import { BulkBar } from "@/components/BulkBar";
import type { BulkResult, Outcome } from "@/components/BulkResults";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { TextField } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
import { PersonSelect } from "@/components/PersonSelect";
import { draftFromTemplatesDocument, setTemplatesActiveDocument } from "./commands";
import { missing } from "./gaps";
import type { TemplateRow } from "./operations";

/** Templates that one request takes. */
const limit = 100;

/** One thing done with all chosen templates, and what came of each. */
export function BulkTemplates({
  rows,
  onClear,
  onChanged,
  onOutcome,
}: {
  rows: readonly TemplateRow[];
  onClear: () => void;
  onChanged: () => void;
  onOutcome: (outcome: Outcome) => void;
}) {
  const session = useSession();
  const set = useCommand(setTemplatesActiveDocument);
  const [drafting, setDrafting] = useState(false);
  const finish = (title: string, results: BulkResult[]) => {
    onOutcome({ title, results });
    onClear();
    onChanged();
  };
  const turn = async (active: boolean) => {
    const payload = await set.submit({ ids: rows.map((row) => row.id), active });
    if (!payload) return;
    const names = new Map(rows.map((row) => [row.id, row.name]));
    finish(
      active ? "Activated" : "Deactivated",
      payload.results.map(({ id, template }) => ({
        key: id,
        label: names.get(id) ?? id,
        errors:
          template?.active === active
            ? []
            : [{ message: template?.retired ? "it is out of use for good" : "there is no such template any more" }],
      })),
    );
  };
  return (
    <>
      <BulkBar count={rows.length} limit={limit} what="templates" onClear={onClear}>
        {may(session, "draftTestsFromTemplates") && (
          <Button variant="primary" onClick={() => setDrafting(true)}>
            Draft tests
          </Button>
        )}
        {may(session, "setTemplatesActive") && (
          <>
            <Button busy={set.busy} onClick={() => void turn(true)}>
              Activate
            </Button>
            <Button busy={set.busy} onClick={() => void turn(false)}>
              Deactivate
            </Button>
          </>
        )}
        <Refusals refusals={set.refusals} />
        <FailureNotice failure={set.failure} />
      </BulkBar>
      {drafting && (
        <DraftManyDialog
          rows={rows}
          onClose={() => setDrafting(false)}
          onDrafted={(results) => {
            setDrafting(false);
            finish("Drafted", results);
          }}
        />
      )}
    </>
  );
}

function DraftManyDialog({
  rows,
  onClose,
  onDrafted,
}: {
  rows: readonly TemplateRow[];
  onClose: () => void;
  onDrafted: (results: BulkResult[]) => void;
}) {
  const draft = useCommand(draftFromTemplatesDocument);
  const [assigneeId, setAssigneeId] = useState("");
  const [dueDate, setDueDate] = useState("");
  const [targetEnvironment, setTargetEnvironment] = useState("");
  const [tags, setTags] = useState("");
  const lacking = rows.filter((row) => missing(row.arguments, {}).length > 0);
  const submit = async () => {
    const named = tags
      .split(",")
      .map((tag) => tag.trim())
      .filter(Boolean);
    const payload = await draft.submit({
      items: rows.map((row) => ({
        templateId: row.id,
        assigneeId: assigneeId || null,
        dueDate: dueDate || null,
        targetEnvironment: targetEnvironment || null,
        ...(named.length > 0 ? { tags: named } : {}),
      })),
    });
    if (!payload) return;
    onDrafted(
      payload.results.map((result, index) => ({
        key: String(index),
        label: result.test ? `#${result.test.number} ${result.test.title}` : (rows[index]?.name ?? ""),
        errors: result.userErrors,
      })),
    );
  };
  return (
    <Dialog title={`Draft ${rows.length === 1 ? "1 test" : `${rows.length} tests`}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p className="muted">One draft from each template, with its own words and the defaults of its arguments.</p>
        {lacking.length > 0 && (
          <p className="notice" role="note">
            {lacking.map((row) => `${row.name} (${missing(row.arguments, {}).join(", ")})`).join("; ")}: these have
            arguments without a default and will be refused. Draft them one by one.
          </p>
        )}
        <div className="form-pair">
          <PersonSelect label="Assignee" value={assigneeId} onChange={setAssigneeId} />
          <TextField
            label="Due date"
            type="date"
            required={false}
            value={dueDate}
            onChange={(event) => setDueDate(event.target.value)}
          />
        </div>
        <TextField
          label="Target environment"
          required={false}
          value={targetEnvironment}
          onChange={(event) => setTargetEnvironment(event.target.value)}
        />
        <TextField
          label="Tags"
          required={false}
          hint="Separate with commas. Left empty, each has the tags of its template."
          value={tags}
          onChange={(event) => setTags(event.target.value)}
        />
        <Refusals refusals={draft.refusals} />
        <FailureNotice failure={draft.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={draft.busy}>
            Draft tests
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
