import { type ReactNode, useState } from "react";
import { refusalsFor } from "@/api/command";
import { TextArea } from "./Field";
import { FormDialog, type Outcome } from "./FormDialog";

/** Something that is done with a reason. */
export function ReasonDialog({
  required = true,
  label = "Reason",
  onSubmit,
  children,
  ...dialog
}: {
  title: string;
  submitLabel: string;
  command: Outcome;
  required?: boolean;
  label?: string;
  onClose: () => void;
  onSubmit: (reason: string) => Promise<void>;
  /** What it means. */
  children?: ReactNode;
}) {
  const [reason, setReason] = useState("");
  const { refusals } = dialog.command;
  return (
    <FormDialog {...dialog} fields={["reason", "notes"]} onSubmit={() => onSubmit(reason)}>
      {children && <p className="muted">{children}</p>}
      <TextArea
        label={label}
        required={required}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        error={refusalsFor(refusals, "reason") ?? refusalsFor(refusals, "notes")}
      />
    </FormDialog>
  );
}
