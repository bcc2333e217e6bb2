import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCommand } from "@/api/command";
import { cancelJobDocument, isOpen, jobProgressDocument, retryJobDocument } from "@/api/jobs";
import { useLive } from "@/api/live";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Instant } from "@/components/Instant";
import { JobState } from "@/components/JobState";
import { Menu, type MenuItem } from "@/components/Menu";
import { ErrorNotice, FailureNotice, Refusals, Skeleton } from "@/components/Notices";
import { Progress } from "@/components/Progress";
import { useRowKeys } from "@/components/useRowKeys";
import { mainCounts, readCounts, shortVersion } from "@/importResult";
import { sourceGroups } from "@/sources";
import { type Source, sourcesKey, sourcesQuery, syncAllDocument } from "./operations";
import { useActions } from "./useActions";
import { fetchable, rhythm, summary } from "./words";
import "./sources.css";

/** Each live job holds a connection of the browser's six; the rest is polled. */
const liveJobs = 2;

const open = (source: Source) => source.lastJob && isOpen(source.lastJob);

/** Where knowledge comes from: what is in force, how it stands with each source, and what can be done. */
export function DataSourcesPage({ onPreview }: { onPreview: (source: Source, job: string) => void }) {
  const queryClient = useQueryClient();
  const query = useQuery({
    ...sourcesQuery,
    refetchInterval: (running) => (running.state.data?.some(open) ? 2_000 : 15_000),
  });
  const all = useCommand(syncAllDocument);
  const actions = useActions(onPreview);
  const keys = useRowKeys<HTMLDivElement>(".source-link");
  const sources = query.data ?? [];
  const live = new Set(
    sources
      .filter(open)
      .slice(0, liveJobs)
      .map((source) => source.key),
  );
  const syncAll = async () => {
    await all.submit({});
    await queryClient.invalidateQueries({ queryKey: sourcesKey });
  };
  return (
    <div className="sources-page">
      <header className="page-head">
        <div>
          <h1>Data sources</h1>
          {query.data && <p className="muted">{summary(sources)}</p>}
        </div>
        <div className="page-actions">
          {sources.some(fetchable) && (
            <Button variant="primary" busy={all.busy} onClick={() => void syncAll()}>
              Sync all
            </Button>
          )}
        </div>
      </header>
      <Refusals refusals={all.refusals} />
      <FailureNotice failure={all.failure} />
      {actions.notices}
      {query.isPending ? (
        <Skeleton rows={12} label="Loading the data sources" />
      ) : query.isError && !query.data ? (
        <ErrorNotice doing="Loading the data sources" error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <div className="source-groups" {...keys}>
          {sourceGroups.map((group) => (
            <section key={group.title} aria-label={group.title}>
              <h2>
                {group.title} <span className="source-purpose">{group.purpose}</span>
              </h2>
              <table role="table" className="table table-stacked sources-table">
                <caption className="visually-hidden">{group.title}</caption>
                <thead>
                  <tr>
                    <th scope="col">Source</th>
                    <th scope="col">In force</th>
                    <th scope="col">Last success</th>
                    <th scope="col">Next sync</th>
                    <th scope="col">Last job</th>
                    <th scope="col">
                      <span className="visually-hidden">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {group.sources.map(({ key }) => {
                    const source = sources.find((each) => each.key === key);
                    return (
                      source && (
                        <SourceRow
                          key={key}
                          source={source}
                          live={live.has(key)}
                          busy={actions.asking === key}
                          items={actions.itemsFor(source)}
                          onSync={() => void actions.sync(source, false)}
                        />
                      )
                    );
                  })}
                </tbody>
              </table>
            </section>
          ))}
        </div>
      )}
      {actions.dialog}
    </div>
  );
}

function SourceRow({
  source,
  live,
  busy,
  items,
  onSync,
}: {
  source: Source;
  live: boolean;
  busy: boolean;
  items: readonly MenuItem[];
  onSync: () => void;
}) {
  const { release } = source;
  const counts = release ? mainCounts(readCounts(release.counts)) : [];
  return (
    <tr role="row" data-testid="source" data-key={source.key}>
      <th role="rowheader" scope="row" className="source-name">
        <Link to="/data-sources/$key" params={{ key: source.key }} className="source-link">
          {source.title}
        </Link>
        {counts.length > 0 && <span className="source-more">{counts.join(", ")}</span>}
      </th>
      <td role="cell" className="source-force">
        {release ? (
          <>
            <span className="source-version" title={release.version}>
              {shortVersion(release.version)}
            </span>
            <span className="source-more">
              since <Instant at={release.releasedAt} />
            </span>
          </>
        ) : (
          <span className="muted">never taken in</span>
        )}
      </td>
      <td role="cell" className="source-success">
        {source.lastSuccessAt ? <Instant at={source.lastSuccessAt} relative /> : <span className="muted">none yet</span>}
      </td>
      <td role="cell" className="source-next">
        <NextSync source={source} />
      </td>
      <td role="cell" className="source-job">
        <LastJob key={source.lastJob?.id} source={source} live={live} />
      </td>
      <td role="cell" className="table-actions">
        <span className="source-actions">
          {fetchable(source) && !open(source) && (
            <Button aria-label={`Sync ${source.title}`} busy={busy} onClick={onSync}>
              Sync
            </Button>
          )}
          <Menu label={`Actions for ${source.title}`} trigger={<Icon name="more" />} items={items} />
        </span>
      </td>
    </tr>
  );
}

/** When it is fetched next: at its time, at once when that is past, or why never by itself. */
export function NextSync({ source }: { source: Source }) {
  if (!source.nextSyncAt) return <span className="muted">{rhythm(source)}</span>;
  if (new Date(source.nextSyncAt) <= new Date()) return <>soon</>;
  return <Instant at={source.nextSyncAt} relative />;
}

/** The newest job of a source: its bar while it goes on, its reason where it failed, what it refused. */
function LastJob({ source, live }: { source: Source; live: boolean }) {
  const queryClient = useQueryClient();
  const cancel = useCommand(cancelJobDocument);
  const retry = useCommand(retryJobDocument);
  const job = source.lastJob;
  useLive(
    jobProgressDocument,
    { id: job?.id ?? "" },
    {
      enabled: live && job != null,
      onNext: ({ jobProgress }) => {
        queryClient.setQueryData(sourcesQuery.queryKey, (held) =>
          held?.map((each) => (each.key === source.key ? { ...each, lastJob: { ...each.lastJob, ...jobProgress } } : each)),
        );
        // An import changes what every other page shows.
        if (!isOpen(jobProgress)) void queryClient.invalidateQueries();
      },
      onConnect: () => undefined,
    },
  );
  if (!job) return null;
  const refetch = () => queryClient.invalidateQueries({ queryKey: sourcesKey });
  return (
    <div className="source-last">
      <span className="source-standing">
        <JobState job={job} />
        {!isOpen(job) && job.finishedAt && <Instant at={job.finishedAt} relative />}
        {job.rejectCount > 0 && (
          <Link to="/data-sources/$key" params={{ key: source.key }} hash="refused">
            {job.rejectCount.toLocaleString("en")} refused
          </Link>
        )}
        {isOpen(job) && !job.cancelRequested && (
          <Button
            variant="quiet"
            aria-label={`Cancel ${job.title}`}
            busy={cancel.busy}
            onClick={() => void cancel.submit({ id: job.id }).then(refetch)}
          >
            Cancel
          </Button>
        )}
        {job.state === "FAILED" && (
          <Button
            variant="quiet"
            aria-label={`Retry ${job.title}`}
            busy={retry.busy}
            onClick={() => void retry.submit({ id: job.id }).then(refetch)}
          >
            Retry
          </Button>
        )}
      </span>
      {job.state === "RUNNING" && (
        <Progress label={`Progress of ${job.title}`} done={job.done} total={job.total ?? null} />
      )}
      {job.state === "RUNNING" && job.current && <span className="source-more source-clip">{job.current}</span>}
      {job.error && (
        <span className="source-error" title={job.error}>
          {job.error}
        </span>
      )}
      <Refusals refusals={[...cancel.refusals, ...retry.refusals]} />
      <FailureNotice failure={cancel.failure ?? retry.failure} />
    </div>
  );
}
