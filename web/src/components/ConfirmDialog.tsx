import { type FormEvent, type ReactNode } from "react";
import type { ApiError } from "@/api/client";
import type { Refusal } from "@/api/command";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { FailureNotice, Refusals } from "./Notices";

/** Something that is not taken back easily: what it means, and whether to do it. */
export function ConfirmDialog({
  title,
  submitLabel,
  command,
  onClose,
  onSubmit,
  children,
}: {
  title: string;
  submitLabel: string;
  command: { busy: boolean; refusals: Refusal[]; failure: ApiError | null };
  onClose: () => void;
  onSubmit: () => Promise<void>;
  /** What it means. */
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
        <p>{children}</p>
        <Refusals refusals={command.refusals} />
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
