import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { isOpen } from "@/api/jobs";
import { Button } from "@/components/Button";
import { Instant } from "@/components/Instant";
import { EmptyState, ErrorNotice, Skeleton } from "@/components/Notices";
import { Rejects } from "@/components/Rejects";
import { WhatDiffers } from "@/components/WhatDiffers";
import { countName, readCounts, readImport, shortVersion } from "@/importResult";
import { NextSync } from "./DataSourcesPage";
import { RestoreDialog } from "./Dialogs";
import { JobInFull } from "./JobInFull";
import { type Release, type Source, type SourceInFull, sourceQuery } from "./operations";
import { useActions } from "./useActions";
import { useJob } from "./useJob";
import { every, fetchable } from "./words";
import "./sources.css";

/** One source: what is in force, where it comes from, how its last job went, and the states to go back to. */
export function SourcePage({
  sourceKey,
  onPreview,
}: {
  sourceKey: string;
  onPreview: (source: Source, job: string) => void;
}) {
  const query = useQuery({
    ...sourceQuery(sourceKey),
    refetchInterval: (running) => {
      const job = running.state.data?.lastJob;
      return job && isOpen(job) ? 4_000 : 15_000;
    },
  });
  if (query.isPending) return <Skeleton rows={8} label="Loading the data source" />;
  if (query.isError && query.data === undefined) {
    return <ErrorNotice doing="Loading the data source" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (!query.data) {
    return (
      <EmptyState
        page
        title="No such data source"
        action={
          <Link to="/data-sources" className="button">
            All data sources
          </Link>
        }
      >
        The address may be mistyped.
      </EmptyState>
    );
  }
  return <Content source={query.data} onPreview={onPreview} />;
}

function Content({ source, onPreview }: { source: SourceInFull; onPreview: (source: Source, job: string) => void }) {
  const actions = useActions(onPreview);
  const running = source.lastJob ? isOpen(source.lastJob) : false;
  return (
    <article className="source-page">
      <header className="page-head">
        <div>
          <p className="crumb">
            <Link to="/data-sources">Data sources</Link>
          </p>
          <h1>{source.title}</h1>
        </div>
        <div className="page-actions" role="group" aria-label="Actions">
          <Button variant="quiet" onClick={() => actions.open("settings", source)}>
            Settings
          </Button>
          <Button onClick={() => actions.open("upload", source)}>Upload a file</Button>
          {fetchable(source) && (
              <Button disabled={running} onClick={() => void actions.sync(source, true)}>
                Preview a sync
              </Button>
            )}
          {fetchable(source) && (
            <Button
              variant="primary"
              disabled={running}
              busy={actions.asking === source.key}
              onClick={() => void actions.sync(source, false)}
            >
              Sync
            </Button>
          )}
        </div>
      </header>
      {actions.notices}
      <div className="source-columns">
        <InForce source={source} />
        <Settings source={source} />
      </div>
      <LastJob source={source} />
      <Releases source={source} />
      {actions.dialog}
    </article>
  );
}

function InForce({ source }: { source: SourceInFull }) {
  const { release } = source;
  const counts = Object.entries(readCounts(release?.counts));
  const [all, setAll] = useState(false);
  const shown = all ? counts : counts.slice(0, 12);
  return (
    <section aria-labelledby="in-force">
      <h2 id="in-force">In force</h2>
      {release ? (
        <>
          <p className="source-headline">
            <strong title={release.version}>{shortVersion(release.version)}</strong>{" "}
            <span className="muted">
              since <Instant at={release.releasedAt} />, position {release.position.toLocaleString("en")}
            </span>
          </p>
          <dl className="source-counts">
            {shown.map(([name, count]) => (
              <div key={name}>
                <dt>{countName(name)}</dt>
                <dd>{count.toLocaleString("en")}</dd>
              </div>
            ))}
          </dl>
          {counts.length > shown.length && (
            <p>
              <Button variant="quiet" onClick={() => setAll(true)}>
                Show all {counts.length} figures
              </Button>
            </p>
          )}
          <p className="source-digest muted">
            SHA-256 <code>{release.digest}</code>
          </p>
        </>
      ) : (
        <p className="muted">
          Never taken in. {fetchable(source) ? "A sync fetches it; a file can be uploaded as well." : "Upload a file of it."}
        </p>
      )}
    </section>
  );
}

function Settings({ source }: { source: SourceInFull }) {
  return (
    <section aria-labelledby="settings">
      <h2 id="settings">Where it comes from</h2>
      <dl className="facts">
        <dt>Addresses</dt>
        <dd>
          {source.addresses.length === 0 ? (
            <span className="muted">none: from uploads only</span>
          ) : (
            <ol>
              {source.addresses.map((address) => (
                <li key={address} className="source-address">
                  {address}
                </li>
              ))}
            </ol>
          )}
        </dd>
        <dt>Fetched</dt>
        <dd>
          {!source.enabled ? "switched off" : source.everyHours === 0 ? "only when somebody asks" : every(source.everyHours)}
        </dd>
        <dt>Next sync</dt>
        <dd>
          <NextSync source={source} />
        </dd>
        <dt>Last success</dt>
        <dd>{source.lastSuccessAt ? <Instant at={source.lastSuccessAt} /> : <span className="muted">none yet</span>}</dd>
      </dl>
    </section>
  );
}

function LastJob({ source }: { source: SourceInFull }) {
  const query = useJob(source.lastJob?.id);
  const job = query.data;
  const result = readImport(job?.result);
  const refused = job ? job.rejectCount > 0 && !isOpen(job) : false;
  // The way here from the list leads to what was refused, which is loaded after the page.
  useEffect(() => {
    if (refused && window.location.hash === "#refused") document.getElementById("refused")?.scrollIntoView();
  }, [refused]);
  return (
    <section aria-labelledby="last-job">
      <h2 id="last-job">Last job</h2>
      {!source.lastJob ? (
        <p className="muted">Nobody asked for it yet.</p>
      ) : query.isError ? (
        <ErrorNotice doing="Loading the job" error={query.error} onRetry={() => void query.refetch()} />
      ) : !job ? (
        <Skeleton rows={2} label="Loading the job" />
      ) : (
        <JobInFull job={job}>
          {result && (result.changed || result.preview) && <WhatDiffers result={result} />}
          {refused && (
            <div className="source-refused">
              <h3 id="refused">
                Refused <span className="count">{job.rejectCount.toLocaleString("en")}</span>
              </h3>
              <p className="muted">These records were left out; the rest went in.</p>
              <Rejects id={job.id} />
            </div>
          )}
        </JobInFull>
      )}
    </section>
  );
}

function Releases({ source }: { source: SourceInFull }) {
  const queryClient = useQueryClient();
  const [chosen, setChosen] = useState<Release | null>(null);
  const held = source.release?.digest;
  if (source.releases.length === 0) return null;
  return (
    <section aria-labelledby="releases">
      <h2 id="releases">
        Releases <span className="count">{source.releases.length}</span>
      </h2>
      <table role="table" className="table table-stacked releases-table">
        <caption className="visually-hidden">What is and was in force</caption>
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">In force since</th>
            <th scope="col" className="number">
              Position
            </th>
            <th scope="col">SHA-256</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {source.releases.map((release) => (
            <tr key={release.position} role="row">
              <th role="rowheader" scope="row" title={release.version}>
                {shortVersion(release.version)} {release.inForce && <span className="mark">In force</span>}
              </th>
              <td role="cell" className="release-since">
                <Instant at={release.releasedAt} />
              </td>
              <td role="cell" className="number release-position">
                {release.position.toLocaleString("en")}
              </td>
              <td role="cell" className="release-digest">
                <code title={release.digest}>{release.digest.slice(0, 12)}</code>
              </td>
              <td role="cell" className="table-actions">
                {!release.inForce && release.digest !== held && (
                  <Button
                    aria-label={`Go back to ${shortVersion(release.version)}`}
                    onClick={() => setChosen(release)}
                  >
                    Go back to this
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {chosen && (
        <RestoreDialog
          source={source}
          release={chosen}
          onClose={() => setChosen(null)}
          onChanged={() => void queryClient.invalidateQueries()}
        />
      )}
    </section>
  );
}

