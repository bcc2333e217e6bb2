import { type FormEvent, useState } from "react";
import { otherRefusals, refusalsFor, useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Select, TextArea, TextField } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
import { attackIdIn, TechniqueField } from "@/components/TechniqueField";
import type { TemplateSeverity } from "@/gql/graphql";
import { ArgumentsEditor } from "./ArgumentsEditor";
import { createTemplateDocument, updateTemplateDocument } from "./commands";
import { type Content, contentOf, emptyContent, toInput } from "./content";
import { undeclared } from "./gaps";
import type { Template } from "./operations";
import { severities, severityWords } from "./words";

const fields = [
  "attackId",
  "name",
  "description",
  "severity",
  "platforms",
  "executor",
  "tool",
  "procedure",
  "prerequisites",
  "cleanup",
  "expectedDetection",
  "references",
  "tags",
  "arguments",
];

/** A new template, or a new version of one. */
export function TemplateFormDialog({
  template,
  onClose,
  onSaved,
}: {
  template?: Template;
  onClose: () => void;
  onSaved: (id: string) => void;
}) {
  const [content, setContent] = useState(template ? contentOf(template) : emptyContent);
  const [version] = useState(template?.version);
  const create = useCommand(createTemplateDocument);
  const update = useCommand(updateTemplateDocument);
  const command = template ? update : create;
  const set = (change: Partial<Content>) => setContent({ ...content, ...change });
  const error = (field: string) => refusalsFor(command.refusals, field);
  const open = undeclared(content, content.arguments);

  const submit = async () => {
    const input = { ...toInput(content), attackId: attackIdIn(content.attackId) };
    const payload = template
      ? await update.submit({ id: template.id, ...input, expectedVersion: version ?? null })
      : await create.submit(input);
    if (payload?.template) onSaved(payload.template.id);
  };
  const text = (key: "name" | "executor" | "tool" | "platforms" | "tags", label: string, more = {}) => (
    <TextField
      label={label}
      value={content[key]}
      onChange={(event) => set({ [key]: event.target.value })}
      error={error(key)}
      {...more}
    />
  );
  const area = (
    key: "description" | "prerequisites" | "procedure" | "cleanup" | "expectedDetection" | "references",
    label: string,
    more = {},
  ) => (
    <TextArea
      label={label}
      required={false}
      rows={2}
      value={content[key]}
      onChange={(event) => set({ [key]: event.target.value })}
      error={error(key)}
      {...more}
    />
  );

  return (
    <Dialog
      title={template ? `Edit ${template.name}` : "New template"}
      wide
      onClose={onClose}
      guard={() => content.name === "" || template !== undefined || window.confirm("Leave without saving this template?")}
    >
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        {template && (
          <p className="muted">
            Saving makes version {template.contentVersion + 1}. Tests made before keep what they were made from.
          </p>
        )}
        <div className="form-pair">
          <TechniqueField
            value={content.attackId}
            onChange={(attackId) => set({ attackId })}
            onPlatforms={(platforms) => {
              if (content.platforms === "" && platforms.length === 1) set({ platforms: platforms[0] ?? "" });
            }}
            error={error("attackId")}
          />
          {text("name", "Name", { required: true, maxLength: 200 })}
        </div>
        {area("description", "Description")}
        <div className="form-pair">
          <Select
            label="Severity"
            value={content.severity}
            onChange={(event) => set({ severity: event.target.value as TemplateSeverity })}
            error={error("severity")}
          >
            {severities.map((severity) => (
              <option key={severity} value={severity}>
                {severityWords[severity]}
              </option>
            ))}
          </Select>
          {text("executor", "Executor", { required: true, placeholder: "powershell, bash, manual" })}
          {text("tool", "Tool", { required: false })}
        </div>
        <div className="form-pair">
          {text("platforms", "Platforms", { required: false, hint: "Separate with commas." })}
          {text("tags", "Tags", { required: false, hint: "Separate with commas." })}
        </div>
        {area("procedure", "Procedure", {
          required: true,
          rows: 5,
          className: "input code-input",
          hint: "A gap is written as #{name}, and declared below.",
        })}
        <ArgumentsEditor
          args={content.arguments}
          undeclared={open}
          error={error("arguments")}
          onChange={(args) => set({ arguments: args })}
        />
        <div className="form-pair">
          {area("prerequisites", "Prerequisites", { className: "input code-input" })}
          {area("cleanup", "Cleanup", { className: "input code-input" })}
        </div>
        {area("expectedDetection", "Expected detection", { hint: "What a working defence would show." })}
        {area("references", "References", { hint: "One address of the web a line." })}
        <Refusals refusals={otherRefusals(command.refusals, fields)} />
        <FailureNotice failure={command.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={command.busy}>
            {template ? "Save as a new version" : "Create template"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
