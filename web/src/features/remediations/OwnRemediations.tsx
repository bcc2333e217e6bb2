import { useQuery } from "@tanstack/react-query";
import { ErrorNotice } from "@/components/Notices";
import { ownQuery } from "./operations";
import { byUrgency } from "./order";
import { RemediationLine } from "./RemediationList";
import "./remediations.css";

/** Remediations assigned to somebody that are not done, for the pending tasks. */
export function OwnRemediations({ assigneeId, asOf }: { assigneeId: string; asOf: string | undefined }) {
  const query = useQuery(ownQuery(assigneeId, asOf));
  if (query.isError) {
    return <ErrorNotice doing="Loading your remediations" error={query.error} onRetry={() => void query.refetch()} />;
  }
  const { data } = query;
  if (!data || data.totalCount === 0) return null;
  return (
    <section className="pending-group" aria-label="Remediations assigned to you">
      <h2>
        Remediations assigned to you <span className="count">{data.totalCount}</span>
      </h2>
      <ul className="rows" aria-label="Remediations assigned to you">
        {byUrgency(data.nodes).map((remediation) => (
          <li key={remediation.id}>
            <RemediationLine remediation={remediation} alone />
          </li>
        ))}
      </ul>
    </section>
  );
}
