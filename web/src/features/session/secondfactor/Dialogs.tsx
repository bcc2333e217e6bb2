import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import type { ApiError } from "@/api/client";
import { otherRefusals, type Refusal, refusalsFor, useCommand, useSetting } from "@/api/command";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { TextField } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
import { removeSecondFactorDocument, renewRecoveryCodesDocument, secondFactorQuery } from "./operations";
import { RecoveryCodes } from "./RecoveryCodes";
import { SetUpSecondFactor } from "./SetUp";

interface Props {
  onClose: () => void;
}

function useRefresh(): () => void {
  const queryClient = useQueryClient();
  return () => void queryClient.invalidateQueries({ queryKey: secondFactorQuery.queryKey });
}

export function SetUpDialog({ hasPassword, onClose }: Props & { hasPassword: boolean }) {
  const refresh = useRefresh();
  const [active, setActive] = useState(false);
  const [kept, setKept] = useState(false);
  return (
    <Dialog title="Set up a second factor" guard={() => mayLeave(active, kept)} onClose={onClose}>
      <SetUpSecondFactor
        hasPassword={hasPassword}
        kept={kept}
        onKept={setKept}
        onActive={() => {
          setActive(true);
          refresh();
        }}
        onDone={onClose}
      />
    </Dialog>
  );
}

export function RenewCodesDialog({ onClose }: Props) {
  const refresh = useRefresh();
  const renew = useSetting(renewRecoveryCodesDocument);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [kept, setKept] = useState(false);
  return (
    <Dialog title="Renew the recovery codes" guard={() => mayLeave(codes !== null, kept)} onClose={onClose}>
      {codes ? (
        <RecoveryCodes codes={codes} kept={kept} onKept={setKept} onDone={onClose} />
      ) : (
        <CodeForm
          command={renew}
          submitLabel="Renew"
          onCancel={onClose}
          onSubmit={async (code) => {
            const payload = await renew.submit({ code });
            if (payload) setCodes(payload.recoveryCodes ?? []);
            if (payload) refresh();
            return payload !== null;
          }}
        >
          You get ten new codes. The old ones count no more.
        </CodeForm>
      )}
    </Dialog>
  );
}

export function RemoveDialog({ onClose }: Props) {
  const refresh = useRefresh();
  const remove = useCommand(removeSecondFactorDocument);
  return (
    <Dialog title="Remove the second factor" onClose={onClose}>
      <CodeForm
        command={remove}
        submitLabel="Remove"
        danger
        onCancel={onClose}
        onSubmit={async (code) => {
          const payload = await remove.submit({ code });
          if (payload) refresh();
          if (payload) onClose();
          return payload !== null;
        }}
      >
        From then on the password alone lets you in, and the recovery codes count no more.
      </CodeForm>
    </Dialog>
  );
}

/** Something that a code shows who asks for. */
function CodeForm({
  command,
  submitLabel,
  danger = false,
  onCancel,
  onSubmit,
  children,
}: {
  command: { busy: boolean; refusals: Refusal[]; failure: ApiError | null };
  submitLabel: string;
  danger?: boolean;
  onCancel: () => void;
  /** Whether the code was taken. */
  onSubmit: (code: string) => Promise<boolean>;
  children: ReactNode;
}) {
  const [code, setCode] = useState("");
  const submit = async () => {
    if (!(await onSubmit(code))) setCode("");
  };
  return (
    <form
      className="form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit();
      }}
    >
      <p>{children}</p>
      <TextField
        label="Code"
        hint="Six digits from the app, or a recovery code. A code is good once: wait for the next after signing in."
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        required
        value={code}
        onChange={(event) => setCode(event.target.value)}
        error={refusalsFor(command.refusals, "code")}
      />
      <Refusals refusals={otherRefusals(command.refusals, ["code"])} />
      <FailureNotice failure={command.failure} />
      <div className="form-actions">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant={danger ? "danger" : "primary"} busy={command.busy}>
          {submitLabel}
        </Button>
      </div>
    </form>
  );
}

/** Codes that were shown once are easily lost by Escape. */
const mayLeave = (shown: boolean, kept: boolean) =>
  !shown || kept || window.confirm("Leave without having kept the recovery codes? They cannot be shown again.");
