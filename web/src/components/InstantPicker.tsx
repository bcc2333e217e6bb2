import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { formatToSecond, offsetOf, toLocalInput, toRfc3339, zoneName } from "@/time";
import { Button } from "./Button";
import { Icon } from "./Icon";
import { InstantField } from "./InstantField";

/** Ways back that people ask for most, counted from the moment they ask. */
const presets: { label: string; before: (now: Date) => Date }[] = [
  { label: "An hour ago", before: (now) => new Date(now.getTime() - 3_600_000) },
  { label: "A day ago", before: (now) => daysBefore(now, 1) },
  { label: "A week ago", before: (now) => daysBefore(now, 7) },
  { label: "A month ago", before: monthBefore },
];

/** The same clock time on an earlier day, also across a change to or from summer time. */
function daysBefore(now: Date, days: number): Date {
  const then = new Date(now);
  then.setDate(then.getDate() - days);
  return then;
}

/** The same day of the month before, or its last day where it is shorter. */
function monthBefore(now: Date): Date {
  const then = new Date(now);
  then.setMonth(then.getMonth() - 1);
  if (then.getDate() !== now.getDate()) then.setDate(0);
  return then;
}

const toSecond = (date: Date) => `${date.toISOString().slice(0, 19)}Z`;

/** Says which instant the page shows, and opens the way to another. */
export function InstantPicker({
  asOf,
  onAsOf,
}: {
  asOf: string | undefined;
  onAsOf: (asOf: string | undefined) => void;
}) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    const outside = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);

  const choose = (instant: string | undefined) => {
    setOpen(false);
    button.current?.focus();
    if (instant !== asOf) onAsOf(instant);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open || event.key !== "Escape") return;
    event.stopPropagation();
    setOpen(false);
    button.current?.focus();
  };

  return (
    <div
      className="instant-picker"
      ref={root}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        if (event.relatedTarget && !root.current?.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <button
        ref={button}
        type="button"
        className="instant-picker-trigger"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        <Icon name="clock" size={14} />
        <span>As of</span>{" "}
        <strong>{asOf ? formatToSecond(asOf) : "now"}</strong>
        <Icon name="down" size={10} />
      </button>
      {open && <Chooser id={id} asOf={asOf} onChoose={choose} />}
    </div>
  );
}

function Chooser({
  id,
  asOf,
  onChoose,
}: {
  id: string;
  asOf: string | undefined;
  onChoose: (instant: string | undefined) => void;
}) {
  const [shown] = useState(() => (asOf ? new Date(asOf) : new Date()));
  const [local, setLocal] = useState(() => toLocalInput(shown.toISOString(), offsetOf(shown)));
  const [problem, setProblem] = useState<string>();
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);

  const typed = new Date(local);
  const zone = Number.isNaN(typed.getTime()) ? shown : typed;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const instant = toRfc3339(local, offsetOf(zone));
    if (instant === null) setProblem("Give a date and a time.");
    else if (new Date(instant).getTime() > Date.now()) setProblem("This lies in the future; the record ends now.");
    else onChoose(instant);
  };

  return (
    <div className="instant-chooser" role="dialog" aria-label="Choose an instant" id={id}>
      <div className="instant-presets" role="group" aria-label="Back in time">
        {presets.map((preset, index) => (
          <Button
            key={preset.label}
            ref={index === 0 ? first : null}
            onClick={() => onChoose(toSecond(preset.before(new Date())))}
          >
            {preset.label}
          </Button>
        ))}
      </div>
      <form className="form" noValidate onSubmit={submit}>
        <InstantField
          label="Date and time"
          hint={zoneName(zone)}
          value={local}
          onChange={(value) => {
            setProblem(undefined);
            setLocal(value);
          }}
          error={problem}
        />
        <div className="form-actions">
          {asOf && <Button onClick={() => onChoose(undefined)}>Back to now</Button>}
          <Button type="submit" variant="primary">
            Show this instant
          </Button>
        </div>
      </form>
    </div>
  );
}
