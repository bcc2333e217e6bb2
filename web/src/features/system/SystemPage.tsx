import { useQuery } from "@tanstack/react-query";
import { Instant } from "@/components/Instant";
import { ErrorNotice, Skeleton } from "@/components/Notices";
import { systemStatusQuery } from "./operations";
import "./system.css";

const figure = (value: number) => value.toLocaleString("en");

export function SystemPage() {
  const query = useQuery(systemStatusQuery);
  if (query.isError) {
    return <ErrorNotice doing="Loading the status" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.isPending) return <Skeleton rows={10} label="Loading the status" />;
  const { systemStatus: status, attackRelease: release } = query.data;
  return (
    <div className="system-page">
      <header className="page-head">
        <h1>System</h1>
        <div className="page-actions muted">Aegis {status.version}</div>
      </header>
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
        </dl>
      </section>
      <section aria-labelledby="system-checkpoint">
        <h2 id="system-checkpoint">Checkpoint</h2>
        {status.checkpoint ? (
          <dl className="facts">
            <dt>Covers</dt>
            <dd>{figure(status.checkpoint.size)} events</dd>
            <dt>Signed</dt>
            <dd>
              <Instant at={status.checkpoint.createdAt} />
            </dd>
            <dt>Root hash</dt>
            <dd>
              <code className="hash">{status.checkpoint.rootHash}</code>
            </dd>
          </dl>
        ) : (
          <p className="muted">No checkpoint has been signed yet.</p>
        )}
      </section>
      <section aria-labelledby="system-projections">
        <h2 id="system-projections">Projections</h2>
        <div className="table-scroll" role="group" aria-label="Table of projections" tabIndex={0}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col" className="number">
                  Position
                </th>
                <th scope="col" className="number">
                  Behind by
                </th>
                <th scope="col" className="number">
                  Fold version
                </th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              {status.projections.map((projection) => (
                <tr key={projection.name}>
                  <th scope="row">{projection.name}</th>
                  <td className="number">{figure(projection.position)}</td>
                  <td className="number">{figure(projection.lag)}</td>
                  <td className="number">{projection.foldVersion}</td>
                  <td className={projection.error ? "trouble" : undefined}>
                    {projection.error ? `Stopped: ${projection.error}` : "Running"}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <section aria-labelledby="system-release">
        <h2 id="system-release">ATT&amp;CK release</h2>
        {release ? (
          <dl className="stats">
            <div>
              <dt>Version</dt>
              <dd>{release.version}</dd>
            </div>
            <div>
              <dt>Techniques</dt>
              <dd>{figure(release.techniques)}</dd>
            </div>
            <div>
              <dt>Sub-techniques</dt>
              <dd>{figure(release.subTechniques)}</dd>
            </div>
            <div>
              <dt>Tactics</dt>
              <dd>{figure(release.tactics)}</dd>
            </div>
            <div>
              <dt>Matrix cells</dt>
              <dd>{figure(release.cells)}</dd>
            </div>
            <div>
              <dt>Threat actors</dt>
              <dd>{figure(release.threatActors)}</dd>
            </div>
            <div>
              <dt>Software</dt>
              <dd>{figure(release.software)}</dd>
            </div>
          </dl>
        ) : (
          <p className="muted">Nothing has been imported yet.</p>
        )}
      </section>
    </div>
  );
}
