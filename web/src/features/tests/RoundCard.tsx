import type { ReactNode } from "react";
import { Icon } from "@/components/Icon";
import { Instant } from "@/components/Instant";
import { StateBadge } from "@/components/Status";
import type { Side } from "@/gql/graphql";
import { useDrop } from "./evidence/EvidenceSide";
import type { Round } from "./operations";
import { Attack, Detection } from "./Records";
import { Votes } from "./Votes";

/** What stands in a side beside its record. */
export interface SideParts {
  /** A form takes the record's place while it is written. */
  form?: ReactNode;
  clock?: ReactNode;
  evidence?: ReactNode;
  /** Set where files can be dropped. */
  onFiles?: ((files: File[]) => void) | undefined;
}

/** One chapter of the story: red at the left, blue at the right, the votes below. */
export function RoundCard({
  round,
  current,
  pendingVotes,
  parts,
}: {
  round: Round;
  current: boolean;
  pendingVotes: readonly Side[];
  parts: (side: Side) => SideParts;
}) {
  const title = (
    <>
      <h2 className="round-title">Round {round.number}</h2>
      <span className="muted">
        opened <Instant at={round.openedAt} />
      </span>
      {round.outcome && <StateBadge state={round.outcome} />}
    </>
  );
  const body = (
    <>
      {round.reopenReason && (
        <p className="round-reason">
          <strong>Reopened because:</strong> {round.reopenReason}
        </p>
      )}
      <div className="sides">
        <SideCard side="RED" round={round} parts={parts("RED")} />
        <SideCard side="BLUE" round={round} parts={parts("BLUE")} />
      </div>
      <Votes round={round} pending={current ? pendingVotes : []} />
    </>
  );
  // Earlier chapters stay readable but do not stand in the way of the current one.
  return current ? (
    <section className="round" aria-label={`Round ${round.number}`}>
      <header className="round-head">{title}</header>
      {body}
    </section>
  ) : (
    <details className="round">
      <summary className="round-head">
        <Icon name="chevron" size={12} />
        {title}
      </summary>
      {body}
    </details>
  );
}

function SideCard({ side, round, parts }: { side: Side; round: Round; parts: SideParts }) {
  const { onFiles } = parts;
  const drop = useDrop(onFiles !== undefined, (files) => onFiles?.(files));
  const red = side === "RED";
  const worker = red ? round.executedBy : (round.evaluatedBy ?? round.evaluationStartedBy);
  return (
    <section
      className={red ? "side side-red" : "side side-blue"}
      aria-label={`${red ? "Red" : "Blue"}, round ${round.number}`}
      {...drop}
    >
      <h3>
        <Icon name={red ? "red" : "blue"} /> {red ? "Red" : "Blue"}
        {worker && <span className="muted">{worker.name}</span>}
      </h3>
      {parts.clock}
      {parts.form ?? (red ? <Attack round={round} /> : <Detection round={round} />)}
      {parts.evidence}
    </section>
  );
}
