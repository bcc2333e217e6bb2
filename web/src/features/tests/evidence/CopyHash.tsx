import { useState } from "react";
import { Icon } from "@/components/Icon";

/** The beginning of a digest; a click takes all of it to the clipboard. */
export function CopyHash({ value, of }: { value: string; of: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      // Browsers keep the clipboard from pages without HTTPS; the whole digest is there to be marked.
      window.prompt(`SHA-256 of ${of}`, value);
    }
  };
  return (
    <button
      type="button"
      className="hash-copy"
      title={`SHA-256 ${value}`}
      aria-label={`Copy the SHA-256 of ${of}`}
      onClick={() => void copy()}
    >
      <code>{value.slice(0, 12)}</code>
      <Icon name={copied ? "check" : "copy"} size={12} />
      <span role="status" className="visually-hidden">
        {copied ? "Copied" : ""}
      </span>
    </button>
  );
}
