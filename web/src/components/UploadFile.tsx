import { useQueryClient } from "@tanstack/react-query";
import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { useCommand } from "@/api/command";
import { importFileDocument } from "@/api/jobs";
import { type Upload, upload } from "@/api/upload";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { ErrorNotice, FailureNotice, Refusals } from "@/components/Notices";
import { Progress } from "@/components/Progress";
import type { KnowledgeSource } from "@/gql/graphql";
import "./UploadFile.css";

interface Sending {
  name: string;
  sent: number;
  total: number;
}

const inMegabytes = (bytes: number) => Math.ceil(bytes / 100_000) / 10;

/** Sends a file of a knowledge source, and starts the job that takes it in. */
export function UploadFile({
  source,
  preview,
  label,
  title,
  hint,
  options,
  primary = true,
  onStarted,
}: {
  source: KnowledgeSource;
  /** Whether the job only tells what would change. */
  preview: boolean;
  /** What the section is called. */
  label: string;
  title: ReactNode;
  hint: ReactNode;
  /** What else there is to choose, below. */
  options?: ReactNode;
  primary?: boolean;
  /** The job has begun. */
  onStarted?: (job: string) => void;
}) {
  const queryClient = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const running = useRef<Upload>(null);
  const start = useCommand(importFileDocument);
  const [sending, setSending] = useState<Sending | null>(null);
  const [failed, setFailed] = useState<{ file: File; error: unknown } | null>(null);
  // Kept after a failed start, so that trying again does not send the file a second time.
  const [uploadId, setUploadId] = useState<string | null>(null);
  const [over, setOver] = useState(false);

  const begin = async (id: string) => {
    setUploadId(id);
    const payload = await start.submit({ source, uploadId: id, preview });
    if (!payload) return;
    setUploadId(null);
    await queryClient.invalidateQueries({ queryKey: ["jobs"] });
    if (payload.job) onStarted?.(payload.job.id);
  };

  const send = async (file: File) => {
    setFailed(null);
    start.reset();
    setSending({ name: file.name, sent: 0, total: file.size });
    running.current = upload(file, (sent, total) => setSending({ name: file.name, sent, total }));
    try {
      const id = await running.current.finished;
      setSending(null);
      await begin(id);
    } catch (error) {
      setSending(null);
      setFailed({ file, error });
    }
  };

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) void send(file);
  };

  return (
    <section
      className="import"
      aria-label={label}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <div className="import-row">
        <Icon name="upload" />
        <p>
          <strong>{title}</strong>
          <span className="muted">{hint}</span>
        </p>
        {sending ? (
          <Button onClick={() => running.current?.abort()}>Cancel upload</Button>
        ) : (
          <Button variant={primary ? "primary" : "default"} busy={start.busy} onClick={() => input.current?.click()}>
            Choose file
          </Button>
        )}
        <input
          ref={input}
          className="visually-hidden"
          type="file"
          tabIndex={-1}
          aria-label="File to import"
          onChange={(event) => {
            const file = event.target.files?.[0];
            // The same file may be chosen again after a failure.
            event.target.value = "";
            if (file) void send(file);
          }}
        />
      </div>
      {options}
      {sending && (
        <Progress
          label={`Sending ${sending.name}`}
          done={inMegabytes(sending.sent)}
          total={inMegabytes(sending.total)}
          unit="MB"
        />
      )}
      {failed && <ErrorNotice doing="The upload" error={failed.error} onRetry={() => void send(failed.file)} />}
      <Refusals refusals={start.refusals} />
      <FailureNotice failure={start.failure} />
      {uploadId && start.failure && <Button onClick={() => void begin(uploadId)}>Start the import again</Button>}
    </section>
  );
}
