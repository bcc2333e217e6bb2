import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useSetting } from "@/api/command";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Instant } from "@/components/Instant";
import { Menu } from "@/components/Menu";
import { EmptyState, ErrorNotice, FailureNotice, Refusals, Skeleton } from "@/components/Notices";
import { Deliveries } from "./Deliveries";
import { HowToCheckDialog } from "./HowToCheck";
import { pingWebhookDocument, type Webhook, webhookQuery, webhooksKey } from "./operations";
import { useActions } from "./useActions";
import { kindGroups, kindWords } from "./words";
import "./webhooks.css";

const list = (
  <Link to="/webhooks" className="button">
    All webhooks
  </Link>
);

/** One webhook: what it is told, how that went, and what can be done about it. */
export function WebhookPage({ id, onDeleted }: { id: string; onDeleted: () => void }) {
  const query = useQuery({
    ...webhookQuery(id),
    // What waits is soon delivered, and then this says so.
    refetchInterval: (running) => (running.state.data?.pendingDeliveries ? 4_000 : 15_000),
  });
  if (query.isPending) return <Skeleton rows={8} label="Loading the webhook" />;
  if (query.isError && query.data === undefined) {
    return <ErrorNotice doing="Loading the webhook" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (!query.data) {
    return (
      <EmptyState page title="No such webhook" action={list}>
        It may have been deleted.
      </EmptyState>
    );
  }
  return (
    <article className="webhook-page">
      <Head webhook={query.data} onDeleted={onDeleted} />
      <Facts webhook={query.data} />
      <Deliveries webhook={query.data} />
    </article>
  );
}

function Head({ webhook, onDeleted }: { webhook: Webhook; onDeleted: () => void }) {
  const queryClient = useQueryClient();
  const ping = useSetting(pingWebhookDocument);
  const [checking, setChecking] = useState(false);
  const { itemsFor, change, dialog } = useActions(onDeleted);
  const send = async () => {
    await ping.submit({ id: webhook.id });
    await queryClient.invalidateQueries({ queryKey: webhooksKey });
  };
  return (
    <>
      <header className="page-head">
        <div>
          <p className="crumb">
            <Link to="/webhooks">Webhooks</Link>
          </p>
          <h1>
            {webhook.name} {!webhook.active && <span className="mark">Off</span>}
          </h1>
        </div>
        <div className="page-actions" role="group" aria-label="Actions">
          <Button variant="quiet" onClick={() => setChecking(true)}>
            How the signature is checked
          </Button>
          <Button onClick={() => change(webhook)}>Change</Button>
          {webhook.active && (
            <Button variant="primary" busy={ping.busy} onClick={() => void send()}>
              Send a ping
            </Button>
          )}
          <Menu
            label={`More for ${webhook.name}`}
            trigger={<Icon name="more" />}
            items={itemsFor(webhook).filter((item) => item.key !== "change")}
          />
        </div>
      </header>
      <Refusals refusals={ping.refusals} />
      <FailureNotice failure={ping.failure} />
      {!webhook.active && (
        <p className="notice" role="note">
          It is switched off: what happens is not told, and {leftWaiting(webhook.pendingDeliveries)}
        </p>
      )}
      {checking && <HowToCheckDialog onClose={() => setChecking(false)} />}
      {dialog}
    </>
  );
}

function leftWaiting(count: number): string {
  if (count === 0) return "nothing waits.";
  return count === 1 ? "1 delivery waits until it is on again." : `${count} deliveries wait until it is on again.`;
}

function Facts({ webhook }: { webhook: Webhook }) {
  const told = kindGroups
    .map(({ label, kinds }) => ({ label, kinds: kinds.filter((kind) => webhook.events.includes(kind)) }))
    .filter(({ kinds }) => kinds.length > 0);
  return (
    <section aria-label="About the webhook">
      <dl className="facts">
        <dt>Address</dt>
        <dd>{webhook.url}</dd>
        <dt>Told</dt>
        <dd>
          {told.length === 0
            ? "Everything, and kinds that are yet to come"
            : told.map(({ label, kinds }) => (
                <span key={label} className="told">
                  <span className="muted">{label}:</span> {kinds.map((kind) => kindWords[kind].toLowerCase()).join(", ")}
                </span>
              ))}
        </dd>
        <dt>Last delivery</dt>
        <dd>{webhook.lastDeliveredAt ? <Instant at={webhook.lastDeliveredAt} /> : <span className="muted">none yet</span>}</dd>
        <dt>Created</dt>
        <dd>
          {webhook.createdBy.name}, <Instant at={webhook.createdAt} />
        </dd>
        <dt>Changed</dt>
        <dd>
          <Instant at={webhook.updatedAt} />
        </dd>
      </dl>
    </section>
  );
}
