import { Instant } from "@/components/Instant";
import type { Status } from "./operations";
import { figure } from "./figure";

export function LedgerSection({ status }: { status: Status }) {
  return (
    <section aria-labelledby="system-ledger">
      <h2 id="system-ledger">Ledger</h2>
      <dl className="stats">
        <div>
          <dt>Position</dt>
          <dd>{figure(status.ledgerPosition)}</dd>
        </div>
        <div>
          <dt>Waiting to be sealed</dt>
          <dd>{figure(status.unsequenced)}</dd>
        </div>
        <div>
          <dt>Last sealed</dt>
          <dd>{status.sealedAt ? <Instant at={status.sealedAt} /> : "never"}</dd>
        </div>
        <div>
          <dt>Append-only rights</dt>
          <dd>{status.singleDatabaseRole ? "not enforced" : "enforced"}</dd>
        </div>
      </dl>
    </section>
  );
}

/** The last statement that was signed over the ledger, and how far it reaches. */
export function CheckpointSection({ checkpoint, head }: { checkpoint: Status["checkpoint"]; head: number }) {
  return (
    <section aria-labelledby="system-checkpoint">
      <h2 id="system-checkpoint">Checkpoint</h2>
      {checkpoint ? (
        <>
          <dl className="facts">
            <dt>Covers</dt>
            <dd>
              {figure(checkpoint.size)} events
              {head > checkpoint.size && <span className="muted">, not yet the last {figure(head - checkpoint.size)}</span>}
            </dd>
            <dt>Signed</dt>
            <dd>
              <Instant at={checkpoint.createdAt} />
            </dd>
            <dt>Root hash</dt>
            <dd>
              <code className="hash">{checkpoint.rootHash}</code>
            </dd>
          </dl>
          <details className="signed-note">
            <summary>Signed note</summary>
            <p className="muted">Keep it elsewhere: with it, aegis verify shows whether the ledger was rewritten since.</p>
            <pre className="procedure" tabIndex={0} aria-label="Signed note">
              {checkpoint.note}
            </pre>
          </details>
        </>
      ) : (
        <p className="muted">No checkpoint has been signed yet.</p>
      )}
    </section>
  );
}
