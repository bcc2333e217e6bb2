/** What a change of the policy changed, in words. Pure. */

type Settings = Record<string, boolean>;

interface Recorded {
  policy: Settings;
  reason: string;
}

const names: Record<string, string> = {
  separate_sides: "Sides stay apart",
  no_self_approval: "Nobody approves own work",
  disputes: "Disputes",
};

function recordedIn(payload: unknown): Recorded | null {
  const body = isRecord(payload) ? payload.ReviewPolicyChanged : null;
  if (!isRecord(body) || !isRecord(body.policy) || typeof body.reason !== "string") return null;
  return { policy: body.policy as Settings, reason: body.reason };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** One line for each event, oldest first: what was switched since the one before, and why. */
export function linesOf(events: readonly { summary: string; payload: unknown }[]): string[] {
  let before: Settings | null = null;
  return events.map((event) => {
    const recorded = recordedIn(event.payload);
    if (!recorded) return event.summary;
    const known = before;
    before = recorded.policy;
    // What the first one started from is not in the record; it says all three.
    const switched = Object.entries(recorded.policy)
      .filter(([key, value]) => known === null || known[key] !== value)
      .map(([key, value]) => `${names[key] ?? key} ${value ? "on" : "off"}`);
    return `${switched.join(", ") || "Nothing switched"}: ${recorded.reason}`;
  });
}
