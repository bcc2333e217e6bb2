import { type FormEvent, useState } from "react";
import { otherRefusals, refusalsFor, useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Select, TextArea, TextField } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
import { PersonSelect } from "@/components/PersonSelect";
import { draftFromTemplateDocument } from "./commands";
import { missing, planned, valuesOf } from "./gaps";
import type { Template } from "./operations";
import { kindWords } from "./words";

const fields = ["title", "objective", "platform", "targetEnvironment", "assigneeId", "dueDate", "arguments"];

/** A draft from a template: its arguments filled in, and the procedure as it will read. */
export function InstantiateDialog({
  template,
  onClose,
  onDrafted,
}: {
  template: Template;
  onClose: () => void;
  onDrafted: (number: number) => void;
}) {
  const draft = useCommand(draftFromTemplateDocument);
  const [title, setTitle] = useState(template.name);
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [platform, setPlatform] = useState(template.platforms.length === 1 ? (template.platforms[0] ?? "") : "");
  const [objective, setObjective] = useState("");
  const [targetEnvironment, setTargetEnvironment] = useState("");
  const [assigneeId, setAssigneeId] = useState("");
  const [dueDate, setDueDate] = useState("");
  // An emptied field is its default again.
  const values = Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== ""));
  const error = (field: string) => refusalsFor(draft.refusals, field);
  const lacking = missing(template.arguments, values);

  const submit = async () => {
    const payload = await draft.submit({
      templateId: template.id,
      title: title.trim() || null,
      arguments: Object.entries(values).map(([name, value]) => ({ name, value })),
      platform: platform || null,
      objective: objective || null,
      targetEnvironment: targetEnvironment || null,
      assigneeId: assigneeId || null,
      dueDate: dueDate || null,
    });
    if (payload?.test) onDrafted(payload.test.number);
  };

  return (
    <Dialog title={`Draft a test from ${template.name}`} wide onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className="instantiate">
          <div className="form">
            <TextField
              label="Title"
              required
              maxLength={200}
              value={title}
              onChange={(event) => setTitle(event.target.value)}
              error={error("title")}
            />
            {template.arguments.map((argument) => (
              <TextField
                key={argument.name}
                label={argument.name}
                required={argument.default == null}
                inputMode={argument.kind === "INTEGER" ? "numeric" : undefined}
                placeholder={argument.default ?? undefined}
                hint={[argument.description, kindWords[argument.kind]].filter(Boolean).join(". ")}
                value={typed[argument.name] ?? ""}
                onChange={(event) => setTyped({ ...typed, [argument.name]: event.target.value })}
              />
            ))}
            {error("arguments") && <p className="field-error">{error("arguments")}</p>}
            <div className="form-pair">
              {template.platforms.length > 1 ? (
                <Select
                  label="Platform"
                  required={false}
                  value={platform}
                  onChange={(event) => setPlatform(event.target.value)}
                  error={error("platform")}
                >
                  <option value="">None</option>
                  {template.platforms.map((each) => (
                    <option key={each} value={each}>
                      {each}
                    </option>
                  ))}
                </Select>
              ) : (
                <TextField
                  label="Platform"
                  required={false}
                  value={platform}
                  onChange={(event) => setPlatform(event.target.value)}
                  error={error("platform")}
                />
              )}
              <TextField
                label="Target environment"
                required={false}
                value={targetEnvironment}
                onChange={(event) => setTargetEnvironment(event.target.value)}
                error={error("targetEnvironment")}
              />
            </div>
            <TextArea
              label="Objective"
              required={false}
              rows={2}
              hint={template.expectedDetection ? "Left empty, the template's expected detection says it." : undefined}
              value={objective}
              onChange={(event) => setObjective(event.target.value)}
              error={error("objective")}
            />
            <div className="form-pair">
              <PersonSelect label="Assignee" value={assigneeId} onChange={setAssigneeId} error={error("assigneeId")} />
              <TextField
                label="Due date"
                type="date"
                required={false}
                value={dueDate}
                onChange={(event) => setDueDate(event.target.value)}
                error={error("dueDate")}
              />
            </div>
          </div>
          <section className="instantiate-preview" aria-label="Planned procedure">
            <h3>Planned procedure</h3>
            <pre className="procedure" data-testid="planned-procedure">
              {planned(template, valuesOf(template.arguments, values))}
            </pre>
            {lacking.length > 0 && <p className="muted">Still open: {lacking.join(", ")}</p>}
          </section>
        </div>
        <Refusals refusals={otherRefusals(draft.refusals, fields)} />
        <FailureNotice failure={draft.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={draft.busy}>
            Draft test
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
