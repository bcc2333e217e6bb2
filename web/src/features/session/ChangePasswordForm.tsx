import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { otherRefusals, refusalsFor, useCommand } from "@/api/command";
import { sessionQuery } from "@/api/session";
import { Button } from "@/components/Button";
import { TextField } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
import { changePasswordDocument } from "./operations";

const fields = ["currentPassword", "newPassword"] as const;

export function ChangePasswordForm({ onDone, onCancel }: { onDone: () => void; onCancel?: () => void }) {
  const queryClient = useQueryClient();
  const change = useCommand(changePasswordDocument, { signIn: true });
  const [currentPassword, setCurrent] = useState("");
  const [newPassword, setNew] = useState("");
  const [repeated, setRepeated] = useState("");
  const [mismatch, setMismatch] = useState(false);

  const submit = async () => {
    setMismatch(repeated !== newPassword);
    if (repeated !== newPassword) return;
    const payload = await change.submit({ currentPassword, newPassword });
    if (!payload) return;
    await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
    onDone();
  };

  return (
    <form
      className="form"
      aria-label="Change password"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextField
        label="Current password"
        type="password"
        autoComplete="current-password"
        required
        autoFocus
        value={currentPassword}
        onChange={(event) => setCurrent(event.target.value)}
        error={refusalsFor(change.refusals, "currentPassword")}
      />
      <TextField
        label="New password"
        type="password"
        autoComplete="new-password"
        required
        hint="At least 12 characters. A few unrelated words work well."
        value={newPassword}
        onChange={(event) => setNew(event.target.value)}
        error={refusalsFor(change.refusals, "newPassword")}
      />
      <TextField
        label="Repeat new password"
        type="password"
        autoComplete="new-password"
        required
        value={repeated}
        onChange={(event) => setRepeated(event.target.value)}
        error={mismatch ? "This differs from the new password." : undefined}
      />
      <Refusals refusals={otherRefusals(change.refusals, fields)} />
      {change.failure?.code === "UNAUTHENTICATED" ? (
        <p className="form-problem" role="alert">
          The current password is wrong. Nothing was changed.
        </p>
      ) : (
        <FailureNotice failure={change.failure} />
      )}
      <div className="form-actions">
        {onCancel && <Button onClick={onCancel}>Cancel</Button>}
        <Button type="submit" variant="primary" busy={change.busy}>
          Change password
        </Button>
      </div>
    </form>
  );
}
