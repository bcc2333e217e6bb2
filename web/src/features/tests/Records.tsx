/** The two records of a round as they are read. */
import { Instant } from "@/components/Instant";
import { containmentWords, detectionWords } from "@/components/Status";
import { formatDuration } from "@/time";
import type { Round } from "./operations";

export function Attack({ round }: { round: Round }) {
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

export function Detection({ round }: { round: Round }) {
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
      {round.evaluationStartedAt && (
        <dl className="facts">
          <dt>Taken up</dt>
          <dd>
            <Instant at={round.evaluationStartedAt} />
          </dd>
        </dl>
      )}
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
