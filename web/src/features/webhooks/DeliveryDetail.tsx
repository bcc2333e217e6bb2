import { Instant } from "@/components/Instant";
import type { Delivery } from "./operations";
import { readable } from "./words";

/** Everything that the log has of a delivery, with what is sent. */
export function DeliveryDetail({ delivery }: { delivery: Delivery }) {
  return (
    <div className="delivery-detail">
      <dl className="facts">
        <dt>Delivery id</dt>
        <dd>
          <code>{delivery.deliveryId}</code>
        </dd>
        {delivery.position != null && (
          <>
            <dt>Ledger position</dt>
            <dd>{delivery.position.toLocaleString("en")}</dd>
          </>
        )}
        {delivery.lastAttemptAt && (
          <>
            <dt>Last attempt</dt>
            <dd>
              <Instant at={delivery.lastAttemptAt} />
            </dd>
          </>
        )}
        {delivery.nextAttemptAt && (
          <>
            <dt>Next attempt</dt>
            <dd>
              <Instant at={delivery.nextAttemptAt} />
            </dd>
          </>
        )}
        {delivery.deliveredAt && (
          <>
            <dt>Delivered</dt>
            <dd>
              <Instant at={delivery.deliveredAt} />
            </dd>
          </>
        )}
        {delivery.lastStatus != null && (
          <>
            <dt>Status answered</dt>
            <dd>{delivery.lastStatus}</dd>
          </>
        )}
        {delivery.lastError && (
          <>
            <dt>Why not</dt>
            <dd>{delivery.lastError}</dd>
          </>
        )}
      </dl>
      <div className="field">
        <span className="field-name">Body</span>
        <pre className="procedure" tabIndex={0} aria-label={`Body of ${delivery.kind}`}>
          {readable(delivery.payload)}
        </pre>
        <p className="field-hint">Shown in lines; it is sent, and signed, on a single one.</p>
      </div>
    </div>
  );
}
