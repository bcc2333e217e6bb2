import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Instant } from "@/components/Instant";
import { Menu, type MenuItem } from "@/components/Menu";
import { EmptyState, ErrorNotice, Skeleton } from "@/components/Notices";
import { useRowKeys } from "@/components/useRowKeys";
import { CreateWebhookDialog } from "./Dialogs";
import { HowToCheckDialog } from "./HowToCheck";
import { type Webhook, webhooksKey, webhooksQuery } from "./operations";
import { useActions } from "./useActions";
import { kindWords, toldWords } from "./words";
import "./webhooks.css";

/** Addresses outside that are told what happens. */
export function WebhooksPage() {
  const queryClient = useQueryClient();
  const query = useQuery({ ...webhooksQuery, refetchInterval: 15_000 });
  const [open, setOpen] = useState<"create" | "check" | null>(null);
  const { itemsFor, dialog } = useActions();
  const keys = useRowKeys<HTMLTableSectionElement>(".webhook-link");
  const create = (
    <Button variant="primary" icon="plus" onClick={() => setOpen("create")}>
      Create webhook
    </Button>
  );
  return (
    <div className="webhooks-page">
      <header className="page-head">
        <h1>
          Webhooks {query.data && <span className="count">{query.data.length}</span>}
        </h1>
        <div className="page-actions">
          <Button variant="quiet" onClick={() => setOpen("check")}>
            How the signature is checked
          </Button>
          {create}
        </div>
      </header>
      {query.isPending ? (
        <Skeleton label="Loading the webhooks" />
      ) : query.isError && !query.data ? (
        <ErrorNotice doing="Loading the webhooks" error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.length === 0 ? (
        <EmptyState title="No webhooks yet" action={create}>
          A webhook is told what happens here, as a signed request to an address of yours: a SIEM, a ticket system, a
          chat.
        </EmptyState>
      ) : (
        <table role="table" className="table table-stacked webhooks-table">
          <caption className="visually-hidden">Webhooks</caption>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Address</th>
              <th scope="col">Told</th>
              <th scope="col">State</th>
              <th scope="col" className="number">
                Waiting
              </th>
              <th scope="col" className="number">
                Given up
              </th>
              <th scope="col">Last delivery</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody {...keys}>
            {query.data.map((webhook) => (
              <WebhookRow key={webhook.id} webhook={webhook} items={itemsFor(webhook)} />
            ))}
          </tbody>
        </table>
      )}
      {open === "create" && (
        <CreateWebhookDialog
          onClose={() => setOpen(null)}
          onChanged={() => void queryClient.invalidateQueries({ queryKey: webhooksKey })}
        />
      )}
      {open === "check" && <HowToCheckDialog onClose={() => setOpen(null)} />}
      {dialog}
    </div>
  );
}

function WebhookRow({ webhook, items }: { webhook: Webhook; items: readonly MenuItem[] }) {
  return (
    <tr role="row" data-inactive={!webhook.active || undefined}>
      <th role="rowheader" scope="row" className="webhook-name">
        <Link to="/webhooks/$id" params={{ id: webhook.id }} className="webhook-link">
          {webhook.name}
        </Link>
      </th>
      <td role="cell" className="webhook-url" title={webhook.url}>
        {webhook.url}
      </td>
      <td role="cell" className="webhook-told" title={webhook.events.map((kind) => kindWords[kind]).join(", ")}>
        {toldWords(webhook.events)}
      </td>
      <td role="cell" className="webhook-state">
        {webhook.active ? "On" : <span className="mark">Off</span>}
      </td>
      <td role="cell" className="number webhook-waiting">
        {webhook.pendingDeliveries.toLocaleString("en")}
      </td>
      <td role="cell" className="number webhook-failed" data-any={webhook.failedDeliveries > 0 || undefined}>
        {webhook.failedDeliveries.toLocaleString("en")}
      </td>
      <td role="cell" className="webhook-last">
        {webhook.lastDeliveredAt ? <Instant at={webhook.lastDeliveredAt} /> : <span className="muted">none yet</span>}
      </td>
      <td role="cell" className="table-actions">
        <Menu label={`Actions for ${webhook.name}`} trigger={<Icon name="more" />} items={items} />
      </td>
    </tr>
  );
}
