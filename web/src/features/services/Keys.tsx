import { useState } from "react";
import { Button } from "@/components/Button";
import { Instant } from "@/components/Instant";
import { useNow } from "@/components/useNow";
import { endWords } from "./expiry";
import type { ApiKey } from "./operations";
import { scopeWords } from "./words";

/** The keys of one account; those that have ended wait behind a button. */
export function Keys({ account, keys, onRevoke }: { account: string; keys: readonly ApiKey[]; onRevoke: (key: ApiKey) => void }) {
  const [all, setAll] = useState(false);
  const now = useNow(false);
  const ended = keys.filter((key) => !key.usable).length;
  const shown = all ? keys : keys.filter((key) => key.usable);
  return (
    <>
      {shown.length > 0 && (
        <table role="table" className="table table-stacked keys-table">
          <caption className="visually-hidden">Keys of {account}</caption>
          <thead>
            <tr>
              <th scope="col">Key</th>
              <th scope="col">Scope</th>
              <th scope="col">Ends</th>
              <th scope="col">Last used</th>
              <th scope="col">Issued</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((key) => (
              <KeyRow key={key.id} apiKey={key} now={now} onRevoke={() => onRevoke(key)} />
            ))}
          </tbody>
        </table>
      )}
      {keys.length === 0 && <p className="muted">No key yet: nothing gets in by this account.</p>}
      {ended > 0 && (
        <div>
          <Button variant="quiet" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? "Hide what has ended" : `Show ${ended} ended`}
          </Button>
        </div>
      )}
    </>
  );
}

function KeyRow({ apiKey: key, now, onRevoke }: { apiKey: ApiKey; now: Date; onRevoke: () => void }) {
  const end = endWords(key.expiresAt, now);
  return (
    <tr role="row" data-inactive={!key.usable || undefined}>
      <th role="rowheader" scope="row">
        {key.label ?? "Revoked key"}
      </th>
      <td role="cell">{scopeWords[key.scope]}</td>
      <td role="cell" className="key-end">
        {key.revokedAt ? (
          <>
            revoked <Instant at={key.revokedAt} />
            {key.revokedBy && <span className="muted"> by {key.revokedBy.name}</span>}
          </>
        ) : (
          <>
            <span className={end.soon ? "overdue" : undefined}>{end.words}</span>{" "}
            <span className="muted">
              <Instant at={key.expiresAt} />
            </span>
          </>
        )}
      </td>
      <td role="cell" className="key-used">
        {key.lastUsedAt ? (
          <>
            <Instant at={key.lastUsedAt} />
            {key.lastUsedFrom && <span className="muted"> from {key.lastUsedFrom}</span>}
          </>
        ) : (
          <span className="muted">never</span>
        )}
      </td>
      <td role="cell" className="key-issued">
        <Instant at={key.issuedAt} /> <span className="muted">by {key.issuedBy.name}</span>
      </td>
      <td role="cell" className="table-actions">
        {key.usable && (
          <Button aria-label={`Revoke ${key.label ?? "the key"}`} onClick={onRevoke}>
            Revoke
          </Button>
        )}
      </td>
    </tr>
  );
}
