import { type FormEvent, type ReactNode } from "react";
import type { ApiError } from "@/api/client";
import { otherRefusals, type Refusal } from "@/api/command";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { FailureNotice, Refusals } from "./Notices";

/** What became of a submission, as `useCommand` tells it. */
export interface Outcome {
  busy: boolean;
  refusals: Refusal[];
  failure: ApiError | null;
}

/** Something to fill in or to confirm, and one button that does it. Refusals that no field shows stand below. */
export function FormDialog({
  title,
  submitLabel,
  command,
  fields = [],
  danger = false,
  disabled = false,
  onClose,
  onSubmit,
  children,
}: {
  title: string;
  submitLabel: string;
  command: Outcome;
  /** Fields that show their refusals themselves. */
  fields?: readonly string[];
  /** It takes something away. */
  danger?: boolean;
  disabled?: boolean;
  onClose: () => void;
  onSubmit: () => Promise<void>;
  children: ReactNode;
}) {
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void onSubmit();
        }}
      >
        {children}
        <Refusals refusals={otherRefusals(command.refusals, fields)} />
        <FailureNotice failure={command.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant={danger ? "danger" : "primary"} busy={command.busy} disabled={disabled}>
            {submitLabel}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
