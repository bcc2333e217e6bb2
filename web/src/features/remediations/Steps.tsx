import { useState } from "react";
import { useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Icon } from "@/components/Icon";
import { Menu } from "@/components/Menu";
import { FailureNotice, Refusals } from "@/components/Notices";
import type { RemediationAction, StepStatus } from "@/gql/graphql";
import { completeRemediationStepDocument, removeRemediationStepDocument, updateRemediationStepDocument } from "./commands";
import type { Remediation, Step } from "./operations";
import { StepDialog } from "./StepDialog";
import { stepWords } from "./words";

/** What is to be done, one after the other; a box ticks a step off. */
export function Steps({
  remediation,
  open,
  onChanged,
}: {
  remediation: Remediation;
  open: ReadonlySet<RemediationAction>;
  onChanged: () => Promise<unknown>;
}) {
  const tick = useCommand(completeRemediationStepDocument);
  const update = useCommand(updateRemediationStepDocument);
  const remove = useCommand(removeRemediationStepDocument);
  const commands = [tick, update, remove];
  // A box shows at once what was asked for, until the page knows what became of it.
  const [asked, setAsked] = useState<{ stepId: string; done: boolean } | null>(null);
  const [editing, setEditing] = useState<Step | "new" | null>(null);
  const changing = open.has("CHANGE_STEPS");
  const done = remediation.steps.filter((step) => step.status === "DONE").length;
  const of = (step: Step) => ({ id: remediation.id, stepId: step.stepId });
  const [removing, setRemoving] = useState<Step | null>(null);
  const reset = () => {
    for (const command of commands) command.reset();
  };
  const set = async (step: Step, status: StepStatus) => {
    reset();
    setAsked({ stepId: step.stepId, done: status === "DONE" });
    if (status === "DONE") await tick.submit(of(step));
    else await update.submit({ ...of(step), status });
    await onChanged();
    setAsked(null);
  };
  const take = async (step: Step) => {
    reset();
    if (await remove.submit(of(step))) setRemoving(null);
    await onChanged();
  };
  return (
    <section aria-labelledby="remediation-steps">
      <div className="section-head">
        <h2 id="remediation-steps">
          Steps{" "}
          <span className="count">
            {remediation.steps.length > 0 ? `${done} of ${remediation.steps.length}` : ""}
          </span>
        </h2>
        {open.has("ADD_STEP") && (
          <Button icon="plus" onClick={() => setEditing("new")}>
            Add a step
          </Button>
        )}
      </div>
      {[tick, update].map((command, index) => (
        <div key={index} className="story-problems">
          <Refusals refusals={command.refusals} />
          <FailureNotice failure={command.failure} />
        </div>
      ))}
      {remediation.steps.length === 0 ? (
        <p className="muted">No steps. {open.has("ADD_STEP") && "Add what is to be done, or complete it as a whole."}</p>
      ) : (
        <ol className="steps">
          {remediation.steps.map((step) => (
            <li key={step.stepId} className="step" data-status={step.status} data-testid="step">
              <input
                type="checkbox"
                aria-label={`${step.title} is done`}
                checked={asked?.stepId === step.stepId ? asked.done : step.status === "DONE"}
                disabled={!changing}
                onChange={(event) => void set(step, event.target.checked ? "DONE" : "TODO")}
              />
              <div>
                <p className="step-title">{step.title}</p>
                {step.notes && <p className="prose muted">{step.notes}</p>}
              </div>
              <span className="muted">{step.owner?.name ?? ""}</span>
              <span className="step-status">{stepWords[step.status]}</span>
              {changing && (
                <Menu
                  label={`Actions for ${step.title}`}
                  trigger={<Icon name="more" />}
                  items={[
                    ...(step.status === "TODO"
                      ? [{ key: "doing", label: "Begin", onSelect: () => void set(step, "DOING") }]
                      : []),
                    { key: "edit", label: "Edit", onSelect: () => setEditing(step) },
                    { key: "remove", label: "Take away", divided: true, onSelect: () => setRemoving(step) },
                  ]}
                />
              )}
            </li>
          ))}
        </ol>
      )}
      {changing && done < remediation.steps.length && (
        <p className="muted">It can be completed once every step is done.</p>
      )}
      {removing && (
        <ConfirmDialog
          title="Take the step away"
          submitLabel="Take away"
          command={remove}
          onClose={() => setRemoving(null)}
          onSubmit={() => take(removing)}
        >
          {removing.title}
        </ConfirmDialog>
      )}
      {editing && (
        <StepDialog
          remediation={remediation}
          step={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onDone={() => {
            setEditing(null);
            void onChanged();
          }}
        />
      )}
    </section>
  );
}
