import { Instant } from "@/components/Instant";
import type { Side } from "@/gql/graphql";
import type { TestDetail } from "./operations";

/** One approved, one rejected: what the other says, and the two ways on. */
export function Disputed({ test }: { test: TestDetail }) {
  if (test.state !== "DISPUTED") return null;
  const votes = test.rounds.at(-1)?.votes.filter((vote) => !vote.superseded) ?? [];
  const approval = votes.find((vote) => vote.verdict === "APPROVED");
  const rejection = votes.find((vote) => vote.verdict === "REJECTED");
  if (!approval || !rejection) return null;
  const action = (side: Side) => (side === "RED" ? "VOTE_RED" : "VOTE_BLUE");
  const approvedHere = test.availableActions.includes(action(approval.side));
  const rejectedHere = test.availableActions.includes(action(rejection.side));
  return (
    <section className="notice disputed" aria-label="Dispute">
      <div>
        <p>
          <strong>
            {rejection.voter.name} rejected the {rejection.side === "RED" ? "red" : "blue"} side, which disputes the
            approval of {approval.voter.name}.
          </strong>{" "}
          <span className="muted">
            <Instant at={rejection.castAt} />
          </span>
        </p>
        {rejection.notes ? (
          <blockquote className="prose">{rejection.notes}</blockquote>
        ) : (
          <p className="muted">No notes say why.</p>
        )}
        {approvedHere ? (
          <p>
            Two ways on: replace your approval by a rejection, which ends the round as rejected, or reopen the test for
            another round. It stays disputed as long as nobody changes a vote; the other lead may still approve.
          </p>
        ) : rejectedHere ? (
          <p>
            Two ways on: replace your rejection by an approval, which validates the test, or reopen it for another
            round. The other lead may still reject.
          </p>
        ) : (
          <p>Either lead may change the own vote, or reopen the test for another round.</p>
        )}
      </div>
    </section>
  );
}
