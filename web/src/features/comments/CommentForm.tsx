import { type FormEvent, useId, useState } from "react";
import type { ApiError } from "@/api/client";
import { otherRefusals, type Refusal, refusalsFor } from "@/api/command";
import { Button } from "@/components/Button";
import { FailureNotice, Refusals } from "@/components/Notices";
import { MentionArea } from "./MentionArea";

/** Writing a comment, or writing it differently. */
export function CommentForm({
  label,
  text: before = "",
  submitLabel,
  command,
  onSubmit,
  onCancel,
}: {
  label: string;
  text?: string;
  submitLabel: string;
  command: { busy: boolean; refusals: Refusal[]; failure: ApiError | null };
  /** True when it was taken. */
  onSubmit: (text: string) => Promise<boolean>;
  onCancel?: () => void;
}) {
  const errorId = useId();
  const [text, setText] = useState(before);
  const error = refusalsFor(command.refusals, "text");
  const submit = async () => {
    if (text.trim() !== "" && !command.busy && (await onSubmit(text))) setText("");
  };
  return (
    <form
      className="comment-form"
      aria-label={label}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit();
      }}
    >
      <MentionArea
        label={label}
        value={text}
        onChange={setText}
        onSend={() => void submit()}
        focus={onCancel !== undefined}
        invalid={error ? errorId : undefined}
        {...(onCancel ? { onCancel } : {})}
      />
      {error && (
        <p className="field-error" id={errorId}>
          {error}
        </p>
      )}
      <Refusals refusals={otherRefusals(command.refusals, ["text"])} />
      <FailureNotice failure={command.failure} />
      <div className="comment-send">
        <span className="field-hint">What is said stays in the record for good, also when it is taken back.</span>
        {onCancel && <Button onClick={onCancel}>Cancel</Button>}
        <Button type="submit" busy={command.busy} disabled={text.trim() === ""}>
          {submitLabel}
        </Button>
      </div>
    </form>
  );
}
