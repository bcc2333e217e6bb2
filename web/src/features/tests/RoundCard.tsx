import type { ReactNode } from "react";
import { Icon } from "@/components/Icon";
import { Instant } from "@/components/Instant";
import { containmentWords, detectionWords, StateBadge } from "@/components/Status";
import type { Side } from "@/gql/graphql";
import { formatDuration } from "@/time";
import type { Round } from "./operations";

/** One chapter of the story: red at the left, blue at the right, the votes below. */
export function RoundCard({
  round,
  current,
  pendingVotes,
  attackForm,
  detectionForm,
}: {
  round: Round;
  current: boolean;
  pendingVotes: readonly Side[];
  /** A form takes the record's place while it is written. */
  attackForm?: ReactNode;
  detectionForm?: ReactNode;
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
        <section className="side side-red" aria-label={`Red, round ${round.number}`}>
          <h3>
            <Icon name="red" /> Red
            {round.executedBy && <span className="muted">{round.executedBy.name}</span>}
          </h3>
          {attackForm ?? <Attack round={round} />}
        </section>
        <section className="side side-blue" aria-label={`Blue, round ${round.number}`}>
          <h3>
            <Icon name="blue" /> Blue
            {round.evaluatedBy && <span className="muted">{round.evaluatedBy.name}</span>}
          </h3>
          {detectionForm ?? <Detection round={round} />}
        </section>
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

function Attack({ round }: { round: Round }) {
  const { attack } = round;
  return (
    <>
      <dl className="facts">
        {round.executionStartedAt && (
          <>
            <dt>Execution started</dt>
            <dd>
              <Instant at={round.executionStartedAt} />
            </dd>
          </>
        )}
        {attack && (
          <>
            <dt>Attack</dt>
            <dd>
              <Instant at={attack.startedAt} />
              {attack.endedAt && (
                <>
                  {" to "}
                  <Instant at={attack.endedAt} after={attack.startedAt} />
                  {" "}
                  <span className="muted">{formatDuration(attack.startedAt, attack.endedAt)}</span>
                </>
              )}
            </dd>
            <dt>Succeeded</dt>
            <dd>{attack.success ? "Yes" : "No"}</dd>
            {attack.tool && (
              <>
                <dt>Tool</dt>
                <dd>{attack.tool}</dd>
              </>
            )}
          </>
        )}
        {round.executionSubmittedAt && (
          <>
            <dt>Submitted</dt>
            <dd>
              <Instant at={round.executionSubmittedAt} />
            </dd>
          </>
        )}
      </dl>
      {attack ? (
        <>
          <h4>Procedure</h4>
          <pre className="procedure">{attack.procedure}</pre>
          <h4>Summary</h4>
          <p className="prose">{attack.summary}</p>
          <p className="muted">
            Recorded by {attack.recordedBy.name}, <Instant at={attack.recordedAt} />
          </p>
        </>
      ) : (
        <p className="muted">
          {round.executionStartedAt ? "The attack is not recorded yet." : "The execution has not started."}
        </p>
      )}
    </>
  );
}

function Detection({ round }: { round: Round }) {
  const { detection, attack } = round;
  const since = (at: string) => (attack ? formatDuration(attack.startedAt, at) : "");
  const moment = (label: string, at: string | null | undefined) =>
    at && (
      <>
        <dt>{label}</dt>
        <dd>
          <Instant at={at} />
          {since(at) && " "}
          {since(at) && <span className="muted">{since(at)} after the attack started</span>}
        </dd>
      </>
    );
  return (
    <>
      {detection && (
        <>
          <dl className="facts">
            <dt>Result</dt>
            <dd>
              <strong>{detectionWords[detection.result]}</strong>
            </dd>
            {moment("Detected", detection.detectedAt)}
            {moment("Alerted", detection.alertedAt)}
            {moment("Contained", detection.containedAt)}
            {detection.containmentResult && (
              <>
                <dt>Containment</dt>
                <dd>{containmentWords[detection.containmentResult]}</dd>
              </>
            )}
            {detection.clockSkewNote && (
              <>
                <dt>Clock skew</dt>
                <dd>{detection.clockSkewNote}</dd>
              </>
            )}
            {round.evaluationSubmittedAt && (
              <>
                <dt>Submitted</dt>
                <dd>
                  <Instant at={round.evaluationSubmittedAt} />
                </dd>
              </>
            )}
          </dl>
          <h4>Summary</h4>
          <p className="prose">{detection.summary}</p>
          <p className="muted">
            Recorded by {detection.recordedBy.name}, <Instant at={detection.recordedAt} />
          </p>
        </>
      )}
      {!detection && (
        <p className="muted">
          {round.executionSubmittedAt ? "The detection is not recorded yet." : "Blue starts when red has submitted."}
        </p>
      )}
    </>
  );
}

function Votes({ round, pending }: { round: Round; pending: readonly Side[] }) {
  if (round.votes.length === 0 && pending.length === 0) return null;
  const sides: Side[] = ["RED", "BLUE"];
  return (
    <section className="votes" aria-label={`Votes, round ${round.number}`}>
      {sides.map((side) => {
        const cast = round.votes.filter((vote) => vote.side === side);
        return (
          <div key={side} className="vote-side" data-testid={`votes-${side}`}>
            {cast.map((vote) => (
              <div key={vote.position} className="vote" data-superseded={vote.superseded || undefined}>
                <p>
                  <span className="verdict" data-verdict={vote.verdict}>
                    <Icon name={vote.verdict === "APPROVED" ? "check" : "close"} size={14} />
                    {vote.verdict === "APPROVED" ? "Approved" : "Rejected"}
                  </span>{" "}
                  by {vote.voter.name} for {side === "RED" ? "red" : "blue"}
                  {vote.superseded && " (replaced)"}
                  <span className="muted">
                    {" "}
                    <Instant at={vote.castAt} />
                  </span>
                </p>
                {vote.notes && <p className="prose">{vote.notes}</p>}
              </div>
            ))}
            {pending.includes(side) && (
              <p className="vote vote-pending">
                <span className="sign-pending" aria-hidden="true" />
                Waiting for the {side === "RED" ? "red" : "blue"} lead
              </p>
            )}
          </div>
        );
      })}
    </section>
  );
}
