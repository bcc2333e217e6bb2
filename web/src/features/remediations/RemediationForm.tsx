import { type FormEvent, useState } from "react";
import type { ApiError } from "@/api/client";
import { otherRefusals, type Refusal, refusalsFor } from "@/api/command";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Select, TextArea, TextField } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
import { PersonSelect } from "@/components/PersonSelect";
import type { RemediationPriority } from "@/gql/graphql";
import { priorities, priorityWords } from "./words";

export interface PlanContent {
  title: string;
  description: string;
  priority: RemediationPriority;
  dueDate: string;
  tags: string;
  /** Left out where it is changed by itself. */
  assigneeId?: string;
}

const fields = ["title", "description", "priority", "dueDate", "tags", "assigneeId"];

/** As the inputs want it. */
export function toInput({ title, description, priority, dueDate, tags }: PlanContent) {
  return {
    title: title.trim(),
    description,
    priority,
    dueDate: dueDate || null,
    tags: tags
      .split(",")
      .map((tag) => tag.trim())
      .filter(Boolean),
  };
}

/** What is to be done about a gap. */
export function RemediationFormDialog({
  heading,
  before,
  submitLabel,
  command,
  onClose,
  onSubmit,
}: {
  heading: string;
  before: PlanContent;
  submitLabel: string;
  command: { busy: boolean; refusals: Refusal[]; failure: ApiError | null };
  onClose: () => void;
  onSubmit: (content: PlanContent) => Promise<void>;
}) {
  const [content, setContent] = useState(before);
  const set = (change: Partial<PlanContent>) => setContent({ ...content, ...change });
  const error = (field: string) => refusalsFor(command.refusals, field);
  return (
    <Dialog title={heading} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void onSubmit(content);
        }}
      >
        <TextField
          label="Title"
          required
          maxLength={200}
          value={content.title}
          onChange={(event) => set({ title: event.target.value })}
          error={error("title")}
        />
        <TextArea
          label="Description"
          required={false}
          value={content.description}
          onChange={(event) => set({ description: event.target.value })}
          error={error("description")}
          hint="What is missing and what would close the gap. Free text is permanent: leave out names of people."
        />
        <div className="form-pair">
          <Select
            label="Priority"
            value={content.priority}
            onChange={(event) => set({ priority: event.target.value as RemediationPriority })}
            error={error("priority")}
          >
            {priorities.map((priority) => (
              <option key={priority} value={priority}>
                {priorityWords[priority]}
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
        {content.assigneeId !== undefined && (
          <PersonSelect
            label="Assignee"
            value={content.assigneeId}
            onChange={(assigneeId) => set({ assigneeId })}
            error={error("assigneeId")}
          />
        )}
        <TextField
          label="Tags"
          required={false}
          hint="Separate with commas."
          value={content.tags}
          onChange={(event) => set({ tags: event.target.value })}
          error={error("tags")}
        />
        <Refusals refusals={otherRefusals(command.refusals, fields)} />
        <FailureNotice failure={command.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={command.busy}>
            {submitLabel}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
