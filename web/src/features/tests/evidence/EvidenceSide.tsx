import { type DragEvent, useRef, useState } from "react";
import { Button } from "@/components/Button";
import type { Side } from "@/gql/graphql";
import { EvidenceList } from "./EvidenceList";
import { accepted, limitFiles } from "./kinds";
import type { Evidence } from "./operations";
import type { UploadItem, UploadQueue } from "./queue";
import { type Chosen, StagedFiles } from "./StagedFiles";
import { Uploads } from "./Uploads";
import "./evidence.css";

/** The evidence of one side of a round, and the ways to add to it. */
export function EvidenceSide({
  side,
  files,
  version,
  open,
  queue,
  uploads,
  staged,
  onStaged,
  onChanged,
}: {
  side: Side;
  files: readonly Evidence[];
  version: number;
  /** Whether the person may add files here. */
  open: boolean;
  queue: UploadQueue;
  uploads: readonly UploadItem[];
  /** Chosen, and not sent yet. */
  staged: readonly Chosen[];
  onStaged: (staged: readonly Chosen[]) => void;
  onChanged: () => void;
}) {
  const standing = files.filter((file) => !file.removedAt).length;
  const own = uploads.filter((item) => item.side === side);
  if (files.length === 0 && own.length === 0 && !open) return null;
  const words = side === "RED" ? "red" : "blue";
  return (
    <section className="evidence-side" aria-label={`Evidence of ${words}`}>
      <h4>
        Evidence <span className="count">{standing > 0 ? standing : ""}</span>
      </h4>
      {files.length > 0 && <EvidenceList files={files} version={version} onRemoved={open ? onChanged : undefined} />}
      <Uploads items={own} queue={queue} />
      {staged.length > 0 && (
        <StagedFiles
          staged={staged}
          room={limitFiles - standing - own.length}
          onStaged={onStaged}
          onSend={(ready) => {
            queue.add(ready.map((chosen) => ({ ...chosen, side })));
            onStaged([]);
          }}
        />
      )}
      {open && <AddFiles words={words} onFiles={onStaged} staged={staged} />}
    </section>
  );
}

function AddFiles({
  words,
  staged,
  onFiles,
}: {
  words: string;
  staged: readonly Chosen[];
  onFiles: (staged: readonly Chosen[]) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <p className="evidence-add">
      <Button icon="plus" onClick={() => input.current?.click()}>
        Add evidence
      </Button>
      <span className="muted">or drop files here, or paste a screenshot</span>
      <input
        ref={input}
        className="visually-hidden"
        type="file"
        multiple
        tabIndex={-1}
        accept={accepted}
        aria-label={`Files of evidence of ${words}`}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          // The same file may be chosen again after it was taken away.
          event.target.value = "";
          onFiles([...staged, ...files.map((file) => ({ file, name: file.name, caption: "" }))]);
        }}
      />
    </p>
  );
}

/** What makes an element take files that are dropped on it. */
export function useDrop(open: boolean, onFiles: (files: File[]) => void) {
  const [over, setOver] = useState(false);
  // Crossing a child fires leave and enter again: they are counted.
  const depth = useRef(0);
  if (!open) return {};
  const carriesFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  return {
    "data-over": over || undefined,
    onDragEnter: (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth.current += 1;
      setOver(true);
    },
    onDragOver: (event: DragEvent) => {
      if (carriesFiles(event)) event.preventDefault();
    },
    onDragLeave: (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth.current = Math.max(0, depth.current - 1);
      if (depth.current === 0) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth.current = 0;
      setOver(false);
      onFiles([...event.dataTransfer.files]);
    },
  };
}
