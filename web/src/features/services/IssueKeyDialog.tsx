import { useState } from "react";
import { refusalsFor, useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { Copyable } from "@/components/Copyable";
import { Dialog } from "@/components/Dialog";
import { Choice, TextField } from "@/components/Field";
import { FormDialog } from "@/components/FormDialog";
import { Icon } from "@/components/Icon";
import { roleWords } from "@/components/Status";
import type { KeyScope } from "@/gql/graphql";
import { dayAfter, endOf, type Lifetime, lifetimes, lifetimeWords, longestDays } from "./expiry";
import { issueApiKeyDocument, type ServiceAccount } from "./operations";
import { scopeMeanings, scopeWords } from "./words";

const scopes: { value: KeyScope; label: string }[] = [
  { value: "READ", label: scopeWords.READ },
  { value: "WRITE", label: scopeWords.WRITE },
];
const choices = lifetimes.map((value) => ({ value, label: lifetimeWords[value] }));
const fields = ["label", "scope", "expiresAt"];

/** A new key, and the one moment its token can be read. */
export function IssueKeyDialog({
  account,
  onClose,
  onChanged,
}: {
  account: ServiceAccount;
  onClose: () => void;
  onChanged: () => Promise<void>;
}) {
  const issue = useCommand(issueApiKeyDocument);
  // Counted from now on, so that sending the same again is the same command.
  const [opened] = useState(Date.now);
  const [label, setLabel] = useState("");
  const [scope, setScope] = useState<KeyScope>("READ");
  const [lifetime, setLifetime] = useState<Lifetime>("90");
  const [day, setDay] = useState("");
  const [missing, setMissing] = useState(false);
  const [issued, setIssued] = useState<{ token: string | null } | null>(null);

  const submit = async () => {
    const expiresAt = endOf(lifetime, day, opened);
    setMissing(expiresAt === null);
    if (expiresAt === null) return;
    const payload = await issue.submit({ id: account.id, label, scope, expiresAt });
    if (!payload) return;
    void onChanged();
    setIssued({ token: payload.token ?? null });
  };

  if (issued) {
    return (
      <Dialog title="Key issued" onClose={onClose}>
        {issued.token === null ? <TokenGone onClose={onClose} /> : <TokenOnce token={issued.token} onClose={onClose} />}
      </Dialog>
    );
  }
  return (
    <FormDialog
      title={`Issue a key for ${account.name}`}
      submitLabel="Issue key"
      command={issue}
      fields={fields}
      onClose={onClose}
      onSubmit={submit}
    >
      <TextField
        label="Label"
        required
        maxLength={100}
        hint="Where the key is kept or what uses it, so that you find it again."
        value={label}
        onChange={(event) => setLabel(event.target.value)}
        error={refusalsFor(issue.refusals, "label")}
      />
      <Choice
        label="Scope"
        options={scopes}
        value={scope}
        onChange={setScope}
        error={refusalsFor(issue.refusals, "scope")}
      />
      <p className="muted">{scopeMeanings(scope, roleWords[account.role])}</p>
      <Choice
        label="Good for"
        options={choices}
        value={lifetime}
        onChange={setLifetime}
        error={lifetime === "date" ? undefined : refusalsFor(issue.refusals, "expiresAt")}
      />
      {lifetime === "date" && (
        <TextField
          label="Last day"
          type="date"
          required
          min={dayAfter(opened, 0)}
          max={dayAfter(opened, longestDays)}
          value={day}
          onChange={(event) => setDay(event.target.value)}
          error={missing ? "Give a day." : refusalsFor(issue.refusals, "expiresAt")}
        />
      )}
    </FormDialog>
  );
}

function TokenOnce({ token, onClose }: { token: string; onClose: () => void }) {
  const example = [
    `curl -s ${window.location.origin}/graphql \\`,
    `  -H 'authorization: Bearer ${token}' \\`,
    "  -H 'content-type: application/json' \\",
    `  -d '{"query":"{ me { user { username role } expiresAt } }"}'`,
  ].join("\n");
  return (
    <div className="form">
      <p className="notice" role="note">
        <Icon name="warning" /> This token is shown only now, and kept nowhere. Take it to where it is used before you
        close this.
      </p>
      <div className="field">
        <span className="field-name">Token</span>
        <Copyable label="Token" value={token} />
      </div>
      <div className="field">
        <span className="field-name">To try it</span>
        <pre className="procedure" tabIndex={0} aria-label="Example with curl">
          {example}
        </pre>
      </div>
      <div className="form-actions">
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  );
}

/** The answer of the first try was lost, and with it the token. */
function TokenGone({ onClose }: { onClose: () => void }) {
  return (
    <div className="form">
      <p>
        The key was issued at the first try, whose answer was lost, and the token with it. Revoke the key and issue
        another one.
      </p>
      <div className="form-actions">
        <Button variant="primary" onClick={onClose}>
          Close
        </Button>
      </div>
    </div>
  );
}
