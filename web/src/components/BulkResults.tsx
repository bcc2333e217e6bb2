import type { ReactNode } from "react";
import { sentence } from "@/api/command";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Icon } from "./Icon";

export interface BulkResult {
  key: string;
  /** Which one. */
  label: ReactNode;
  /** Why nothing was done; empty when all went well. */
  errors: readonly { message: string }[];
}

export interface Outcome {
  title: string;
  results: readonly BulkResult[];
}

/** What came of each of many. The page shows it, not the list: that may be empty afterwards. */
export function BulkResults({ title, results, onClose }: Outcome & { onClose: () => void }) {
  const refused = results.filter((result) => result.errors.length > 0);
  const done = results.filter((result) => result.errors.length === 0);
  return (
    <Dialog title={title} onClose={onClose}>
      <p className="bulk-sum">
        <strong>{done.length}</strong> done
        {refused.length > 0 && (
          <>
            , <strong>{refused.length}</strong> refused
          </>
        )}
      </p>
      <ul className="bulk-results">
        {[...refused, ...done].map((result) => (
          <li key={result.key} data-refused={result.errors.length > 0 || undefined}>
            <Icon name={result.errors.length > 0 ? "close" : "check"} size={14} />
            <span>{result.label}</span>
            {result.errors.length > 0 && (
              <span className="muted">{result.errors.map((error) => sentence(error.message)).join(" ")}</span>
            )}
          </li>
        ))}
      </ul>
      <div className="form-actions">
        <Button variant="primary" onClick={onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  );
}
