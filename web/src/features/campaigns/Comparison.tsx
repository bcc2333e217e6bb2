import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Select } from "@/components/Field";
import { ErrorNotice, Skeleton } from "@/components/Notices";
import { detectionWords, stateWords } from "@/components/Status";
import type { CompareCampaignRunsQuery, RunChange } from "@/gql/graphql";
import { comparisonQuery } from "./operations";
import { changeWords, formatDue } from "./words";

interface MadeRun {
  due: string;
  campaign: { id: string; number: number };
}

type Compared = CompareCampaignRunsQuery["compareCampaignRuns"]["tests"][number];

/** Two runs, test by test: the earlier at the left. */
export function Comparison({ runs, asOf }: { runs: readonly MadeRun[]; asOf: string | undefined }) {
  const [first, setFirst] = useState(runs[1]?.campaign.id ?? "");
  const [second, setSecond] = useState(runs[0]?.campaign.id ?? "");
  const query = useQuery({ ...comparisonQuery(first, second, asOf), enabled: first !== second });
  const choose = (label: string, value: string, set: (id: string) => void) => (
    <Select label={label} value={value} onChange={(event) => set(event.target.value)}>
      {runs.map((run) => (
        <option key={run.campaign.id} value={run.campaign.id}>
          {formatDue(run.due)}, #{run.campaign.number}
        </option>
      ))}
    </Select>
  );
  const { data } = query;
  return (
    <div className="comparison">
      <div className="form-pair">
        {choose("First run", first, setFirst)}
        {choose("Second run", second, setSecond)}
      </div>
      {first === second ? (
        <p className="muted">Choose two different runs.</p>
      ) : query.isError ? (
        <ErrorNotice doing="Comparing the runs" error={query.error} onRetry={() => void query.refetch()} />
      ) : !data ? (
        <Skeleton rows={4} label="Comparing the runs" />
      ) : (
        <>
          <p data-testid="comparison">
            <strong>{data.better}</strong> better, <strong>{data.worse}</strong> worse, <strong>{data.same}</strong> same
            {data.new > 0 && `, ${data.new} new`}
            {data.gone > 0 && `, ${data.gone} gone`}
            {data.open > 0 && `, ${data.open} not validated in both`}
          </p>
          <div className="table-scroll" role="group" aria-label="Comparison" tabIndex={0}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">Test</th>
                  <th scope="col">First</th>
                  <th scope="col">Second</th>
                  <th scope="col">Change</th>
                </tr>
              </thead>
              <tbody>
                {data.tests.map((each, index) => (
                  <tr key={index}>
                    <th scope="row">{(each.source ?? each.second ?? each.first)?.title}</th>
                    <td>
                      <Outcome test={each.first} />
                    </td>
                    <td>
                      <Outcome test={each.second} />
                    </td>
                    <td>
                      <Change change={each.change} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </div>
  );
}

function Outcome({ test }: { test: Compared["first"] }) {
  if (!test) return <span className="muted">not in it</span>;
  return (
    <Link to="/tests/$number" params={{ number: String(test.number) }}>
      {test.detectionResult ? detectionWords[test.detectionResult] : stateWords[test.state]}
    </Link>
  );
}

const signs: Record<RunChange, string> = { BETTER: "↑", WORSE: "↓", SAME: "=", NEW: "+", GONE: "−", OPEN: "…" };

function Change({ change }: { change: RunChange }) {
  return (
    <span className="run-change" data-change={change}>
      <span aria-hidden="true">{signs[change]}</span> {changeWords[change]}
    </span>
  );
}
