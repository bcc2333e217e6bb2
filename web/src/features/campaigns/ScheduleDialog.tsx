import { type FormEvent, useState } from "react";
import { otherRefusals, refusalsFor, useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Choice, TextField } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
import type { MissedRuns, ScheduleEvery } from "@/gql/graphql";
import { timeZoneInUse } from "@/time";
import { scheduleCampaignDocument } from "./commands";
import { dueTimes, wallClock } from "./due";
import type { Campaign } from "./operations";
import { everyWords, formatDue, missedWords } from "./words";

const options = <Value extends string>(words: Record<Value, string>) =>
  (Object.keys(words) as Value[]).map((value) => ({ value, label: words[value] }));

const fields = ["every", "first", "timeZone", "until", "missed"];

/** When a campaign runs again; the times it will be due at are shown as they are typed. */
export function ScheduleDialog({
  campaign,
  onClose,
  onDone,
}: {
  campaign: Campaign;
  onClose: () => void;
  onDone: () => void;
}) {
  const schedule = useCommand(scheduleCampaignDocument);
  const before = campaign.schedule;
  const [version] = useState(campaign.version);
  const [own] = useState(timeZoneInUse);
  const [every, setEvery] = useState<ScheduleEvery>(before?.every ?? "MONTHLY");
  const [first, setFirst] = useState(before?.first.slice(0, 16) ?? "");
  const [timeZone, setTimeZone] = useState(before?.timeZone ?? own);
  const [until, setUntil] = useState(before?.until ?? "");
  const [missed, setMissed] = useState<MissedRuns>(before?.missed ?? "CREATE_ALL");
  const error = (field: string) => refusalsFor(schedule.refusals, field);
  const due = dueTimes(first, every, until || null, wallClock(new Date(), timeZone));

  const submit = async () => {
    const input = { id: campaign.id, every, first, timeZone, until: until || null, missed, expectedVersion: version };
    if (await schedule.submit(input)) onDone();
  };
  return (
    <Dialog title={`Schedule of ${campaign.name}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Choice label="It runs" options={options(everyWords)} value={every} onChange={setEvery} error={error("every")} />
        <div className="form-pair">
          <TextField
            label="First time, on the clock of the zone"
            type="datetime-local"
            required
            value={first}
            onChange={(event) => setFirst(event.target.value)}
            error={error("first")}
          />
          <TextField
            label="Time zone"
            required
            list="time-zones"
            value={timeZone}
            onChange={(event) => setTimeZone(event.target.value)}
            error={error("timeZone")}
          />
        </div>
        <datalist id="time-zones">
          {Intl.supportedValuesOf("timeZone").map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
        <TextField
          label="Last day"
          type="date"
          required={false}
          value={until}
          onChange={(event) => setUntil(event.target.value)}
          error={error("until")}
        />
        <Choice
          label="Runs that were missed"
          options={options(missedWords)}
          value={missed}
          onChange={setMissed}
          error={error("missed")}
        />
        <section aria-label="Due times">
          <h3>Will be due</h3>
          {due.length === 0 ? (
            <p className="muted">{first ? "Never: all times are past, or after the last day." : "Choose the first time."}</p>
          ) : (
            <ol className="due-times">
              {due.map((time) => (
                <li key={time}>{formatDue(time)}</li>
              ))}
            </ol>
          )}
        </section>
        <Refusals refusals={otherRefusals(schedule.refusals, fields)} />
        <FailureNotice failure={schedule.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={schedule.busy}>
            Save the schedule
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
