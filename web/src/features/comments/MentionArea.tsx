import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { peopleQuery } from "@/api/people";
import { roleWords } from "@/components/Status";
import { completed, fitting, mentionAt } from "./mentions";

/** A text area that completes `@name`: down and up move, Enter or Tab takes, Escape closes. Ctrl Enter sends. */
export function MentionArea({
  label,
  value,
  onChange,
  onSend,
  onCancel,
  focus = false,
  invalid,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onSend: () => void;
  onCancel?: () => void;
  focus?: boolean;
  /** The id of what says what is wrong. */
  invalid?: string | undefined;
}) {
  const listId = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(0);
  const [closed, setClosed] = useState(false);
  const [active, setActive] = useState(0);
  const people = useQuery(peopleQuery);
  const typing = closed ? null : mentionAt(value, caret);
  const found = typing ? fitting(people.data ?? [], typing.typed) : [];
  const at = Math.min(active, found.length - 1);
  const placeCaret = useRef<number | null>(null);

  useEffect(() => {
    if (focus) area.current?.focus();
  }, [focus]);
  useEffect(() => {
    if (placeCaret.current === null) return;
    area.current?.setSelectionRange(placeCaret.current, placeCaret.current);
    placeCaret.current = null;
  });

  const pick = (handle: string) => {
    if (!typing) return;
    const next = completed(value, caret, typing.from, handle);
    placeCaret.current = next.caret;
    setCaret(next.caret);
    setActive(0);
    onChange(next.text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSend();
    } else if (found.length > 0 && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      setActive((at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
    } else if (found.length > 0 && (event.key === "Enter" || event.key === "Tab")) {
      event.preventDefault();
      const chosen = found[at];
      if (chosen) pick(chosen.handle);
    } else if (event.key === "Escape" && (found.length > 0 || onCancel)) {
      event.preventDefault();
      event.stopPropagation();
      if (found.length > 0) setClosed(true);
      else onCancel?.();
    }
  };

  return (
    <div className="combobox mention-area">
      <textarea
        ref={area}
        className="input"
        rows={3}
        maxLength={5_000}
        role="combobox"
        aria-label={label}
        aria-autocomplete="list"
        aria-expanded={found.length > 0}
        aria-controls={found.length > 0 ? listId : undefined}
        aria-activedescendant={found.length > 0 ? `${listId}-${at}` : undefined}
        aria-invalid={invalid ? true : undefined}
        aria-describedby={invalid}
        placeholder="@name tells somebody"
        value={value}
        onChange={(event) => {
          setClosed(false);
          setActive(0);
          setCaret(event.target.selectionStart);
          onChange(event.target.value);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onBlur={() => setClosed(true)}
        onKeyDown={onKeyDown}
      />
      {found.length > 0 && (
        <ul role="listbox" id={listId} aria-label="People" className="combobox-list">
          {found.map((person, index) => (
            <li
              key={person.id}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === at}
              className="combobox-option"
              onPointerMove={() => setActive(index)}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => pick(person.handle)}
            >
              @{person.handle}
              {person.name !== person.handle && <span className="combobox-name">{person.name}</span>}
              {person.role && <span className="muted">{roleWords[person.role]}</span>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
