import { type FormEvent, useState } from "react";
import { otherRefusals, refusalsFor, useCommand, useSetting } from "@/api/command";
import { Button } from "@/components/Button";
import { Copyable } from "@/components/Copyable";
import { TextField } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
import type { BeginSecondFactorMutation } from "@/gql/graphql";
import { beginSecondFactorDocument, confirmSecondFactorDocument } from "./operations";
import { RecoveryCodes } from "./RecoveryCodes";
import "./secondfactor.css";

type Secret = NonNullable<BeginSecondFactorMutation["beginSecondFactor"]["secret"]>;

/**
 * Three steps: the password shows who asks, a first code shows that the app has the secret,
 * and ten recovery codes are shown once. `onActive` runs as soon as codes are asked for at sign-in.
 */
export function SetUpSecondFactor({
  hasPassword,
  kept,
  onKept,
  onActive,
  onDone,
}: {
  hasPassword: boolean;
  kept: boolean;
  onKept: (kept: boolean) => void;
  onActive?: () => void;
  onDone: () => void;
}) {
  const [secret, setSecret] = useState<Secret | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  if (codes) return <RecoveryCodes codes={codes} kept={kept} onKept={onKept} onDone={onDone} />;
  if (secret) {
    return (
      <ConfirmForm
        secret={secret}
        onConfirmed={(shown) => {
          setCodes(shown);
          onActive?.();
        }}
      />
    );
  }
  return <BeginForm hasPassword={hasPassword} onBegun={setSecret} />;
}

function BeginForm({ hasPassword, onBegun }: { hasPassword: boolean; onBegun: (secret: Secret) => void }) {
  const begin = useSetting(beginSecondFactorDocument);
  const [password, setPassword] = useState("");
  const submit = async () => {
    const payload = await begin.submit(hasPassword ? { password } : {});
    if (payload?.secret) onBegun(payload.secret);
  };
  return (
    <form
      className="form"
      aria-label="Begin with the second factor"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit();
      }}
    >
      <p>You need an authenticator app on your phone or computer. It makes a new code of six digits every 30 seconds.</p>
      {hasPassword && (
        <TextField
          label="Your password"
          type="password"
          autoComplete="current-password"
          autoFocus
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          error={refusalsFor(begin.refusals, "password")}
        />
      )}
      <Refusals refusals={hasPassword ? otherRefusals(begin.refusals, ["password"]) : begin.refusals} />
      <FailureNotice failure={begin.failure} />
      <div className="form-actions">
        <Button type="submit" variant="primary" busy={begin.busy}>
          Continue
        </Button>
      </div>
    </form>
  );
}

function ConfirmForm({ secret, onConfirmed }: { secret: Secret; onConfirmed: (codes: readonly string[]) => void }) {
  const confirm = useCommand(confirmSecondFactorDocument);
  const [code, setCode] = useState("");
  const submit = async () => {
    const payload = await confirm.submit({ code });
    // A repeated command finds the codes shown already.
    if (payload) onConfirmed(payload.recoveryCodes ?? []);
    else setCode("");
  };
  return (
    <form
      className="form"
      aria-label="Confirm the second factor"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit();
      }}
    >
      <p>Scan the picture with the app, or type the secret into it. Then type the code that it shows.</p>
      <img
        className="qr"
        width={180}
        height={180}
        alt="QR code that gives the secret to an authenticator app"
        src={`data:image/svg+xml,${encodeURIComponent(secret.qr)}`}
      />
      <div className="field">
        <span className="field-name">Secret</span>
        <Copyable label="Secret" value={grouped(secret.secret)} />
      </div>
      <TextField
        label="Code of the app"
        autoComplete="one-time-code"
        inputMode="numeric"
        autoFocus
        required
        value={code}
        onChange={(event) => setCode(event.target.value)}
        error={refusalsFor(confirm.refusals, "code")}
      />
      <Refusals refusals={otherRefusals(confirm.refusals, ["code"])} />
      <FailureNotice failure={confirm.failure} />
      <div className="form-actions">
        <Button type="submit" variant="primary" busy={confirm.busy}>
          Confirm
        </Button>
      </div>
    </form>
  );
}

/** In fours, as it is easiest to type; apps leave blanks out. */
const grouped = (secret: string) => secret.replaceAll(/(.{4})(?=.)/g, "$1 ");
