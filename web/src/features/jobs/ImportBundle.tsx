import { useQueryClient } from "@tanstack/react-query";
import { type DragEvent, useRef, useState } from "react";
import type { ApiError } from "@/api/client";
import { useCommand } from "@/api/command";
import { type Upload, upload } from "@/api/upload";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { ErrorNotice, FailureNotice, Refusals } from "@/components/Notices";
import { Progress } from "@/components/Progress";
import { importFileDocument } from "./operations";

interface Sending {
  name: string;
  sent: number;
  total: number;
}

const inMegabytes = (bytes: number) => Math.ceil(bytes / 100_000) / 10;

/** Sends an ATT&CK bundle and starts its import. */
export function ImportBundle() {
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
    const payload = await start.submit({ source: "ATTACK_ENTERPRISE", uploadId: id });
    if (!payload) return;
    setUploadId(null);
    await queryClient.invalidateQueries({ queryKey: ["jobs"] });
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
      setFailed({ file, error: error as ApiError });
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
      aria-label="Import ATT&CK"
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
          <strong>Import an ATT&amp;CK Enterprise bundle</strong>
          <span className="muted">STIX 2.1 as .json, .json.zst, .json.gz or .zip. Drop it here or choose it.</span>
        </p>
        {sending ? (
          <Button onClick={() => running.current?.abort()}>Cancel upload</Button>
        ) : (
          <Button variant="primary" busy={start.busy} onClick={() => input.current?.click()}>
            Choose file
          </Button>
        )}
        <input
          ref={input}
          className="visually-hidden"
          type="file"
          tabIndex={-1}
          aria-label="ATT&CK bundle"
          accept=".json,.zst,.gz,.zip,application/json"
          onChange={(event) => {
            const file = event.target.files?.[0];
            // The same file may be chosen again after a failure.
            event.target.value = "";
            if (file) void send(file);
          }}
        />
      </div>
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
