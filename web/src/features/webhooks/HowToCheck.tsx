import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";

const example = `import { createHmac, timingSafeEqual } from "node:crypto";

// body: the bytes as they came, before anything reads them
function isOurs(secret, header, body) {
  const { t, v1 } = Object.fromEntries(
    header.split(",").map((part) => part.split("=")),
  );
  const code = createHmac("sha256", secret)
    .update(\`\${t}.\`)
    .update(body)
    .digest();
  const given = Buffer.from(v1, "hex");
  return (
    given.length === code.length &&
    timingSafeEqual(given, code) &&
    Math.abs(Date.now() / 1000 - Number(t)) < 300
  );
}`;

/** How whoever gets a delivery knows that it is from here. */
export function HowToCheck() {
  return (
    <div className="how-to-check">
      <dl className="facts">
        <dt>
          <code>aegis-signature</code>
        </dt>
        <dd>
          <code>t=…,v1=…</code>: the seconds since 1970, and in hex the HMAC-SHA-256 under the secret of these seconds, a
          dot and the body
        </dd>
        <dt>
          <code>aegis-delivery</code>
        </dt>
        <dd>the id of the delivery, the same on each attempt and each replay: remember it to take nothing twice</dd>
        <dt>
          <code>aegis-event</code>
        </dt>
        <dd>the kind</dd>
      </dl>
      <p>
        Check the signature over the bytes as they came, and refuse what is older than some minutes. Answer with a status
        from 200 to 299 within 10 seconds; everything else, a redirect too, is tried again.
      </p>
      <pre className="procedure" tabIndex={0} aria-label="Example for Node.js">
        {example}
      </pre>
      <p className="muted">
        More, and the same for Python and a shell, is in <code>docs/NOTIFICATIONS.md</code>.
      </p>
    </div>
  );
}

export function HowToCheckDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="How the signature is checked" onClose={onClose}>
      <div className="form">
        <HowToCheck />
        <div className="form-actions">
          <Button variant="primary" onClick={onClose}>
            Close
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
