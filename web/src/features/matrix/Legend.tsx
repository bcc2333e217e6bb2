import { Button } from "@/components/Button";
import { coverageOrder, coverageWords, StatusMark } from "@/components/Status";
import type { CoverageStatus } from "@/gql/graphql";
import type { Counts } from "./model";

/** What the signs mean, how many there are of each, and a filter. */
export function Legend({
  counts,
  selected,
  onChange,
}: {
  counts: Counts;
  selected: readonly CoverageStatus[];
  onChange: (statuses: CoverageStatus[]) => void;
}) {
  const toggle = (status: CoverageStatus) =>
    onChange(
      selected.includes(status)
        ? selected.filter((other) => other !== status)
        : coverageOrder.filter((other) => other === status || selected.includes(other)),
    );
  return (
    <div className="legend" role="group" aria-label="Filter by status">
      {coverageOrder.map((status) => (
        <button
          key={status}
          type="button"
          className="chip"
          aria-pressed={selected.includes(status)}
          data-testid={`legend-${status}`}
          onClick={() => toggle(status)}
        >
          <StatusMark status={status} />
          {coverageWords[status]} <strong>{counts[status]}</strong>
        </button>
      ))}
      {selected.length > 0 && (
        <Button variant="quiet" onClick={() => onChange([])}>
          Show all
        </Button>
      )}
    </div>
  );
}
