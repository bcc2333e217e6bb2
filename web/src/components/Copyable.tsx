import { useRef } from "react";
import { CopyButton } from "./CopyButton";

/** A secret shown once, with a button that takes it to the clipboard. */
export function Copyable({ label, value }: { label: string; value: string }) {
  const code = useRef<HTMLElement>(null);
  return (
    <div className="copyable">
      <code ref={code} aria-label={label}>
        {value}
      </code>
      <CopyButton text={value} shownIn={code} />
    </div>
  );
}
