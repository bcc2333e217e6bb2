import { useId, useState } from "react";
import { offsetOf, offsets } from "@/time";
import { Field } from "./Field";

/** A date and clock time with seconds. Its zone is chosen once per form, with `ZoneField`. */
export function InstantField({
  label,
  value,
  onChange,
  required,
  hint,
  error,
}: {
  label: string;
  value: string;
  onChange: (local: string) => void;
  required?: boolean;
  hint?: string;
  error?: string | undefined;
}) {
  return (
    <Field label={label} hint={hint} error={error} required={required}>
      {(wiring) => (
        <input
          {...wiring}
          className="input"
          type="datetime-local"
          step={1}
          value={value}
          required={required}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** The offset all times of one form are written in. */
export function ZoneField({ value, onChange }: { value: string; onChange: (offset: string) => void }) {
  const id = useId();
  const [own] = useState(() => offsetOf(new Date()));
  const all = offsets.includes(value) ? offsets : [value, ...offsets];
  return (
    <div className="field">
      <label htmlFor={id}>Time zone of these times</label>
      <select id={id} className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        {all.map((offset) => (
          <option key={offset} value={offset}>
            UTC{offset}
            {offset === own ? " (yours)" : ""}
          </option>
        ))}
      </select>
    </div>
  );
}
