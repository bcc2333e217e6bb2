import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/Button";
import { ErrorNotice } from "@/components/Notices";
import { fetchExport, save } from "./download";
import { type ExportFormat, exportAddress } from "./filter";
import type { AuditSearch } from "./search";

const formats: { format: ExportFormat; label: string }[] = [
  { format: "csv", label: "Export CSV" },
  { format: "json", label: "Export JSON" },
];

/** An export that is under way or has failed. */
export function useExport(search: AuditSearch) {
  const [running, setRunning] = useState<{ format: ExportFormat; bytes: number } | null>(null);
  const [failure, setFailure] = useState<{ format: ExportFormat; error: unknown } | null>(null);
  const abort = useRef<AbortController>(undefined);
  // Whoever leaves the page does not wait for it any more.
  useEffect(() => () => abort.current?.abort(), []);
  const start = async (format: ExportFormat) => {
    const control = new AbortController();
    abort.current = control;
    setFailure(null);
    setRunning({ format, bytes: 0 });
    try {
      save(await fetchExport(exportAddress(format, search), (bytes) => setRunning({ format, bytes }), control.signal));
    } catch (error) {
      if (!control.signal.aborted) setFailure({ format, error });
    }
    if (!control.signal.aborted) setRunning(null);
  };
  const stop = () => {
    abort.current?.abort();
    setRunning(null);
  };
  return { running, failure, start, stop };
}

type Export = ReturnType<typeof useExport>;

/** What the list shows, as a file. */
export function ExportButtons({ running, start, stop }: Pick<Export, "running" | "start" | "stop">) {
  if (running) {
    return (
      <>
        <span className="muted" role="status">
          {running.bytes === 0 ? "Writing the file" : `${sizeOf(running.bytes)} so far`}
        </span>
        <Button onClick={stop}>Stop</Button>
      </>
    );
  }
  return formats.map(({ format, label }) => (
    <Button key={format} icon="download" onClick={() => void start(format)}>
      {label}
    </Button>
  ));
}

export function ExportFailure({ failure, start }: Pick<Export, "failure" | "start">) {
  if (!failure) return null;
  return <ErrorNotice doing="The export" error={failure.error} onRetry={() => void start(failure.format)} />;
}

function sizeOf(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
