import { useRef, useState } from "react";
import { Icon } from "./Icon";

/** A search that is told once typing has paused. */
export function SearchField({
  label,
  placeholder,
  value,
  onChange,
}: {
  label: string;
  placeholder: string;
  value: string;
  onChange: (text: string) => void;
}) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (known !== value) {
    setKnown(value);
    setText(value);
  }
  return (
    <div className="search-box">
      <Icon name="search" size={14} />
      <input
        className="input"
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={text}
        onChange={(event) => {
          const next = event.target.value;
          setText(next);
          clearTimeout(pause.current);
          pause.current = setTimeout(() => {
            setKnown(next);
            onChange(next);
          }, 180);
        }}
      />
    </div>
  );
}
