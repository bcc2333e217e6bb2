import { stateOrder, stateWords } from "@/components/Status";
import type { ProgressPartsFragment } from "@/gql/graphql";

/** How far a campaign has come: validated of all as a bar, and in words. */
export function ProgressStrip({ progress, wide = false }: { progress: ProgressPartsFragment; wide?: boolean }) {
  const { tests, validated } = progress;
  if (tests === 0) return <span className="muted">no tests</span>;
  const share = validated / tests;
  const counts = new Map(progress.byState.map((each) => [each.state, each.tests]));
  const title = stateOrder
    .filter((state) => counts.has(state))
    .map((state) => `${stateWords[state]} ${counts.get(state)}`)
    .join(", ");
  return (
    <span className="progress-strip" title={title}>
      <span className="progress-track" role="img" aria-label={`${validated} of ${tests} validated`}>
        <span className="progress-bar progress-validated" style={{ width: `${share * 100}%` }} />
      </span>
      <span className="progress-figure">
        {validated} of {tests}
        {wide && " validated"}
      </span>
    </span>
  );
}
