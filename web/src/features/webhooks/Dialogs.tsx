import { useState } from "react";
import { useCommand, useSetting } from "@/api/command";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Dialog } from "@/components/Dialog";
import { createWebhookDocument, deleteWebhookDocument, updateWebhookDocument, type Webhook } from "./operations";
import { SecretGone, SecretOnce } from "./SecretOnce";
import { WebhookForm } from "./WebhookForm";

interface Props {
  onClose: () => void;
  onChanged: () => void;
}

interface Change extends Props {
  webhook: Webhook;
}

export function CreateWebhookDialog({ onClose, onChanged }: Props) {
  const create = useCommand(createWebhookDocument);
  const [made, setMade] = useState<{ secret: string | null } | null>(null);
  if (made) {
    return (
      <Dialog title="Webhook created" onClose={onClose}>
        {made.secret === null ? <SecretGone onClose={onClose} /> : <SecretOnce secret={made.secret} onClose={onClose} />}
      </Dialog>
    );
  }
  return (
    <Dialog title="Create webhook" onClose={onClose}>
      <WebhookForm
        initial={{ name: "", url: "", events: [] }}
        submitLabel="Create webhook"
        command={create}
        onClose={onClose}
        onSubmit={async (content) => {
          const payload = await create.submit(content);
          if (!payload) return;
          onChanged();
          setMade({ secret: payload.secret ?? null });
        }}
      />
    </Dialog>
  );
}

export function ChangeWebhookDialog({ webhook, onClose, onChanged }: Change) {
  const update = useSetting(updateWebhookDocument);
  return (
    <Dialog title={`Change ${webhook.name}`} onClose={onClose}>
      <WebhookForm
        initial={{ name: webhook.name, url: webhook.url, events: [...webhook.events] }}
        submitLabel="Save"
        command={update}
        onClose={onClose}
        onSubmit={async (content) => {
          if (!(await update.submit({ id: webhook.id, ...content }))) return;
          onChanged();
          onClose();
        }}
      />
    </Dialog>
  );
}

export function ActiveWebhookDialog({ webhook, onClose, onChanged }: Change) {
  const update = useSetting(updateWebhookDocument);
  const action = webhook.active ? "Switch off" : "Switch on";
  return (
    <ConfirmDialog
      title={`${action} ${webhook.name}`}
      submitLabel={action}
      command={update}
      onClose={onClose}
      onSubmit={async () => {
        if (!(await update.submit({ id: webhook.id, active: !webhook.active }))) return;
        onChanged();
        onClose();
      }}
    >
      {webhook.active
        ? "Nothing is sent any more. What waits already is sent once it is switched on again, for up to 30 days; what happens meanwhile is not told."
        : "It is told what happens from now on, and what was left waiting."}
    </ConfirmDialog>
  );
}

export function NewSecretDialog({ webhook, onClose, onChanged }: Change) {
  const update = useSetting(updateWebhookDocument);
  const [secret, setSecret] = useState<string | null>(null);
  if (secret !== null) {
    return (
      <Dialog title={`New secret of ${webhook.name}`} onClose={onClose}>
        <SecretOnce secret={secret} onClose={onClose} />
      </Dialog>
    );
  }
  return (
    <ConfirmDialog
      title={`New secret for ${webhook.name}`}
      submitLabel="Make a new secret"
      command={update}
      onClose={onClose}
      onSubmit={async () => {
        const payload = await update.submit({ id: webhook.id, newSecret: true });
        if (!payload) return;
        onChanged();
        if (payload.secret) setSecret(payload.secret);
        else onClose();
      }}
    >
      Every delivery from now on, those that wait included, is signed with the new secret. Until it is known where they
      arrive, they are refused there and tried again.
    </ConfirmDialog>
  );
}

export function DeleteWebhookDialog({ webhook, onClose, onDeleted }: Omit<Change, "onChanged"> & { onDeleted: () => void }) {
  const remove = useSetting(deleteWebhookDocument);
  return (
    <ConfirmDialog
      title={`Delete ${webhook.name}`}
      submitLabel="Delete"
      command={remove}
      onClose={onClose}
      onSubmit={async () => {
        if (await remove.submit({ id: webhook.id })) onDeleted();
      }}
    >
      Nothing is sent there any more, what waits is given up, and its log goes. It cannot be taken back.
    </ConfirmDialog>
  );
}
