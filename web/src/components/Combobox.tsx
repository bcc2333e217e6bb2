import { type KeyboardEvent, type ReactNode, useId, useState } from "react";

export interface Suggestion {
  key: string;
  label: ReactNode;
  /** Shown above the first suggestion of each group. */
  group?: string;
}

interface Props<Item extends Suggestion> {
  label: string;
  value: string;
  onValue: (value: string) => void;
  suggestions: readonly Item[];
  onPick: (item: Item) => void;
  placeholder?: string;
  /** Shown in place of the list when nothing fits. */
  empty?: ReactNode;
  /** The list stands below the input for good, instead of floating while in use. */
  inline?: boolean;
  wiring?: { id: string; "aria-describedby"?: string | undefined; "aria-invalid"?: true | undefined };
  required?: boolean;
}

/** A text input with suggestions: down and up move, Enter takes, Escape closes. */
export function Combobox<Item extends Suggestion>({
  label,
  value,
  onValue,
  suggestions,
  onPick,
  placeholder,
  empty,
  inline = false,
  wiring,
  required,
}: Props<Item>) {
  const listId = useId();
  const [open, setOpen] = useState(inline);
  const [active, setActive] = useState(0);
  const at = Math.min(active, suggestions.length - 1);
  const shown = inline || open;

  const pick = (item: Item | undefined) => {
    if (!item) return;
    setOpen(false);
    setActive(0);
    onPick(item);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = (at + step + suggestions.length) % Math.max(1, suggestions.length);
      setActive(next);
      document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && shown && suggestions.length > 0) {
      event.preventDefault();
      pick(suggestions[at]);
    } else if (event.key === "Escape" && open && !inline) {
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
    }
  };

  const expanded = shown && suggestions.length > 0;
  return (
    <div className={inline ? "combobox combobox-inline" : "combobox"}>
      <input
        {...wiring}
        type="text"
        className="input"
        role="combobox"
        aria-label={wiring ? undefined : label}
        aria-autocomplete="list"
        aria-expanded={expanded}
        aria-controls={expanded ? listId : undefined}
        aria-activedescendant={expanded ? `${listId}-${at}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        required={required}
        value={value}
        onChange={(event) => {
          setActive(0);
          setOpen(true);
          onValue(event.target.value);
        }}
        onBlur={() => setOpen(inline)}
        onKeyDown={onKeyDown}
      />
      {expanded && (
        <ul role="listbox" id={listId} aria-label={label} className="combobox-list">
          {suggestions.map((item, index) => (
            <li
              key={item.key}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === at}
              className="combobox-option"
              data-group={item.group !== suggestions[index - 1]?.group ? item.group : undefined}
              onPointerMove={() => setActive(index)}
              // Before blur, which would take the list away under the pointer.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => pick(item)}
            >
              {item.label}
            </li>
          ))}
        </ul>
      )}
      {shown && suggestions.length === 0 && empty && <div className="combobox-empty">{empty}</div>}
    </div>
  );
}
