import { useState } from "react";
import { Icon, type IconName } from "@/components/Icon";
import { Instant } from "@/components/Instant";
import { CopyHash } from "./CopyHash";
import { download } from "./download";
import { formatBytes, hasThumbnail, previewOf } from "./kinds";
import { type Evidence, freshLink } from "./operations";
import { PreviewDialog } from "./PreviewDialog";
import { RemoveEvidenceDialog } from "./RemoveEvidenceDialog";

/** The files of one side of a round, those taken out too. */
export function EvidenceList({
  files,
  onRemoved,
  version,
}: {
  files: readonly Evidence[];
  /** Set where the person may take files out. */
  onRemoved?: (() => void) | undefined;
  version: number;
}) {
  const [shown, setShown] = useState<string | null>(null);
  const [removing, setRemoving] = useState<Evidence | null>(null);
  const previewable = files.filter((file) => !file.removedAt && previewOf(file.mediaType) !== null);
  return (
    <>
      <ul className="evidence-list" aria-label="Evidence">
        {files.map((file) => (
          <EvidenceRow
            key={file.id}
            file={file}
            onPreview={previewable.includes(file) ? () => setShown(file.id) : undefined}
            onRemove={onRemoved && !file.removedAt ? () => setRemoving(file) : undefined}
          />
        ))}
      </ul>
      {shown !== null && (
        <PreviewDialog files={previewable} shown={shown} onShow={setShown} onClose={() => setShown(null)} />
      )}
      {removing && (
        <RemoveEvidenceDialog
          file={removing}
          version={version}
          onClose={() => setRemoving(null)}
          onRemoved={() => {
            setRemoving(null);
            onRemoved?.();
          }}
        />
      )}
    </>
  );
}

function EvidenceRow({
  file,
  onPreview,
  onRemove,
}: {
  file: Evidence;
  onPreview?: (() => void) | undefined;
  onRemove?: (() => void) | undefined;
}) {
  const gone = file.removedAt != null;
  const [problem, setProblem] = useState<string | null>(null);
  const fetchFile = async () => setProblem(await download(file));
  return (
    <li className="evidence" data-removed={gone || undefined} data-testid="evidence">
      <Sign file={file} onPreview={onPreview} />
      <div className="evidence-text">
        <p className="evidence-name">
          {gone ? (
            <s>{file.fileName}</s>
          ) : (
            <button type="button" className="link-button" onClick={onPreview ?? (() => void fetchFile())}>
              {file.fileName}
            </button>
          )}
        </p>
        {file.caption && <p className="evidence-caption">{file.caption}</p>}
        <p className="evidence-facts muted">
          <span>{formatBytes(file.sizeBytes)}</span>
          <span>
            {file.addedBy.name}, <Instant at={file.addedAt} />
          </span>
          <CopyHash value={file.sha256} of={file.fileName} />
        </p>
        {file.removedAt && (
          <p className="evidence-removed">
            Taken out by {file.removedBy?.name ?? "somebody"}, <Instant at={file.removedAt} />: {file.removeReason}
          </p>
        )}
        {problem && (
          <p className="field-error" role="alert">
            {problem}
          </p>
        )}
      </div>
      {!gone && (
        <div className="evidence-actions">
          <button
            type="button"
            className="icon-button"
            aria-label={`Download ${file.fileName}`}
            title="Download"
            onClick={() => void fetchFile()}
          >
            <Icon name="download" size={14} />
          </button>
          {onRemove && (
            <button
              type="button"
              className="icon-button"
              aria-label={`Take out ${file.fileName}`}
              title="Take out"
              onClick={onRemove}
            >
              <Icon name="trash" size={14} />
            </button>
          )}
        </div>
      )}
    </li>
  );
}

function iconOf(mediaType: string): IconName {
  const preview = previewOf(mediaType);
  if (preview === "image") return "image";
  if (preview === "csv" || /spreadsheet/.test(mediaType)) return "table";
  if (preview !== null || /word|pdf/.test(mediaType)) return "text";
  if (/zip/.test(mediaType)) return "archive";
  if (/pcap/.test(mediaType)) return "packet";
  return "file";
}

/** A thumbnail, or the icon of its kind. */
function Sign({ file, onPreview }: { file: Evidence; onPreview?: (() => void) | undefined }) {
  const [link, setLink] = useState(file.downloadUrl);
  const [known, setKnown] = useState(file.downloadUrl);
  const [tries, setTries] = useState(0);
  // A newer link to the same bytes does not load the picture again.
  if (known == null && file.downloadUrl != null) {
    setKnown(file.downloadUrl);
    setLink(file.downloadUrl);
  }
  if (file.removedAt || !link || !hasThumbnail(file) || tries > 1) {
    return (
      <span className="evidence-sign">
        <Icon name={iconOf(file.mediaType)} size={20} />
      </span>
    );
  }
  return (
    <button type="button" className="evidence-sign" tabIndex={-1} aria-hidden="true" onClick={onPreview}>
      <img
        src={link}
        alt=""
        loading="lazy"
        decoding="async"
        onError={() => {
          // The page stood longer than the link is good for.
          setTries(tries + 1);
          if (tries === 0) void freshLink(file.id).then(setLink, () => setTries(2));
        }}
      />
    </button>
  );
}
