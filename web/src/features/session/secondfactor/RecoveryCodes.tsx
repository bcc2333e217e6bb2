import { useRef } from "react";
import { Button } from "@/components/Button";
import { CopyButton } from "@/components/CopyButton";
import "./secondfactor.css";

/** The one moment recovery codes can be read. `onDone` is offered once somebody says they are kept. */
export function RecoveryCodes({
  codes,
  kept,
  onKept,
  onDone,
}: {
  codes: readonly string[];
  kept: boolean;
  onKept: (kept: boolean) => void;
  onDone: () => void;
}) {
  const list = useRef<HTMLUListElement>(null);
  const text = `${codes.join("\n")}\n`;
  const download = () => {
    const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = "aegis-recovery-codes.txt";
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <div className="form">
      <p>
        When the app is gone, one of these codes lets you in, each once. They are shown only now: keep them where the
        app is not.
      </p>
      <ul ref={list} className="recovery-codes" aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="recovery-ways">
        <CopyButton text={text} shownIn={list} />
        <Button icon="download" onClick={download}>
          Download
        </Button>
      </div>
      <label className="check-line">
        <input type="checkbox" checked={kept} onChange={(event) => onKept(event.target.checked)} />I have kept these
        codes
      </label>
      <div className="form-actions">
        <Button variant="primary" disabled={!kept} onClick={onDone}>
          Done
        </Button>
      </div>
    </div>
  );
}
