import { type FormEvent, useState } from "react";
import { Combobox } from "@/components/Combobox";
import { actionsLike } from "./actions";

/** Chooses what entries are called: one of those that are known, or whatever is typed. */
export function ActionField({ value, onChange }: { value: string; onChange: (action: string) => void }) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setText(value);
  }
  const take = (action: string) => {
    setText(action);
    if (action.trim() !== value) onChange(action.trim());
  };
  return (
    <form
      className="audit-action"
      data-on={value ? true : undefined}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        take(text);
      }}
      // Whoever goes on to something else means what was typed.
      onBlur={() => take(text)}
    >
      <Combobox
        label="Action"
        placeholder="Any action"
        value={text}
        onValue={(next) => {
          setText(next);
          if (next === "") take("");
        }}
        suggestions={actionsLike(text).map((action) => ({
          key: action.name,
          label: (
            <>
              <span className="combobox-name">{action.name}</span>
              <span className="muted">{action.source}</span>
            </>
          ),
        }))}
        onPick={(action) => take(action.key)}
      />
    </form>
  );
}
