import type { FormEvent } from "react";
import { otherRefusals, type Refusal, refusalsFor } from "@/api/command";
import type { ApiError } from "@/api/client";
import { Button } from "@/components/Button";
import { TextArea, TextField } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
import { PersonSelect } from "@/components/PersonSelect";
import { attackIdIn, TechniqueField } from "@/components/TechniqueField";

/** What a draft says; the same fields are revised later. */
export interface TestContent {
  attackId: string;
  title: string;
  description: string;
  objective: string;
  plannedProcedure: string;
  plannedTool: string;
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
  plannedProcedure: "",
  plannedTool: "",
  targetEnvironment: "",
  platform: "",
  tags: "",
  assigneeId: "",
  dueDate: "",
};

/** As the inputs want it: empty optional fields are null, tags a list. */
export function toInput(content: TestContent) {
  return {
    attackId: attackIdIn(content.attackId),
    title: content.title.trim(),
    description: content.description,
    objective: content.objective,
    plannedProcedure: content.plannedProcedure,
    plannedTool: content.plannedTool || null,
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
  "plannedProcedure",
  "plannedTool",
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
      <TextArea
        label="Planned procedure"
        required={false}
        hint="How red is to go about it; the record of the attack starts from here."
        value={content.plannedProcedure}
        onChange={(event) => set({ plannedProcedure: event.target.value })}
        error={error("plannedProcedure")}
      />
      <TextField
        label="Planned tool"
        required={false}
        value={content.plannedTool}
        onChange={(event) => set({ plannedTool: event.target.value })}
        error={error("plannedTool")}
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
        <PersonSelect
          label="Assignee"
          value={content.assigneeId}
          onChange={(assigneeId) => set({ assigneeId })}
          error={error("assigneeId")}
        />
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
