import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useMemo } from "react";
import { ApiError } from "@/api/client";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { ErrorNotice, Skeleton } from "@/components/Notices";
import { download } from "./download";
import { formatBytes, previewOf } from "./kinds";
import { type Evidence, freshLink } from "./operations";
import { type Head, limitRows, prettyJson, readHead, readTable } from "./preview";

/** Looks at a file in the page; left and right lead to its neighbours. */
export function PreviewDialog({
  files,
  shown,
  onShow,
  onClose,
}: {
  files: readonly Evidence[];
  shown: string;
  onShow: (id: string) => void;
  onClose: () => void;
}) {
  const at = files.findIndex((file) => file.id === shown);
  const file = files[at];
  // It was taken out while it was looked at.
  useEffect(() => {
    if (!file) onClose();
  }, [file, onClose]);
  if (!file) return null;
  const go = (step: number) => {
    const next = files[at + step];
    if (next) onShow(next.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    // A wide table scrolls with the same keys.
    if (step === 0 || (event.target as HTMLElement).closest(".preview-table, .preview-text")) return;
    event.preventDefault();
    go(step);
  };
  return (
    <Dialog title={file.fileName} wide onClose={onClose}>
      <div className="preview" onKeyDown={onKeyDown}>
        <div className="preview-head">
          <Button onClick={() => void download(file)} icon="download">
            Download
          </Button>
          <span className="muted preview-facts">
            {formatBytes(file.sizeBytes)}, {file.mediaType}
          </span>
          {files.length > 1 && (
            <span className="preview-walk">
              <Button disabled={at === 0} onClick={() => go(-1)}>
                Previous
              </Button>
              <span className="muted">
                {at + 1} of {files.length}
              </span>
              <Button disabled={at === files.length - 1} onClick={() => go(1)}>
                Next
              </Button>
            </span>
          )}
        </div>
        {file.caption && <p>{file.caption}</p>}
        {previewOf(file.mediaType) === "image" ? (
          <Picture key={file.id} file={file} />
        ) : (
          <TextPreview key={file.id} file={file} />
        )}
      </div>
    </Dialog>
  );
}

async function fetchFile(id: string, signal: AbortSignal): Promise<Response> {
  const link = await freshLink(id, signal);
  if (link === null) throw new ApiError("NOT_FOUND", "It was taken out.");
  const response = await fetch(link, { signal });
  if (!response.ok) throw new ApiError("INTERNAL", `The server answered ${response.status}.`);
  return response;
}

/** Bytes of evidence never change, so what was fetched stays good. */
const forGood = { staleTime: Number.POSITIVE_INFINITY, gcTime: 60_000 };

function Picture({ file }: { file: Evidence }) {
  const query = useQuery({
    queryKey: ["evidence-picture", file.id],
    queryFn: async ({ signal }) => await (await fetchFile(file.id, signal)).blob(),
    ...forGood,
  });
  const address = useMemo(() => (query.data ? URL.createObjectURL(query.data) : null), [query.data]);
  useEffect(() => {
    if (address) return () => URL.revokeObjectURL(address);
  }, [address]);
  if (query.isError) {
    return <ErrorNotice doing="Fetching the picture" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (!address) return <Skeleton rows={8} label="Fetching the picture" />;
  return <img className="preview-picture" src={address} alt={file.caption || file.fileName} />;
}

function TextPreview({ file }: { file: Evidence }) {
  const query = useQuery({
    queryKey: ["evidence-text", file.id],
    queryFn: async ({ signal }) => readHead(await fetchFile(file.id, signal)),
    ...forGood,
  });
  if (query.isError) {
    return <ErrorNotice doing="Fetching the file" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.isPending) return <Skeleton rows={8} label="Fetching the file" />;
  const kind = previewOf(file.mediaType);
  if (kind === "csv") return <CsvPreview head={query.data} name={file.fileName} />;
  const pretty = kind === "json" ? prettyJson(query.data.text) : null;
  return (
    <>
      {query.data.cut && <p className="muted">This is the first 1 MB. Download the file for the rest.</p>}
      {kind === "json" && pretty === null && (
        <p className="muted">Shown as it is: what was read of it is no whole JSON document.</p>
      )}
      <pre className="preview-text" tabIndex={0} aria-label={`Content of ${file.fileName}`}>
        {pretty ?? query.data.text}
      </pre>
    </>
  );
}

function CsvPreview({ head, name }: { head: Head; name: string }) {
  const table = useMemo(() => readTable(head.text), [head.text]);
  return (
    <>
      {(head.cut || table.cut) && (
        <p className="muted">
          {table.rows.length < limitRows
            ? "This is the first 1 MB. Download the file for the rest."
            : `These are the first ${limitRows.toLocaleString("en")} rows. Download the file for the rest.`}
        </p>
      )}
      <div className="preview-table" role="group" tabIndex={0} aria-label={`Table of ${name}`}>
        <table className="table">
          <thead>
            <tr>
              {table.head.map((cell, index) => (
                <th key={index} scope="col">
                  {cell}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) => (
                  <td key={column}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
