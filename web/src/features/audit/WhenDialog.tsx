import { type FormEvent, useState } from "react";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { InstantField } from "@/components/InstantField";
import { offsetOf, toLocalInput, toRfc3339, zoneName } from "@/time";

const hourMs = 3_600_000;

const presets: { label: string; ms: number }[] = [
  { label: "Last hour", ms: hourMs },
  { label: "Last 24 hours", ms: 24 * hourMs },
  { label: "Last 7 days", ms: 7 * 24 * hourMs },
  { label: "Last 30 days", ms: 30 * 24 * hourMs },
];

export interface When {
  /** Empty: without a bound. */
  from: string;
  to: string;
}

/** The part of time whose entries are shown. */
export function WhenDialog({
  from,
  to,
  onChoose,
  onClose,
}: {
  from: string;
  to: string;
  onChoose: (when: When) => void;
  onClose: () => void;
}) {
  const [begin, setBegin] = useState(() => localOf(from));
  const [end, setEnd] = useState(() => localOf(to));
  const [problem, setProblem] = useState<{ from?: string; to?: string }>({});
  const [opened] = useState(() => new Date());

  const submit = () => {
    const first = instantOf(begin);
    const last = instantOf(end);
    if (first === null) return setProblem({ from: "Give a date and a time, or nothing." });
    if (last === null) return setProblem({ to: "Give a date and a time, or nothing." });
    if (first && last && new Date(first) >= new Date(last)) return setProblem({ to: "This is not after the beginning." });
    onChoose({ from: first, to: last });
  };
  return (
    <Dialog title="Which part of time" onClose={onClose}>
      <form
        className="form"
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className="instant-presets" role="group" aria-label="Up to now">
          {presets.map((preset) => (
            <Button
              key={preset.label}
              onClick={() => onChoose({ from: toSecond(new Date(Date.now() - preset.ms)), to: "" })}
            >
              {preset.label}
            </Button>
          ))}
        </div>
        <div className="form-pair">
          <InstantField label="From" required={false} value={begin} onChange={setBegin} error={problem.from} />
          <InstantField label="Before" required={false} value={end} onChange={setEnd} error={problem.to} />
        </div>
        <p className="muted">{zoneName(opened)}. What is left empty has no bound.</p>
        <div className="form-actions">
          {(from || to) && <Button onClick={() => onChoose({ from: "", to: "" })}>Any time</Button>}
          <Button type="submit" variant="primary">
            Show this part
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const toSecond = (date: Date) => `${date.toISOString().slice(0, 19)}Z`;

function localOf(instant: string): string {
  return instant ? toLocalInput(instant, offsetOf(new Date(instant))) : "";
}

/** The instant that was typed; empty where nothing was, null where it does not read. */
function instantOf(local: string): string | null {
  if (local === "") return "";
  const typed = new Date(local);
  return Number.isNaN(typed.getTime()) ? null : toRfc3339(local, offsetOf(typed));
}
