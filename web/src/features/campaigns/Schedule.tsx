import { useState } from "react";
import { useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Instant } from "@/components/Instant";
import type { CampaignAction } from "@/gql/graphql";
import { formatDay } from "@/time";
import { unscheduleCampaignDocument } from "./commands";
import type { Campaign } from "./operations";
import { ScheduleDialog } from "./ScheduleDialog";
import { everyWords, formatDue, missedWords } from "./words";

/** When the campaign runs again, and the next times. */
export function Schedule({
  campaign,
  open,
  onChanged,
}: {
  campaign: Campaign;
  open: ReadonlySet<CampaignAction>;
  onChanged: () => void;
}) {
  const end = useCommand(unscheduleCampaignDocument);
  const [scheduling, setScheduling] = useState(false);
  const [ending, setEnding] = useState(false);
  const { schedule } = campaign;
  // A run does not run again by itself, so an empty schedule says nothing there.
  if (!schedule && !open.has("SCHEDULE")) return null;
  const unschedule = async () => {
    if (await end.submit({ id: campaign.id, expectedVersion: campaign.version })) setEnding(false);
    onChanged();
  };
  return (
    <section aria-labelledby="campaign-schedule">
      <div className="section-head">
        <h2 id="campaign-schedule">Schedule</h2>
        {open.has("SCHEDULE") && (
          <Button onClick={() => setScheduling(true)}>{schedule ? "Change the schedule" : "Let it run again"}</Button>
        )}
        {open.has("UNSCHEDULE") && (
          <Button onClick={() => setEnding(true)}>End the schedule</Button>
        )}
      </div>
      {ending && (
        <ConfirmDialog
          title="End the schedule"
          submitLabel="End it"
          command={end}
          onClose={() => setEnding(false)}
          onSubmit={unschedule}
        >
          It runs no more by itself. Runs that were made stay.
        </ConfirmDialog>
      )}
      {schedule ? (
        <div className="schedule">
          <dl className="facts">
            <dt>Runs</dt>
            <dd>
              {everyWords[schedule.every].toLowerCase()}, first {formatDue(schedule.first)}
            </dd>
            <dt>Time zone</dt>
            <dd>{schedule.timeZone}</dd>
            <dt>Last day</dt>
            <dd>{schedule.until ? formatDay(schedule.until) : "without end"}</dd>
            <dt>Missed runs</dt>
            <dd>{missedWords[schedule.missed]}</dd>
            <dt>Set by</dt>
            <dd>{schedule.scheduledBy.name}</dd>
          </dl>
          <div>
            <h3>Next</h3>
            {schedule.upcoming.length === 0 ? (
              <p className="muted">No more: the schedule is over.</p>
            ) : (
              <ol className="due-times" data-testid="due-times">
                {schedule.upcoming.map((time) => (
                  <li key={time.due}>
                    {formatDue(time.due)}
                    <span className="muted">
                      <Instant at={time.dueAt} relative />
                    </span>
                  </li>
                ))}
              </ol>
            )}
          </div>
        </div>
      ) : (
        <p className="muted">It runs once. With a schedule each due run becomes a campaign of its own with fresh drafts.</p>
      )}
      {scheduling && (
        <ScheduleDialog
          campaign={campaign}
          onClose={() => setScheduling(false)}
          onDone={() => {
            setScheduling(false);
            onChanged();
          }}
        />
      )}
    </section>
  );
}
