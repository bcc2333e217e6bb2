import { Button } from "@/components/Button";
import { Copyable } from "@/components/Copyable";
import { Icon } from "@/components/Icon";
import { HowToCheck } from "./HowToCheck";

/** The one moment a secret can be read. */
export function SecretOnce({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <div className="form">
      <p className="notice" role="note">
        <Icon name="warning" /> This secret is shown only now. Take it to where deliveries arrive before you close this.
      </p>
      <div className="field">
        <span className="field-name">Secret</span>
        <Copyable label="Secret" value={secret} />
      </div>
      <details className="check-details">
        <summary>How the signature is checked</summary>
        <HowToCheck />
      </details>
      <div className="form-actions">
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  );
}

/** The answer of the first try was lost, and with it the secret. */
export function SecretGone({ onClose }: { onClose: () => void }) {
  return (
    <div className="form">
      <p>
        The webhook was made at the first try, whose answer was lost, and the secret with it. Give it a new secret from
        its menu.
      </p>
      <div className="form-actions">
        <Button variant="primary" onClick={onClose}>
          Close
        </Button>
      </div>
    </div>
  );
}
