import { useState } from "react";
import { refusalsFor, useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Copyable } from "@/components/Copyable";
import { Dialog } from "@/components/Dialog";
import { TextField } from "@/components/Field";
import { FormDialog } from "@/components/FormDialog";
import { RoleField } from "@/components/RoleField";
import type { Role } from "@/gql/graphql";
import {
  createUserDocument,
  deactivateUserDocument,
  eraseUserDocument,
  reactivateUserDocument,
  resetSecondFactorDocument,
  resetUserPasswordDocument,
  updateUserDocument,
  type User,
} from "./operations";

interface Props {
  onClose: () => void;
  /** Resolves once what is shown is as it is now. */
  onChanged: () => Promise<void>;
}

/** The one moment a generated password can be read. */
function PasswordOnce({
  title,
  username,
  password,
  onClose,
}: {
  title: string;
  username: string;
  password: string;
  onClose: () => void;
}) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="form">
        <p>
          Hand this password to <strong>{username}</strong>. It is shown only now and has to be changed at the first
          sign-in.
        </p>
        <Copyable label="Generated password" value={password} />
        <div className="form-actions">
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

export function CreateUserDialog({ onClose, onChanged }: Props) {
  const create = useCommand(createUserDocument);
  const [username, setUsername] = useState("");
  const [displayName, setDisplayName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("RED_TECH");
  const [password, setPassword] = useState<string | null>(null);

  const submit = async () => {
    const payload = await create.submit({
      username: username.trim(),
      displayName: displayName.trim() || null,
      email: email.trim() || null,
      role,
    });
    if (!payload) return;
    void onChanged();
    if (payload.generatedPassword) setPassword(payload.generatedPassword);
    else onClose();
  };

  if (password) return <PasswordOnce title="User created" username={username} password={password} onClose={onClose} />;
  return (
    <FormDialog
      title="Create user"
      submitLabel="Create user"
      command={create}
      fields={["username", "displayName", "email", "role"]}
      onClose={onClose}
      onSubmit={submit}
    >
      <TextField
        label="Username"
        required
        autoCapitalize="none"
        spellCheck={false}
        value={username}
        onChange={(event) => setUsername(event.target.value)}
        error={refusalsFor(create.refusals, "username")}
      />
      <TextField
        label="Display name"
        required={false}
        value={displayName}
        onChange={(event) => setDisplayName(event.target.value)}
        error={refusalsFor(create.refusals, "displayName")}
      />
      <TextField
        label="Mail address"
        type="email"
        required={false}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        error={refusalsFor(create.refusals, "email")}
      />
      <RoleField value={role} onChange={setRole} error={refusalsFor(create.refusals, "role")} />
      <p className="muted">A password is generated and shown once.</p>
    </FormDialog>
  );
}

export function ChangeUserDialog({ user, onClose, onChanged }: Props & { user: User }) {
  const update = useCommand(updateUserDocument);
  const [displayName, setDisplayName] = useState(user.displayName ?? "");
  const [email, setEmail] = useState(user.email ?? "");
  const [role, setRole] = useState<Role>(user.role);

  const submit = async () => {
    // What is left out stays; an empty text takes away.
    const payload = await update.submit({ id: user.id, displayName: displayName.trim(), email: email.trim(), role });
    if (!payload) return;
    void onChanged();
    onClose();
  };

  return (
    <FormDialog
      title={`Change ${user.username}`}
      submitLabel="Save"
      command={update}
      fields={["displayName", "email", "role"]}
      onClose={onClose}
      onSubmit={submit}
    >
      <TextField
        label="Display name"
        required={false}
        value={displayName}
        onChange={(event) => setDisplayName(event.target.value)}
        error={refusalsFor(update.refusals, "displayName")}
      />
      <TextField
        label="Mail address"
        type="email"
        required={false}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        error={refusalsFor(update.refusals, "email")}
      />
      <RoleField value={role} onChange={setRole} error={refusalsFor(update.refusals, "role")} />
    </FormDialog>
  );
}

/** Deactivating ends sessions at once, so it is asked twice; reactivating is as easily undone. */
export function ActiveDialog({ user, onClose, onChanged }: Props & { user: User }) {
  const deactivate = useCommand(deactivateUserDocument);
  const reactivate = useCommand(reactivateUserDocument);
  const command = user.active ? deactivate : reactivate;
  const submit = async () => {
    if (!(await command.submit({ id: user.id }))) return;
    void onChanged();
    onClose();
  };
  return (
    <ConfirmDialog
      title={`${user.active ? "Deactivate" : "Reactivate"} ${user.username}`}
      submitLabel={user.active ? "Deactivate" : "Reactivate"}
      command={command}
      danger={user.active}
      onClose={onClose}
      onSubmit={submit}
    >
      {user.active
        ? "Their sessions end now and they cannot sign in. What they did stays."
        : "They can sign in again with their password."}
    </ConfirmDialog>
  );
}

export function ResetPasswordDialog({ user, onClose, onChanged }: Props & { user: User }) {
  const reset = useCommand(resetUserPasswordDocument);
  const [password, setPassword] = useState<string | null>(null);
  const submit = async () => {
    const payload = await reset.submit({ id: user.id });
    if (!payload) return;
    void onChanged();
    if (payload.generatedPassword) setPassword(payload.generatedPassword);
    else onClose();
  };
  const title = `Reset the password of ${user.username}`;
  if (password) return <PasswordOnce title={title} username={user.username} password={password} onClose={onClose} />;
  return (
    <ConfirmDialog title={title} submitLabel="Reset password" command={reset} danger onClose={onClose} onSubmit={submit}>
      A new password is generated and shown once. The old one stops working and open sessions end.
    </ConfirmDialog>
  );
}

/** For somebody whose app is gone, and the recovery codes with it. */
export function ResetSecondFactorDialog({ user, onClose, onChanged }: Props & { user: User }) {
  const reset = useCommand(resetSecondFactorDocument);
  const submit = async () => {
    if (!(await reset.submit({ id: user.id }))) return;
    void onChanged();
    onClose();
  };
  return (
    <ConfirmDialog
      title={`Reset the second factor of ${user.username}`}
      submitLabel="Reset second factor"
      command={reset}
      danger
      onClose={onClose}
      onSubmit={submit}
    >
      Make sure that it is them who ask. Their app and recovery codes count no more, and their sessions end. They sign
      in with the password alone; where their role needs a second factor, they are led to set up another one.
    </ConfirmDialog>
  );
}

/** Erasing cannot be undone, so it says what goes and what stays, and the name is typed once more. */
export function EraseDialog({ user, onClose, onChanged }: Props & { user: User }) {
  const erase = useCommand(eraseUserDocument);
  const [username, setUsername] = useState("");
  const submit = async () => {
    if (!(await erase.submit({ id: user.id, username }))) return;
    // A former user has no menu, to which no focus can return.
    await onChanged();
    onClose();
  };
  return (
    <FormDialog
      title={`Erase ${user.username}`}
      submitLabel="Erase for good"
      command={erase}
      fields={["username"]}
      danger
      disabled={username.trim().toLowerCase() !== user.username}
      onClose={onClose}
      onSubmit={submit}
    >
      <p>This forgets who the account belonged to, for good. Nobody can undo it.</p>
      <dl className="facts">
        <dt>Goes</dt>
        <dd>User name, display name, mail address, password, second factor, sessions, saved filters.</dd>
        <dt>Stays</dt>
        <dd>
          What they did: tests, votes, comments and files stay in the record, as those of a former user. Names that
          somebody wrote into a text stay in that text.
        </dd>
      </dl>
      <TextField
        label={`Type ${user.username} to confirm`}
        required
        autoCapitalize="none"
        spellCheck={false}
        value={username}
        onChange={(event) => setUsername(event.target.value)}
        error={refusalsFor(erase.refusals, "username")}
      />
    </FormDialog>
  );
}
