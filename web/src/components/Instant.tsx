import { formatClock, formatExact, formatInstant, formatRelative, isSameDay } from "@/time";

/** A moment as people read it; exact and relative on hover. After another one of that day, only the clock time. */
export function Instant({ at, relative = false, after }: { at: string; relative?: boolean; after?: string }) {
  const words = relative ? formatRelative(at) : after && isSameDay(after, at) ? formatClock(at) : formatInstant(at);
  return (
    <time dateTime={at} title={`${formatExact(at)}, ${formatRelative(at)}`} className="instant">
      {words}
    </time>
  );
}
