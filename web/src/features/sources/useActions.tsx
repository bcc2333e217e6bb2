import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useCommand } from "@/api/command";
import type { MenuItem } from "@/components/Menu";
import { FailureNotice, Refusals } from "@/components/Notices";
import { SettingsDialog, UploadDialog } from "./Dialogs";
import { type Source, sourcesKey, syncSourceDocument } from "./operations";
import { fetchable } from "./words";

/** What can be done with a source, and the dialog that is open. `onPreview` shows what would change. */
export function useActions(onPreview: (source: Source, job: string) => void): {
  sync: (source: Source, preview: boolean) => Promise<void>;
  /** The source whose sync is being asked for. */
  asking: string | null;
  open: (action: "upload" | "settings", source: Source) => void;
  itemsFor: (source: Source) => MenuItem[];
  notices: ReactNode;
  dialog: ReactNode;
} {
  const queryClient = useQueryClient();
  const command = useCommand(syncSourceDocument);
  const [asking, setAsking] = useState<string | null>(null);
  const [opened, setOpened] = useState<{ action: "upload" | "settings"; source: Source } | null>(null);
  const changed = () => queryClient.invalidateQueries({ queryKey: sourcesKey });
  const begun = async (source: Source, job: string | undefined, preview: boolean) => {
    await changed();
    if (preview && job) onPreview(source, job);
  };
  const sync = async (source: Source, preview: boolean) => {
    setAsking(source.key);
    const payload = await command.submit({ source: source.source, preview });
    setAsking(null);
    if (payload) await begun(source, payload.job?.id, preview);
  };
  const open = (action: "upload" | "settings", source: Source) => setOpened({ action, source });
  const onClose = () => setOpened(null);
  return {
    sync,
    asking,
    open,
    itemsFor: (source) => [
      ...(fetchable(source)
        ? [{ key: "preview", label: "Preview a sync", onSelect: () => void sync(source, true) }]
        : []),
      { key: "upload", label: "Upload a file", onSelect: () => open("upload", source) },
      { key: "settings", label: "Settings", divided: true, onSelect: () => open("settings", source) },
    ],
    notices: (
      <>
        <Refusals refusals={command.refusals} />
        <FailureNotice failure={command.failure} />
      </>
    ),
    dialog:
      opened?.action === "settings" ? (
        <SettingsDialog source={opened.source} onClose={onClose} onChanged={() => void changed()} />
      ) : opened?.action === "upload" ? (
        <UploadDialog
          source={opened.source}
          onClose={onClose}
          onStarted={(job, preview) => {
            onClose();
            void begun(opened.source, job, preview);
          }}
        />
      ) : null,
  };
}
