import { useCommand } from "@/api/command";
import { ReasonDialog } from "@/components/ReasonDialog";
import { type Evidence, removeEvidenceDocument } from "./operations";

export function RemoveEvidenceDialog({
  file,
  version,
  onClose,
  onRemoved,
}: {
  file: Evidence;
  version: number;
  onClose: () => void;
  onRemoved: () => void;
}) {
  const remove = useCommand(removeEvidenceDocument);
  return (
    <ReasonDialog
      title={`Take out ${file.fileName}`}
      submitLabel="Take out"
      command={remove}
      onClose={onClose}
      onSubmit={async (reason) => {
        if (await remove.submit({ id: file.id, reason, expectedVersion: version })) onRemoved();
      }}
    >
      That it was here stays on record, with your reason. Its bytes are deleted after 30 days.
    </ReasonDialog>
  );
}
