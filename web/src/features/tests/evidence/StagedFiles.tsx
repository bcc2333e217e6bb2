import { type FormEvent, useEffect, useMemo, useRef } from "react";
import { Button, IconButton } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { formatBytes, refusalOf } from "./kinds";

/** A file that was chosen, dropped or pasted, before it is sent. */
export interface Chosen {
  file: File;
  name: string;
  caption: string;
}

/** What is about to be added: a caption for each, and a last look, because evidence stays on record. */
export function StagedFiles({
  staged,
  room,
  onStaged,
  onSend,
}: {
  staged: readonly Chosen[];
  /** How many more the side may have. */
  room: number;
  onStaged: (staged: readonly Chosen[]) => void;
  onSend: (ready: readonly Chosen[]) => void;
}) {
  const form = useRef<HTMLFormElement>(null);
  const ready = staged.filter((chosen) => refusalOf({ name: chosen.name, size: chosen.file.size }) === null);
  const tooMany = ready.length > room;
  const count = staged.length;
  useEffect(() => {
    // The caption of the newest: whoever has just pasted types on.
    form.current?.querySelector<HTMLElement>("li:last-child input")?.focus();
  }, [count]);
  const change = (at: number, caption: string) =>
    onStaged(staged.map((chosen, index) => (index === at ? { ...chosen, caption } : chosen)));
  return (
    <form
      ref={form}
      className="staged"
      aria-label="Files to add"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (ready.length > 0 && !tooMany) onSend(ready);
      }}
    >
      <ul>
        {staged.map((chosen, at) => {
          const refusal = refusalOf({ name: chosen.name, size: chosen.file.size });
          return (
            <li key={`${at}-${chosen.name}`} className="staged-file">
              <Thumbnail file={chosen.file} />
              <div className="evidence-text">
                <p className="evidence-name">
                  {chosen.name} <span className="muted">{formatBytes(chosen.file.size)}</span>
                </p>
                {refusal ? (
                  <p className="field-error" role="alert">
                    {refusal}
                  </p>
                ) : (
                  <input
                    className="input"
                    aria-label={`Caption of ${chosen.name}`}
                    placeholder="What it shows (optional)"
                    maxLength={200}
                    value={chosen.caption}
                    onChange={(event) => change(at, event.target.value)}
                  />
                )}
              </div>
              <IconButton
                label={`Leave out ${chosen.name}`}
                icon="close"
                onClick={() => onStaged(staged.filter((_, index) => index !== at))}
              />
            </li>
          );
        })}
      </ul>
      {tooMany && (
        <p className="field-error" role="alert">
          {room > 0 ? `Only ${room} more fit: a side has at most 50 files.` : "This side has 50 files, the most it may have."}
        </p>
      )}
      <p className="field-hint">Names and captions are permanent: leave out names and addresses of people.</p>
      <div className="form-actions">
        <Button onClick={() => onStaged([])}>Discard</Button>
        <Button type="submit" variant="primary" disabled={ready.length === 0 || tooMany}>
          {ready.length > 1 ? `Upload ${ready.length} files` : "Upload"}
        </Button>
      </div>
    </form>
  );
}

function Thumbnail({ file }: { file: File }) {
  const address = useMemo(() => (file.type.startsWith("image/") ? URL.createObjectURL(file) : null), [file]);
  useEffect(() => {
    if (address) return () => URL.revokeObjectURL(address);
  }, [address]);
  return (
    <span className="evidence-sign">{address ? <img src={address} alt="" /> : <Icon name="file" size={20} />}</span>
  );
}
