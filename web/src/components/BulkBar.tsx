import type { ReactNode } from "react";
import { Button } from "./Button";

/** What can be done with the chosen rows; it stands at the foot of the list while there are any. */
export function BulkBar({
  count,
  limit,
  what,
  onClear,
  children,
}: {
  count: number;
  limit: number;
  /** `tests`. */
  what: string;
  onClear: () => void;
  children: ReactNode;
}) {
  if (count === 0) return null;
  return (
    <div className="bulk-bar" role="toolbar" aria-label={`Chosen ${what}`}>
      <span className="bulk-count" role="status">
        {count} chosen{count === limit && ", as many as one request takes"}
      </span>
      {children}
      <Button variant="quiet" onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}
