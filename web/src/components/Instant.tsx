import { formatExact, formatInstant, formatRelative } from "@/time";

/** A moment as people read it; exact and relative on hover. */
export function Instant({ at, relative = false }: { at: string; relative?: boolean }) {
  return (
    <time dateTime={at} title={`${formatExact(at)}, ${formatRelative(at)}`} className="instant">
      {relative ? formatRelative(at) : formatInstant(at)}
    </time>
  );
}
