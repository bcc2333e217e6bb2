import { type FormEvent, useState } from "react";
import { otherRefusals, refusalsFor, useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { TextField } from "@/components/Field";
import { FailureNotice, Refusals } from "@/components/Notices";
import { updateCampaignTestDocument } from "./commands";
import type { Campaign, PlannedTest } from "./operations";

/** What one test waits for at most. */
const limit = 20;

/** In which phase a test is, where in the order, and what it waits for. */
export function PlaceDialog({
  campaign,
  planned,
  test,
  onClose,
  onDone,
}: {
  campaign: Campaign;
  planned: PlannedTest;
  test: NonNullable<PlannedTest["test"]>;
  onClose: () => void;
  onDone: () => void;
}) {
  const update = useCommand(updateCampaignTestDocument);
  const [version] = useState(campaign.version);
  const [phase, setPhase] = useState(planned.phase ?? "");
  const [order, setOrder] = useState(String(planned.order));
  const [dependsOn, setDependsOn] = useState<readonly string[]>(planned.dependsOn.map((other) => other.id));
  const others = campaign.tests.flatMap((each) => (each.test && each.test.id !== test.id ? [each.test] : []));
  const submit = async () => {
    const input = { id: campaign.id, testId: test.id, phase: phase.trim() || null, order: Number(order), dependsOn };
    if (await update.submit({ ...input, dependsOn: [...dependsOn], expectedVersion: version })) onDone();
  };
  return (
    <Dialog title={`Place of #${test.number} ${test.title}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className="form-pair">
          <TextField
            label="Phase"
            required={false}
            value={phase}
            onChange={(event) => setPhase(event.target.value)}
            error={refusalsFor(update.refusals, "phase")}
          />
          <TextField
            label="Order"
            type="number"
            required
            step={1}
            value={order}
            onChange={(event) => setOrder(event.target.value)}
            error={refusalsFor(update.refusals, "order")}
          />
        </div>
        <fieldset className="field choice">
          <legend>Waits until these are validated</legend>
          {others.length === 0 ? (
            <p className="muted">It is the only test.</p>
          ) : (
            <ul className="choices" aria-label="Tests to wait for">
              {others.map((other) => (
                <li key={other.id}>
                  <label className="choice-line">
                    <input
                      type="checkbox"
                      checked={dependsOn.includes(other.id)}
                      disabled={!dependsOn.includes(other.id) && dependsOn.length >= limit}
                      onChange={(event) =>
                        setDependsOn(
                          event.target.checked ? [...dependsOn, other.id] : dependsOn.filter((id) => id !== other.id),
                        )
                      }
                    />
                    <span className="row-number">#{other.number}</span>
                    <span className="row-title">{other.title}</span>
                  </label>
                </li>
              ))}
            </ul>
          )}
        </fieldset>
        <Refusals refusals={otherRefusals(update.refusals, ["phase", "order"])} />
        <FailureNotice failure={update.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={update.busy}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
