import { formatExact, formatToSecond } from "@/time";
import { Button } from "./Button";
import { InstantPicker } from "./InstantPicker";

/** Where in time the page stands: the instant, the ledger position, and the way to another instant. */
export function FootBar({
  asOf,
  position,
  sealedAt,
  live,
  onAsOf,
}: {
  asOf: string | undefined;
  position: number | undefined;
  sealedAt?: string | null | undefined;
  live?: "connecting" | "live" | "offline" | undefined;
  onAsOf: (asOf: string | undefined) => void;
}) {
  return (
    <footer className="footbar" aria-label="Time">
      <div className="footbar-pick">
        <InstantPicker asOf={asOf} onAsOf={onAsOf} />
        {asOf && (
          <Button variant="quiet" onClick={() => onAsOf(undefined)}>
            Back to now
          </Button>
        )}
      </div>
      {live === "offline" && (
        <p className="footbar-offline" role="status">
          Connection lost. Reconnecting; the figures may be old.
        </p>
      )}
      <dl className="footbar-place">
        <dt className="visually-hidden">Ledger position</dt>
        <dd className="footbar-position" data-testid="ledger-position">
          {position === undefined
            ? "position –"
            : `position ${position.toLocaleString("en")}${position > 0 ? " · sealed" : ""}`}
        </dd>
        {sealedAt && (
          <>
            <dt className="visually-hidden">Sealed at</dt>
            <dd className="footbar-sealed" title={formatExact(sealedAt)}>
              {formatToSecond(sealedAt)}
            </dd>
          </>
        )}
      </dl>
    </footer>
  );
}
