import { type FormEvent, useState } from "react";
import { otherRefusals, refusalsFor, useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Copyable } from "@/components/Copyable";
import { Dialog } from "@/components/Dialog";
import { TextField } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
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
  onChanged: () => void;
}

/** The one moment a generated password can be read. */
function PasswordOnce({ username, password, onClose }: { username: string; password: string; onClose: () => void }) {
  return (
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
  );
}

export function CreateUserDialog({ onClose, onChanged }: Props) {
  const create = useCommand(createUserDocument);
  const [username, setUsername] = useState("");
  const [displayName, setDisplayName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("RED_TECH");
  const [password, setPassword] = useState<string | null>(null);
  const fields = ["username", "displayName", "email", "role"];

  const submit = async () => {
    const payload = await create.submit({
      username: username.trim(),
      displayName: displayName.trim() || null,
      email: email.trim() || null,
      role,
    });
    if (!payload) return;
    onChanged();
    if (payload.generatedPassword) setPassword(payload.generatedPassword);
    else onClose();
  };

  return (
    <Dialog title={password ? "User created" : "Create user"} onClose={onClose}>
      {password ? (
        <PasswordOnce username={username} password={password} onClose={onClose} />
      ) : (
        <form
          className="form"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            void submit();
          }}
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
          <Refusals refusals={otherRefusals(create.refusals, fields)} />
          <FailureNotice failure={create.failure} />
          <div className="form-actions">
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant="primary" busy={create.busy}>
              Create user
            </Button>
          </div>
        </form>
      )}
    </Dialog>
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
    onChanged();
    onClose();
  };

  return (
    <Dialog title={`Change ${user.username}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit();
        }}
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
        <Refusals refusals={otherRefusals(update.refusals, ["displayName", "email", "role"])} />
        <FailureNotice failure={update.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={update.busy}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Deactivating ends sessions at once, so it is asked twice; reactivating is as easily undone. */
export function ActiveDialog({ user, onClose, onChanged }: Props & { user: User }) {
  const deactivate = useCommand(deactivateUserDocument);
  const reactivate = useCommand(reactivateUserDocument);
  const command = user.active ? deactivate : reactivate;
  const submit = async () => {
    if (!(await command.submit({ id: user.id }))) return;
    onChanged();
    onClose();
  };
  return (
    <Dialog title={`${user.active ? "Deactivate" : "Reactivate"} ${user.username}`} onClose={onClose}>
      <div className="form">
        <p>
          {user.active
            ? "Their sessions end now and they cannot sign in. What they did stays."
            : "They can sign in again with their password."}
        </p>
        <Refusals refusals={command.refusals} />
        <FailureNotice failure={command.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant={user.active ? "danger" : "primary"} busy={command.busy} onClick={() => void submit()}>
            {user.active ? "Deactivate" : "Reactivate"}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

export function ResetPasswordDialog({ user, onClose, onChanged }: Props & { user: User }) {
  const reset = useCommand(resetUserPasswordDocument);
  const [password, setPassword] = useState<string | null>(null);
  const submit = async () => {
    const payload = await reset.submit({ id: user.id });
    if (!payload) return;
    onChanged();
    if (payload.generatedPassword) setPassword(payload.generatedPassword);
    else onClose();
  };
  return (
    <Dialog title={`Reset the password of ${user.username}`} onClose={onClose}>
      {password ? (
        <PasswordOnce username={user.username} password={password} onClose={onClose} />
      ) : (
        <div className="form">
          <p>A new password is generated and shown once. The old one stops working and open sessions end.</p>
          <Refusals refusals={reset.refusals} />
          <FailureNotice failure={reset.failure} />
          <div className="form-actions">
            <Button onClick={onClose}>Cancel</Button>
            <Button variant="danger" busy={reset.busy} onClick={() => void submit()}>
              Reset password
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

/** For somebody whose app is gone, and the recovery codes with it. */
export function ResetSecondFactorDialog({ user, onClose, onChanged }: Props & { user: User }) {
  const reset = useCommand(resetSecondFactorDocument);
  const submit = async () => {
    if (!(await reset.submit({ id: user.id }))) return;
    onChanged();
    onClose();
  };
  return (
    <ConfirmDialog
      title={`Reset the second factor of ${user.username}`}
      submitLabel="Reset second factor"
      command={reset}
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
    onChanged();
    onClose();
  };
  return (
    <Dialog title={`Erase ${user.username}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit();
        }}
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
        <Refusals refusals={otherRefusals(erase.refusals, ["username"])} />
        <FailureNotice failure={erase.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="danger"
            busy={erase.busy}
            disabled={username.trim().toLowerCase() !== user.username}
          >
            Erase for good
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
