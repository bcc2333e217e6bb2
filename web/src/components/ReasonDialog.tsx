import { type FormEvent, type ReactNode, useState } from "react";
import type { ApiError } from "@/api/client";
import { otherRefusals, type Refusal, refusalsFor } from "@/api/command";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { TextArea } from "./Field";
import { FailureNotice, Refusals } from "./Notices";

/** Something that is done with a reason. */
export function ReasonDialog({
  title,
  submitLabel,
  command,
  required = true,
  label = "Reason",
  onClose,
  onSubmit,
  children,
}: {
  title: string;
  submitLabel: string;
  command: { busy: boolean; refusals: Refusal[]; failure: ApiError | null };
  required?: boolean;
  label?: string;
  onClose: () => void;
  onSubmit: (reason: string) => Promise<void>;
  /** What it means. */
  children?: ReactNode;
}) {
  const [reason, setReason] = useState("");
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void onSubmit(reason);
        }}
      >
        {children && <p className="muted">{children}</p>}
        <TextArea
          label={label}
          required={required}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          error={refusalsFor(command.refusals, "reason") ?? refusalsFor(command.refusals, "notes")}
        />
        <Refusals refusals={otherRefusals(command.refusals, ["reason", "notes"])} />
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
