import { Button, IconButton } from "@/components/Button";
import { Progress } from "@/components/Progress";
import type { UploadItem, UploadQueue, UploadState } from "./queue";

const words: Record<Exclude<UploadState, "sending" | "failed">, string> = {
  waiting: "Waits for the others",
  hashing: "Computing the SHA-256",
  confirming: "Adding it to the round",
};

/** Files on their way. */
export function Uploads({ items, queue }: { items: readonly UploadItem[]; queue: UploadQueue }) {
  if (items.length === 0) return null;
  return (
    <ul className="uploads" aria-label="Uploads">
      {items.map((item) => (
        <li key={item.key} className="upload" data-state={item.state}>
          <p className="evidence-name">{item.name}</p>
          <span className="upload-actions">
            {item.state === "failed" && <Button onClick={() => queue.retry(item.key)}>Retry</Button>}
            <IconButton
              label={`${item.state === "failed" ? "Give up" : "Cancel"} ${item.name}`}
              icon="close"
              onClick={() => queue.cancel(item.key)}
            />
          </span>
          {item.state === "failed" ? (
            <p className="field-error" role="alert">
              {item.problem}
            </p>
          ) : item.state === "sending" ? (
            <Progress label={`Sending ${item.name}`} done={item.sent} total={item.file.size} />
          ) : (
            <p className="muted">{words[item.state]}</p>
          )}
        </li>
      ))}
    </ul>
  );
}
