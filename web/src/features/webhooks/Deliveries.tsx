import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSetting } from "@/api/command";
import { Button } from "@/components/Button";
import { DetailRow, RowToggle } from "@/components/ExpandingRow";
import { Instant } from "@/components/Instant";
import { EmptyState, ErrorNotice, FailureNotice, Refusals, Skeleton } from "@/components/Notices";
import { useNow } from "@/components/useNow";
import { useRowKeys } from "@/components/useRowKeys";
import { countOf } from "@/count";
import { DeliveryDetail } from "./DeliveryDetail";
import { deliveriesQuery, type Delivery, replayDeliveryDocument, type Webhook, webhooksKey } from "./operations";
import { answerWords, mostAttempts, pollMs, stateWords } from "./words";

const columns = 7;

/** What a webhook was told, newest first. It is looked at again by itself, sooner while something waits. */
export function Deliveries({ webhook }: { webhook: Webhook }) {
  const queryClient = useQueryClient();
  const query = useInfiniteQuery({
    ...deliveriesQuery(webhook.id),
    refetchInterval: (running) =>
      pollMs(running.state.data?.pages.flatMap((page) => page.nodes) ?? [], webhook.active, Date.now()),
  });
  const replay = useSetting(replayDeliveryDocument);
  const [replaying, setReplaying] = useState<string | null>(null);
  const [open, setOpen] = useState<string | null>(null);
  const keys = useRowKeys<HTMLTableSectionElement>(".row-toggle");
  const deliveries = query.data?.pages.flatMap((page) => page.nodes) ?? [];
  const counted = query.data?.pages[0];
  const again = async (delivery: Delivery) => {
    setReplaying(delivery.id);
    await replay.submit({ id: delivery.id });
    await queryClient.invalidateQueries({ queryKey: webhooksKey });
    setReplaying(null);
  };

  return (
    <section aria-labelledby="deliveries">
      <h2 id="deliveries">
        Deliveries {counted && <span className="count">{countOf(counted, deliveries.length)}</span>}
      </h2>
      <Refusals refusals={replay.refusals} />
      <FailureNotice failure={replay.failure} />
      {query.isError && (
        <ErrorNotice doing="Loading the deliveries" error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending ? (
        <Skeleton label="Loading the deliveries" />
      ) : deliveries.length === 0 && !query.isError ? (
        <EmptyState title="Nothing was sent yet">
          {webhook.active ? "A ping shows whether the address answers." : "It is switched off."} The log goes back 30 days.
        </EmptyState>
      ) : (
        deliveries.length > 0 && (
          <table role="table" className="table table-stacked deliveries-table">
            <caption className="visually-hidden">Deliveries to {webhook.name}</caption>
            <thead>
              <tr>
                <th scope="col">Kind</th>
                <th scope="col">State</th>
                <th scope="col">Answer</th>
                <th scope="col" className="number">
                  Attempts
                </th>
                <th scope="col">Next attempt</th>
                <th scope="col">Since</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody {...keys}>
              {deliveries.map((delivery) => (
                <DeliveryRows
                  key={delivery.id}
                  delivery={delivery}
                  active={webhook.active}
                  open={open === delivery.id}
                  busy={replaying === delivery.id}
                  onToggle={() => setOpen(open === delivery.id ? null : delivery.id)}
                  onReplay={() => void again(delivery)}
                />
              ))}
            </tbody>
          </table>
        )
      )}
      {query.hasNextPage && (
        <p className="more">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Load more
          </Button>
        </p>
      )}
    </section>
  );
}

/** When it is tried next: at its time, at once when that is past, and not before the webhook is on. */
function Next({ at, active }: { at: string; active: boolean }) {
  const now = useNow(true);
  if (!active) return <>once it is on</>;
  return new Date(at) <= now ? <>now</> : <Instant at={at} relative />;
}

function DeliveryRows({
  delivery,
  active,
  open,
  busy,
  onToggle,
  onReplay,
}: {
  delivery: Delivery;
  /** Whether the webhook is on. */
  active: boolean;
  open: boolean;
  busy: boolean;
  onToggle: () => void;
  onReplay: () => void;
}) {
  const answer = answerWords(delivery);
  const id = `delivery-${delivery.deliveryId}`;
  return (
    <>
      <tr role="row">
        <th role="rowheader" scope="row" className="delivery-kind">
          <RowToggle open={open} controls={id} onToggle={onToggle}>
            <code>{delivery.kind}</code>
          </RowToggle>
        </th>
        <td role="cell" className="delivery-state">
          <span className="delivery-mark" data-state={delivery.state}>
            <span className="delivery-sign" aria-hidden="true" />
            {stateWords[delivery.state]}
          </span>
        </td>
        <td role="cell" className="delivery-answer" title={delivery.lastError ?? undefined}>
          {answer ?? <span className="muted">none yet</span>}
        </td>
        <td role="cell" className="number delivery-attempts">
          {delivery.attempts} <span className="muted">of {mostAttempts}</span>
        </td>
        <td role="cell" className="delivery-next">
          {delivery.nextAttemptAt && <Next at={delivery.nextAttemptAt} active={active} />}
        </td>
        <td role="cell" className="delivery-since">
          <Instant at={delivery.createdAt} />
        </td>
        <td role="cell" className="table-actions">
          {delivery.state !== "PENDING" && (
            <Button aria-label={`Replay ${delivery.kind}`} busy={busy} onClick={onReplay}>
              Replay
            </Button>
          )}
        </td>
      </tr>
      {open && (
        <DetailRow id={id} columns={columns}>
          <DeliveryDetail delivery={delivery} />
        </DetailRow>
      )}
    </>
  );
}
