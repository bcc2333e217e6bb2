import { useId } from "react";
import { Button } from "@/components/Button";
import { formatExact, formatInstant, offsetOf, toLocalInput, toRfc3339 } from "@/time";

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
  const id = useId();
  const now = new Date();
  return (
    <footer className="footbar" aria-label="Time">
      <div className="footbar-pick">
        <label htmlFor={id}>As of</label>
        <input
          id={id}
          // A new value from the address replaces what stands in the field.
          key={asOf ?? "now"}
          className="input"
          type="datetime-local"
          step={1}
          max={toLocalInput(now.toISOString(), offsetOf(now))}
          defaultValue={asOf ? toLocalInput(asOf, offsetOf(new Date(asOf))) : ""}
          onKeyDown={(event) => {
            if (event.key === "Enter") onAsOf(instantFrom(event.currentTarget.value));
          }}
          onBlur={(event) => {
            const chosen = instantFrom(event.currentTarget.value);
            if (chosen !== asOf) onAsOf(chosen);
          }}
        />
        {asOf && (
          <Button onClick={() => onAsOf(undefined)} icon="clock">
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
        <div>
          <dt className="visually-hidden">Instant</dt>
          <dd className="footbar-instant" title={asOf ? formatExact(asOf) : sealedAt ? formatExact(sealedAt) : undefined}>
            {asOf ? `as of ${formatInstant(asOf)}` : "now"}
          </dd>
        </div>
        <div>
          <dt className="visually-hidden">Ledger position</dt>
          <dd className="footbar-position" data-testid="ledger-position">
            {position === undefined
              ? "position unknown"
              : `position ${position.toLocaleString("en")}${position > 0 ? " · sealed" : ""}`}
          </dd>
        </div>
      </dl>
    </footer>
  );
}

function instantFrom(local: string): string | undefined {
  if (!local) return undefined;
  const probe = new Date(local);
  if (Number.isNaN(probe.getTime())) return undefined;
  return toRfc3339(local, offsetOf(probe)) ?? undefined;
}
