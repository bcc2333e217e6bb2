import type { ReactNode } from "react";
import { Icon } from "@/components/Icon";
import { Instant } from "@/components/Instant";
import { useNow } from "@/components/useNow";
import type { ClockPartsFragment } from "@/gql/graphql";
import { formatDuration, formatSpan } from "@/time";
import { netSecondsAt } from "./clock";

/** How long a side has been at work, its pauses taken out; it runs while the side does. */
export function SideClock({
  clock,
  asOf,
  actions,
}: {
  clock: ClockPartsFragment;
  asOf: string | undefined;
  /** Pause or resume. */
  actions?: ReactNode;
}) {
  const running = !clock.endedAt && !clock.pausedSince && !asOf;
  const present = useNow(running);
  const now = asOf ? new Date(asOf) : present;
  return (
    <div className="clock" data-testid="clock" data-state={clock.endedAt ? "ended" : clock.pausedSince ? "paused" : "running"}>
      <p className="clock-line">
        <Icon name={clock.pausedSince ? "pause" : "clock"} size={14} />
        <span>
          Net time <strong role="timer">{formatSpan(netSecondsAt(clock, now))}</strong>
        </span>
        {clock.pausedSince && (
          <span className="clock-paused">
            paused since <Instant at={clock.pausedSince} />
          </span>
        )}
        {actions && <span className="clock-actions">{actions}</span>}
      </p>
      {clock.pauses.length > 0 && (
        <details className="pauses" open={clock.pausedSince != null}>
          <summary>
            {clock.pauses.length === 1 ? "1 pause" : `${clock.pauses.length} pauses`}
            {clock.pausedSeconds > 0 && `, ${formatSpan(clock.pausedSeconds)} in all`}
          </summary>
          <ol>
            {clock.pauses.map((pause) => (
              <li key={pause.from}>
                <span className="muted">
                  <Instant at={pause.from} />
                  {pause.to ? (
                    <>
                      {" to "}
                      <Instant at={pause.to} after={pause.from} />, {formatDuration(pause.from, pause.to)}
                    </>
                  ) : (
                    ", not over yet"
                  )}
                  , {pause.by.name}
                </span>
                <span className="prose">{pause.reason}</span>
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}
