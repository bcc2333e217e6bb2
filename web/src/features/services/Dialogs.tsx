import { useState } from "react";
import { refusalsFor, useCommand } from "@/api/command";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { TextField } from "@/components/Field";
import { FormDialog } from "@/components/FormDialog";
import { RoleField } from "@/components/RoleField";
import type { Role } from "@/gql/graphql";
import {
  type ApiKey,
  changeServiceAccountDocument,
  createServiceAccountDocument,
  deactivateServiceAccountDocument,
  reactivateServiceAccountDocument,
  revokeApiKeyDocument,
  type ServiceAccount,
} from "./operations";

interface Props {
  onClose: () => void;
  /** Resolves once what is shown is as it is now. */
  onChanged: () => Promise<void>;
}

interface Change extends Props {
  account: ServiceAccount;
}

export function CreateAccountDialog({ onClose, onChanged }: Props) {
  const create = useCommand(createServiceAccountDocument);
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [role, setRole] = useState<Role>("VIEWER");
  const submit = async () => {
    if (!(await create.submit({ name: name.trim(), description: description.trim() || null, role }))) return;
    // The first account takes the place of the button that opened this.
    await onChanged();
    onClose();
  };
  return (
    <FormDialog
      title="Create service account"
      submitLabel="Create service account"
      command={create}
      fields={["name", "description", "displayName", "role"]}
      onClose={onClose}
      onSubmit={submit}
    >
      <TextField
        label="Name"
        required
        autoCapitalize="none"
        spellCheck={false}
        hint="As user names: a-z, 0-9, dot, dash, underscore and @."
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={refusalsFor(create.refusals, "name")}
      />
      <TextField
        label="What it is for"
        required={false}
        value={description}
        onChange={(event) => setDescription(event.target.value)}
        error={refusalsFor(create.refusals, "description") ?? refusalsFor(create.refusals, "displayName")}
      />
      <RoleField value={role} onChange={setRole} error={refusalsFor(create.refusals, "role")} />
    </FormDialog>
  );
}

export function ChangeAccountDialog({ account, onClose, onChanged }: Change) {
  const update = useCommand(changeServiceAccountDocument);
  const [description, setDescription] = useState(account.description ?? "");
  const [role, setRole] = useState<Role>(account.role);
  const submit = async () => {
    if (!(await update.submit({ id: account.id, displayName: description.trim(), role }))) return;
    void onChanged();
    onClose();
  };
  return (
    <FormDialog
      title={`Change ${account.name}`}
      submitLabel="Save"
      command={update}
      fields={["displayName", "role"]}
      onClose={onClose}
      onSubmit={submit}
    >
      <TextField
        label="What it is for"
        required={false}
        value={description}
        onChange={(event) => setDescription(event.target.value)}
        error={refusalsFor(update.refusals, "displayName")}
      />
      <RoleField value={role} onChange={setRole} error={refusalsFor(update.refusals, "role")} />
      <p className="muted">Another role holds from the next request on, for all its keys.</p>
    </FormDialog>
  );
}

export function ActiveAccountDialog({ account, onClose, onChanged }: Change) {
  const deactivate = useCommand(deactivateServiceAccountDocument);
  const reactivate = useCommand(reactivateServiceAccountDocument);
  const command = account.active ? deactivate : reactivate;
  return (
    <ConfirmDialog
      title={`${account.active ? "Deactivate" : "Reactivate"} ${account.name}`}
      submitLabel={account.active ? "Deactivate" : "Reactivate"}
      command={command}
      danger={account.active}
      onClose={onClose}
      onSubmit={async () => {
        if (!(await command.submit({ id: account.id }))) return;
        void onChanged();
        onClose();
      }}
    >
      {account.active
        ? "None of its keys lets anybody in from the next request on. What it did stays."
        : "Its keys that have not ended let its program in again."}
    </ConfirmDialog>
  );
}

export function RevokeKeyDialog({ apiKey, onClose, onChanged }: Props & { apiKey: ApiKey }) {
  const revoke = useCommand(revokeApiKeyDocument);
  return (
    <ConfirmDialog
      title={`Revoke ${apiKey.label ?? "the key"}`}
      submitLabel="Revoke"
      command={revoke}
      danger
      onClose={onClose}
      onSubmit={async () => {
        if (!(await revoke.submit({ id: apiKey.id }))) return;
        // The key leaves the list with its button, to which no focus can return.
        await onChanged();
        onClose();
      }}
    >
      Whatever uses this key is refused from the next request on. It cannot be taken back; another key can be issued.
    </ConfirmDialog>
  );
}
