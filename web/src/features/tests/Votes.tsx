import { Icon } from "@/components/Icon";
import { Instant } from "@/components/Instant";
import type { Side } from "@/gql/graphql";
import type { Round } from "./operations";
import { changeInWords, changeSince } from "./provenance";

type Vote = Round["votes"][number];

const sides: readonly Side[] = ["RED", "BLUE"];

/** The end of a chapter: who judged, on which evidence, and who has not. */
export function Votes({ round, pending }: { round: Round; pending: readonly Side[] }) {
  if (round.votes.length === 0 && pending.length === 0) return null;
  return (
    <section className="votes" aria-label={`Votes, round ${round.number}`}>
      {sides.map((side) => (
        <div key={side} className="vote-side" data-testid={`votes-${side}`}>
          {round.votes
            .filter((vote) => vote.side === side)
            .map((vote) => (
              <OneVote key={vote.position} vote={vote} round={round} />
            ))}
          {pending.includes(side) && (
            <p className="vote vote-pending">
              <span className="sign-pending" aria-hidden="true" />
              Waiting for the {side === "RED" ? "red" : "blue"} lead
            </p>
          )}
        </div>
      ))}
    </section>
  );
}

function OneVote({ vote, round }: { vote: Vote; round: Round }) {
  return (
    <div className="vote" data-superseded={vote.superseded || undefined}>
      <p>
        <span className="verdict" data-verdict={vote.verdict}>
          <Icon name={vote.verdict === "APPROVED" ? "check" : "close"} size={14} />
          {vote.verdict === "APPROVED" ? "Approved" : "Rejected"}
        </span>{" "}
        by {vote.voter.name} for {vote.side === "RED" ? "red" : "blue"}
        {vote.superseded && " (replaced)"}
        <span className="muted">
          {" "}
          <Instant at={vote.castAt} />
        </span>
      </p>
      {vote.notes && <p className="prose">{vote.notes}</p>}
      <Seen vote={vote} round={round} />
    </div>
  );
}

/** On which evidence it was cast, and whether that still stands. */
function Seen({ vote, round }: { vote: Vote; round: Round }) {
  const names = new Map(round.evidence.map((file) => [file.evidenceId, file.fileName]));
  const change = changeSince(
    vote.evidence.map((seen) => seen.evidenceId),
    round.evidence,
  );
  const count = vote.evidence.length;
  if (count === 0 && !change) return null;
  return (
    <div className="vote-seen">
      {count === 0 ? (
        <p className="muted">Saw no files</p>
      ) : (
        <details>
          <summary>Saw {count === 1 ? "1 file" : `${count} files`}</summary>
          <ul>
            {vote.evidence.map((seen) => (
              <li key={seen.evidenceId}>
                {names.get(seen.evidenceId) ?? "A file"} <code title={`SHA-256 ${seen.sha256}`}>{seen.sha256.slice(0, 12)}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
      {change && !vote.superseded && (
        <p className="vote-changed" title={[...change.added, ...change.removed].join(", ")}>
          <Icon name="warning" size={12} /> Evidence changed since: {changeInWords(change)}
        </p>
      )}
    </div>
  );
}
