import type { Status } from "./operations";
import { figure } from "./figure";
import { standingOf, standingWords } from "./words";

/** Everything that follows the ledger, and how far each is behind. */
export function Projections({ projections }: { projections: Status["projections"] }) {
  return (
    <section aria-labelledby="system-projections">
      <h2 id="system-projections">
        Projections <span className="count">{projections.length}</span>
      </h2>
      <table role="table" className="table table-stacked projections-table" aria-labelledby="system-projections">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <th scope="col" className="number">
              Position
            </th>
            <th scope="col" className="number">
              Behind by
            </th>
            <th scope="col" className="number">
              Fold version
            </th>
          </tr>
        </thead>
        <tbody>
          {projections.map((projection) => {
            const standing = standingOf(projection);
            return (
              <tr key={projection.name} role="row">
                <th role="rowheader" scope="row">
                  {projection.name}
                </th>
                <td role="cell" className="projection-state" data-standing={standing}>
                  {standingWords[standing]}
                  {projection.error && `: ${projection.error}`}
                </td>
                <td role="cell" className="number projection-position">
                  {figure(projection.position)}
                </td>
                <td role="cell" className="number projection-lag">
                  {figure(projection.lag)}
                </td>
                <td role="cell" className="number projection-version">
                  {projection.foldVersion}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
