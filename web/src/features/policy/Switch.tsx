import { useId } from "react";

/** A setting that is on or off, and what it means as it stands. */
export function Switch({
  label,
  checked,
  changed,
  meaning,
  onChange,
}: {
  label: string;
  checked: boolean;
  /** It stands otherwise than what is in force. */
  changed: boolean;
  meaning: string;
  onChange: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <label className="policy-switch" data-changed={changed || undefined}>
      <input
        type="checkbox"
        role="switch"
        checked={checked}
        aria-describedby={id}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        <strong>{label}</strong> <span className="muted">{checked ? "on" : "off"}</span>
        <span id={id} className="policy-meaning">
          {meaning}
        </span>
      </span>
    </label>
  );
}
