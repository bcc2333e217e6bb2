import { useState } from "react";
import { refusalsFor, useCommand } from "@/api/command";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Dialog } from "@/components/Dialog";
import { TextArea, TextField } from "@/components/Field";
import { FormDialog } from "@/components/FormDialog";
import { UploadFile } from "@/components/UploadFile";
import { shortVersion } from "@/importResult";
import { configureSourceDocument, type Release, restoreKnowledgeDocument, type Source } from "./operations";
import { addressesIn, hoursIn } from "./words";

interface Props {
  source: Source;
  onClose: () => void;
  onChanged: () => void;
}

/** Where a source is found, and when it is fetched. */
export function SettingsDialog({ source, onClose, onChanged }: Props) {
  const configure = useCommand(configureSourceDocument);
  const [addresses, setAddresses] = useState(source.addresses.join("\n"));
  const [hours, setHours] = useState(String(source.everyHours));
  const [enabled, setEnabled] = useState(source.enabled);
  const everyHours = hoursIn(hours);
  const error = (field: string) => refusalsFor(configure.refusals, field);
  return (
    <FormDialog
      title={`Settings of ${source.title}`}
      submitLabel="Save"
      command={configure}
      fields={["addresses", "everyHours"]}
      disabled={everyHours === null}
      onClose={onClose}
      onSubmit={async () => {
        if (everyHours === null) return;
        const settings = { source: source.source, addresses: addressesIn(addresses), everyHours, enabled };
        if (!(await configure.submit(settings))) return;
        onChanged();
        onClose();
      }}
    >
      <TextArea
        label="Addresses"
        hint="One a line, at most 5, tried one after the other. Without any it is taken in from uploads only."
        className="input source-addresses"
        rows={4}
        spellCheck={false}
        value={addresses}
        error={error("addresses")}
        onChange={(event) => setAddresses(event.target.value)}
      />
      <TextField
        label="Hours between two fetches"
        hint="0: only when somebody asks."
        inputMode="numeric"
        required
        value={hours}
        error={everyHours === null ? "Give a whole number of hours." : error("everyHours")}
        onChange={(event) => setHours(event.target.value)}
      />
      <label className="check-line">
        <input type="checkbox" checked={enabled} onChange={(event) => setEnabled(event.target.checked)} />
        May be fetched
      </label>
    </FormDialog>
  );
}

/** A file of the source, taken in or only looked at. */
export function UploadDialog({
  source,
  onClose,
  onStarted,
}: {
  source: Source;
  onClose: () => void;
  onStarted: (job: string, preview: boolean) => void;
}) {
  const [preview, setPreview] = useState(false);
  return (
    <Dialog title={`Upload a file of ${source.title}`} onClose={onClose}>
      <UploadFile
        source={source.source}
        preview={preview}
        label={`Upload a file of ${source.title}`}
        title={source.isAttack ? "A STIX bundle" : "The files as the source publishes them"}
        hint={
          source.isAttack
            ? "As .json, .json.zst, .json.gz or .zip. Drop it here or choose it."
            : "An archive of its repository, or the one file it comes as. Drop it here or choose it."
        }
        options={
          <label className="check-line import-options">
            <input type="checkbox" checked={preview} onChange={(event) => setPreview(event.target.checked)} />
            Only preview what would change
          </label>
        }
        onStarted={(job) => onStarted(job, preview)}
      />
    </Dialog>
  );
}

/** Puts a state of the source in force again that was in force before. */
export function RestoreDialog({ source, release, onClose, onChanged }: Props & { release: Release }) {
  const restore = useCommand(restoreKnowledgeDocument);
  const version = shortVersion(release.version);
  return (
    <ConfirmDialog
      title={`Go back to ${source.title} ${version}`}
      submitLabel={`Go back to ${version}`}
      command={restore}
      onClose={onClose}
      onSubmit={async () => {
        if (!(await restore.submit({ source: source.source, digest: release.digest }))) return;
        onChanged();
        onClose();
      }}
    >
      {source.release
        ? `It takes the place of ${shortVersion(source.release.version)}, with one event. `
        : "It comes into force with one event. "}
      {source.isAttack
        ? "The matrix, its techniques and what they count for are what they were under it; tests and their votes stay."
        : "What it brought is what it was under it; what people wrote stays."}{" "}
      The state that is left stays in this list, to come back to.
    </ConfirmDialog>
  );
}
