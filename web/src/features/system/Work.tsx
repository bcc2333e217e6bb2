import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ErrorNotice, Skeleton } from "@/components/Notices";
import { figure } from "./figure";
import { jobsLookedAt, systemWorkQuery, type Work } from "./operations";
import { jobCounts, webhookCounts } from "./words";

/** What waits to be done or told. */
export function WorkSection() {
  const query = useQuery(systemWorkQuery);
  return (
    <section aria-labelledby="system-work">
      <h2 id="system-work">Work and messages</h2>
      {query.isError && <ErrorNotice doing="Counting the work" error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton rows={2} label="Counting the work" />}
      {query.data && !query.isError && <Counts {...query.data} />}
      <p className="muted">
        Redis and the store of files are not looked at here. What the process counts is at <code>/metrics</code> on its
        internal address.
      </p>
    </section>
  );
}

function Counts({ jobs, webhooks, notificationPreferences }: Work) {
  const work = jobCounts(jobs.nodes);
  const told = webhookCounts(webhooks);
  return (
    <dl className="stats">
      <div>
        <dt>
          <Link to="/jobs">Jobs queued</Link>
        </dt>
        <dd>{figure(work.queued)}</dd>
      </div>
      <div>
        <dt>Running</dt>
        <dd>{figure(work.running)}</dd>
      </div>
      <div>
        <dt>Failed of the last {jobsLookedAt}</dt>
        <dd data-trouble={work.failed > 0 || undefined}>{figure(work.failed)}</dd>
      </div>
      <div>
        <dt>
          <Link to="/webhooks">Webhooks</Link> on
        </dt>
        <dd>
          {figure(told.on)} <span className="muted">of {figure(webhooks.length)}</span>
        </dd>
      </div>
      <div>
        <dt>Deliveries waiting</dt>
        <dd>{figure(told.waiting)}</dd>
      </div>
      <div>
        <dt>Given up in 30 days</dt>
        <dd data-trouble={told.givenUp > 0 || undefined}>{figure(told.givenUp)}</dd>
      </div>
      <div>
        <dt>Mail</dt>
        <dd>{notificationPreferences.mailConfigured ? "configured" : "not configured"}</dd>
      </div>
    </dl>
  );
}
