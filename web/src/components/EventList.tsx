import { Instant } from "./Instant";

interface Event {
  position: number;
  recordedAt: string;
  type: string;
  summary: string;
  actor: { name: string };
}

/** Events in sealed order, one line each. */
export function EventList({ events }: { events: readonly Event[] }) {
  return (
    <ol className="timeline">
      {events.map((event) => (
        <li key={event.position}>
          <span className="timeline-position" title="Ledger position">
            {event.position.toLocaleString("en")}
          </span>
          <Instant at={event.recordedAt} />
          <span className="timeline-what">
            <strong title={event.type}>{event.summary}</strong>
            <span className="muted">{event.actor.name}</span>
          </span>
          <span className="timeline-ago muted">
            <Instant at={event.recordedAt} relative />
          </span>
        </li>
      ))}
    </ol>
  );
}
