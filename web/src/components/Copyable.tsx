import { useState } from "react";
import { Button } from "./Button";

/** A secret shown once, with a button that takes it to the clipboard. */
export function Copyable({ label, value }: { label: string; value: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div className="copyable">
      <code aria-label={label}>{value}</code>
      <Button
        icon={copied ? "check" : "copy"}
        onClick={() => {
          void navigator.clipboard.writeText(value).then(() => setCopied(true));
        }}
      >
        {copied ? "Copied" : "Copy"}
      </Button>
      <span role="status" className="visually-hidden">
        {copied ? "Copied to the clipboard" : ""}
      </span>
    </div>
  );
}
