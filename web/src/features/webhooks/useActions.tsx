import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { MenuItem } from "@/components/Menu";
import { ActiveWebhookDialog, ChangeWebhookDialog, DeleteWebhookDialog, NewSecretDialog } from "./Dialogs";
import { type Webhook, webhooksKey } from "./operations";

type Action = "change" | "active" | "secret" | "delete";

/** What can be done with a webhook, as a menu, and the dialog that is open. */
export function useActions(onDeleted?: () => void): {
  itemsFor: (webhook: Webhook) => MenuItem[];
  change: (webhook: Webhook) => void;
  dialog: ReactNode;
} {
  const queryClient = useQueryClient();
  const [open, setOpen] = useState<{ action: Action; webhook: Webhook } | null>(null);
  const onClose = () => setOpen(null);
  const onChanged = () => void queryClient.invalidateQueries({ queryKey: webhooksKey });
  const item = (action: Action, label: string, webhook: Webhook, divided?: boolean): MenuItem => ({
    key: action,
    label,
    ...(divided ? { divided } : {}),
    onSelect: () => setOpen({ action, webhook }),
  });
  const dialogOf = () => {
    if (!open) return null;
    const { action, webhook } = open;
    switch (action) {
      case "change":
        return <ChangeWebhookDialog webhook={webhook} onClose={onClose} onChanged={onChanged} />;
      case "active":
        return <ActiveWebhookDialog webhook={webhook} onClose={onClose} onChanged={onChanged} />;
      case "secret":
        return <NewSecretDialog webhook={webhook} onClose={onClose} onChanged={onChanged} />;
      case "delete":
        return (
          <DeleteWebhookDialog
            webhook={webhook}
            onClose={onClose}
            onDeleted={() => {
              onClose();
              // The page of what is gone leaves first: it must not ask for it once more.
              onDeleted?.();
              onChanged();
            }}
          />
        );
    }
  };
  return {
    itemsFor: (webhook) => [
      item("change", "Change", webhook),
      item("secret", "New secret", webhook),
      item("active", webhook.active ? "Switch off" : "Switch on", webhook, true),
      item("delete", "Delete", webhook),
    ],
    change: (webhook) => setOpen({ action: "change", webhook }),
    dialog: dialogOf(),
  };
}
