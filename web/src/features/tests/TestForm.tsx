import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useDeferredValue } from "react";
import { otherRefusals, type Refusal, refusalsFor } from "@/api/command";
import type { ApiError } from "@/api/client";
import { Button } from "@/components/Button";
import { Combobox } from "@/components/Combobox";
import { Field, Select, TextArea, TextField } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
import { roleWords } from "@/components/Status";
import { peopleQuery, techniqueChoicesQuery } from "./operations";

/** What a draft says; the same fields are revised later. */
export interface TestContent {
  attackId: string;
  title: string;
  description: string;
  objective: string;
  targetEnvironment: string;
  platform: string;
  tags: string;
  assigneeId: string;
  dueDate: string;
}

export const emptyContent: TestContent = {
  attackId: "",
  title: "",
  description: "",
  objective: "",
  targetEnvironment: "",
  platform: "",
  tags: "",
  assigneeId: "",
  dueDate: "",
};

/** As the inputs want it: empty optional fields are null, tags a list. */
export function toInput(content: TestContent) {
  return {
    attackId: content.attackId.trim().split(/\s/)[0]?.toUpperCase() ?? "",
    title: content.title.trim(),
    description: content.description,
    objective: content.objective,
    targetEnvironment: content.targetEnvironment,
    platform: content.platform || null,
    tags: content.tags
      .split(",")
      .map((tag) => tag.trim())
      .filter(Boolean),
    assigneeId: content.assigneeId || null,
    dueDate: content.dueDate || null,
  };
}

const fields = [
  "attackId",
  "title",
  "description",
  "objective",
  "targetEnvironment",
  "platform",
  "tags",
  "assigneeId",
  "dueDate",
] as const;

export function TestForm({
  content,
  onContent,
  onSubmit,
  onCancel,
  submitLabel,
  busy,
  refusals,
  failure,
}: {
  content: TestContent;
  onContent: (content: TestContent) => void;
  onSubmit: () => void;
  onCancel: () => void;
  submitLabel: string;
  busy: boolean;
  refusals: Refusal[];
  failure: ApiError | null;
}) {
  const people = useQuery(peopleQuery);
  const set = (change: Partial<TestContent>) => onContent({ ...content, ...change });
  const error = (field: (typeof fields)[number]) => refusalsFor(refusals, field);
  return (
    <form
      className="form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <TechniqueField
        value={content.attackId}
        onChange={(attackId) => set({ attackId })}
        error={error("attackId")}
        onPlatforms={(platforms) => {
          if (!content.platform && platforms.length === 1) set({ platform: platforms[0] ?? "" });
        }}
      />
      <TextField
        label="Title"
        required
        maxLength={200}
        value={content.title}
        onChange={(event) => set({ title: event.target.value })}
        error={error("title")}
      />
      <TextArea
        label="Objective"
        required={false}
        rows={2}
        hint="What the test should show. Free text is permanent: leave out names and addresses of people."
        value={content.objective}
        onChange={(event) => set({ objective: event.target.value })}
        error={error("objective")}
      />
      <TextArea
        label="Description"
        required={false}
        value={content.description}
        onChange={(event) => set({ description: event.target.value })}
        error={error("description")}
      />
      <div className="form-pair">
        <TextField
          label="Target environment"
          required={false}
          value={content.targetEnvironment}
          onChange={(event) => set({ targetEnvironment: event.target.value })}
          error={error("targetEnvironment")}
        />
        <TextField
          label="Platform"
          required={false}
          placeholder="Windows"
          value={content.platform}
          onChange={(event) => set({ platform: event.target.value })}
          error={error("platform")}
        />
      </div>
      <TextField
        label="Tags"
        required={false}
        hint="Separate with commas."
        value={content.tags}
        onChange={(event) => set({ tags: event.target.value })}
        error={error("tags")}
      />
      <div className="form-pair">
        <Select
          label="Assignee"
          required={false}
          value={content.assigneeId}
          onChange={(event) => set({ assigneeId: event.target.value })}
          error={error("assigneeId")}
        >
          <option value="">Nobody</option>
          {people.data?.map((person) => (
            <option key={person.id} value={person.id}>
              {person.name}
              {person.role ? `, ${roleWords[person.role]}` : ""}
            </option>
          ))}
        </Select>
        <TextField
          label="Due date"
          type="date"
          required={false}
          value={content.dueDate}
          onChange={(event) => set({ dueDate: event.target.value })}
          error={error("dueDate")}
        />
      </div>
      <Refusals refusals={otherRefusals(refusals, fields)} />
      <FailureNotice failure={failure} />
      <div className="form-actions">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" busy={busy}>
          {submitLabel}
        </Button>
      </div>
    </form>
  );
}

function TechniqueField({
  value,
  onChange,
  onPlatforms,
  error,
}: {
  value: string;
  onChange: (attackId: string) => void;
  onPlatforms: (platforms: readonly string[]) => void;
  error: string | undefined;
}) {
  const search = useDeferredValue(value);
  const choices = useQuery(techniqueChoicesQuery(search));
  const chosen = choices.data?.find((technique) => technique.attackId === value.trim().toUpperCase());
  return (
    <Field label="Technique" error={error} hint={chosen ? chosen.name : "Type an ATT&CK id or a name."}>
      {(wiring) => (
        <Combobox
          label="Technique"
          wiring={wiring}
          required
          value={value}
          onValue={onChange}
          placeholder="T1059.001"
          suggestions={(choices.data ?? []).map((technique) => ({
            key: technique.attackId,
            label: (
              <>
                <span className="attack-id">{technique.attackId}</span> {technique.name}
              </>
            ),
            platforms: technique.platforms,
          }))}
          onPick={(technique) => {
            onChange(technique.key);
            onPlatforms(technique.platforms);
          }}
        />
      )}
    </Field>
  );
}
