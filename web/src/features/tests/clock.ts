/** Net time of a side. Pure. */

interface Running {
  startedAt: string;
  netSeconds?: number | null;
  pausedSeconds: number;
  pausedSince?: string | null;
}

/** Seconds at work up to an instant, pauses taken out; never negative, whatever this computer's clock says. */
export function netSecondsAt(clock: Running, now: Date): number {
  if (clock.netSeconds != null) return clock.netSeconds;
  const seconds = (from: string) => (now.getTime() - new Date(from).getTime()) / 1_000;
  const paused = clock.pausedSeconds + (clock.pausedSince ? Math.max(0, seconds(clock.pausedSince)) : 0);
  return Math.max(0, seconds(clock.startedAt) - paused);
}
