import { useQuery } from "@tanstack/react-query";
import { ErrorNotice, Skeleton } from "@/components/Notices";
import { Instant } from "@/components/Instant";
import { CheckpointSection, LedgerSection } from "./Ledger";
import { systemStatusQuery } from "./operations";
import { Projections } from "./Projections";
import { ReleaseSection } from "./Release";
import { verdictOf } from "./words";
import { WorkSection } from "./Work";
import "./system.css";

/** How the machine is doing, asked again every few seconds. */
export function SystemPage() {
  const query = useQuery(systemStatusQuery);
  if (query.isPending) return <Skeleton rows={10} label="Loading the status" />;
  if (query.data === undefined) {
    return <ErrorNotice doing="Loading the status" error={query.error} onRetry={() => void query.refetch()} />;
  }
  const { systemStatus: status, attackRelease: release } = query.data;
  const verdict = verdictOf(status);
  const asked = new Date(query.dataUpdatedAt).toISOString();
  return (
    <div className="system-page">
      <header className="page-head">
        <h1>System</h1>
        <div className="page-actions muted">Aegis {status.version}</div>
      </header>
      {query.isError && (
        <ErrorNotice doing="Asking again" error={query.error} onRetry={() => void query.refetch()} />
      )}
      <p className="verdict" role="status" data-standing={query.isError ? "unknown" : verdict.standing}>
        <span className="verdict-sign" aria-hidden="true" />
        {query.isError ? (
          <span>
            How it stands is not known; below is what it said at <Instant at={asked} />.
          </span>
        ) : (
          <strong>{verdict.words}</strong>
        )}
      </p>
      {status.sealingStopped != null && (
        <p className="notice notice-error" role="alert">
          Sealing has stopped: {status.sealingStopped}. What is written is kept, and comes into view once this is
          solved; run aegis verify to see where the record is inconsistent.
        </p>
      )}
      {status.singleDatabaseRole && (
        <p className="notice" role="note">
          Database owner and application are the same role, so the database itself does not enforce append-only rights.
          Give the server two roles to have them enforced.
        </p>
      )}
      <LedgerSection status={status} />
      <Projections projections={status.projections} />
      <WorkSection />
      <CheckpointSection checkpoint={status.checkpoint ?? null} head={status.ledgerPosition} />
      <ReleaseSection release={release ?? null} />
    </div>
  );
}
