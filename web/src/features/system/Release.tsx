import { Instant } from "@/components/Instant";
import { figure } from "./figure";
import type { Release } from "./operations";

/** The release of ATT&CK that is in force. */
export function ReleaseSection({ release }: { release: Release | null }) {
  if (!release) {
    return (
      <section aria-labelledby="system-release">
        <h2 id="system-release">ATT&amp;CK release</h2>
        <p className="muted">Nothing has been imported yet.</p>
      </section>
    );
  }
  const counts: [string, number][] = [
    ["Techniques", release.techniques],
    ["Sub-techniques", release.subTechniques],
    ["Tactics", release.tactics],
    ["Matrix cells", release.cells],
    ["Threat actors", release.threatActors],
    ["Software", release.software],
  ];
  return (
    <section aria-labelledby="system-release">
      <h2 id="system-release">ATT&amp;CK release</h2>
      <dl className="stats">
        <div>
          <dt>Version</dt>
          <dd>{release.version}</dd>
        </div>
        {counts.map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{figure(count)}</dd>
          </div>
        ))}
      </dl>
      <p className="muted">
        {release.source}, in force since <Instant at={release.releasedAt} />, position {figure(release.position)}.
      </p>
    </section>
  );
}
