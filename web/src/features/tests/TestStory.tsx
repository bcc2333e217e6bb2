import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { Instant } from "@/components/Instant";
import { FailureNotice, Refusals } from "@/components/Notices";
import { StateBadge, StatusMark } from "@/components/Status";
import type { TestAction } from "@/gql/graphql";
import { formatDay } from "@/time";
import {
  startExecutionDocument,
  submitEvaluationDocument,
  submitExecutionDocument,
  type TestDetail,
} from "./operations";
import { AttackForm, DetectionForm } from "./RecordForms";
import { ReopenDialog, VoteDialog } from "./ReviewForms";
import { ReviseTestDialog } from "./ReviseTestDialog";
import { RoundCard } from "./RoundCard";
import { stepsOf, waitingFor } from "./steps";
import { Timeline } from "./Timeline";

export function TestStory({
  test,
  asOf,
  onChanged,
}: {
  test: TestDetail;
  asOf: string | undefined;
  onChanged: () => Promise<unknown>;
}) {
  const [open, setOpen] = useState<TestAction | null>(null);
  const start = useCommand(startExecutionDocument);
  const submitExecution = useCommand(submitExecutionDocument);
  const submitEvaluation = useCommand(submitEvaluationDocument);
  const direct = [start, submitExecution, submitEvaluation];

  const { primary, others } = asOf ? { primary: null, others: [] } : stepsOf(test);
  const close = () => setOpen(null);
  const done = () => {
    close();
    void onChanged();
  };
  const take = async (action: TestAction) => {
    for (const command of direct) command.reset();
    const input = { id: test.id, expectedVersion: test.version };
    switch (action) {
      case "START_EXECUTION":
        await start.submit(input);
        break;
      case "SUBMIT_EXECUTION":
        await submitExecution.submit(input);
        break;
      case "SUBMIT_EVALUATION":
        await submitEvaluation.submit(input);
        break;
      case "REVISE":
      case "RECORD_ATTACK":
      case "RECORD_DETECTION":
      case "VOTE_RED":
      case "VOTE_BLUE":
      case "REOPEN":
        setOpen(action);
        return;
    }
    await onChanged();
  };

  const busy = direct.some((command) => command.busy);
  const waiting = waitingFor(test.state, test.pendingVotes);
  const form = { test, onClose: close, onDone: done };
  return (
    <article className="story">
      <header className="page-head">
        <div>
          <p className="crumb">
            {test.technique ? (
              <Link to="/techniques/$attackId" params={{ attackId: test.technique.attackId }}>
                <StatusMark status={test.technique.coverage.status} /> {test.technique.attackId} {test.technique.name}
              </Link>
            ) : (
              <span className="muted">{test.draftedAttackId}, not part of the imported ATT&amp;CK release</span>
            )}
            {test.draftedAgainst && (
              <span className="muted">
                {" "}
                drafted on {test.draftedAgainst.attackId} {test.draftedAgainst.name}, revoked since
              </span>
            )}
          </p>
          <h1>
            <span className="attack-id">#{test.number}</span> {test.title}
          </h1>
          <p className="story-state" data-testid="test-state" data-state={test.state}>
            <StateBadge state={test.state} />
            {waiting && <span className="muted">{waiting}</span>}
          </p>
        </div>
        <div className="page-actions" role="group" aria-label="Actions">
          {others.map((step) => (
            <Button key={step.action} onClick={() => void take(step.action)} disabled={open === step.action}>
              {step.label}
            </Button>
          ))}
          {primary && (
            <Button
              variant="primary"
              data-testid="primary-action"
              busy={busy}
              disabled={open === primary.action}
              onClick={() => void take(primary.action)}
            >
              {primary.label}
            </Button>
          )}
        </div>
      </header>
      {test.voteRefusal && !asOf && (
        <p className="notice" role="note">
          {test.voteRefusal}
        </p>
      )}
      {direct.map((command, index) => (
        <div key={index} className="story-problems">
          <Refusals refusals={command.refusals} />
          <FailureNotice failure={command.failure} />
        </div>
      ))}

      <About test={test} />

      <div className="rounds">
        {test.rounds.map((round, index) => {
          const current = index === test.rounds.length - 1;
          return (
            <RoundCard
              key={round.number}
              round={round}
              current={current}
              pendingVotes={test.pendingVotes}
              attackForm={current && open === "RECORD_ATTACK" ? <AttackForm {...form} round={round} /> : undefined}
              detectionForm={
                current && open === "RECORD_DETECTION" ? <DetectionForm {...form} round={round} /> : undefined
              }
            />
          );
        })}
      </div>

      <Timeline number={test.number} asOf={asOf} />

      {open === "REVISE" && <ReviseTestDialog {...form} />}
      {open === "VOTE_RED" && <VoteDialog {...form} side="RED" />}
      {open === "VOTE_BLUE" && <VoteDialog {...form} side="BLUE" />}
      {open === "REOPEN" && <ReopenDialog {...form} />}
    </article>
  );
}

function About({ test }: { test: TestDetail }) {
  return (
    <section className="about" aria-label="About this test">
      {(test.objective || test.description) && (
        <div className="about-text">
          {test.objective && <p className="prose about-objective">{test.objective}</p>}
          {test.description && <p className="prose">{test.description}</p>}
        </div>
      )}
      <dl className="facts about-facts">
        <dt>Assignee</dt>
        <dd>{test.assignee?.name ?? "Nobody"}</dd>
        {test.dueDate && (
          <>
            <dt>Due</dt>
            <dd>{formatDay(test.dueDate)}</dd>
          </>
        )}
        {test.targetEnvironment && (
          <>
            <dt>Environment</dt>
            <dd>{test.targetEnvironment}</dd>
          </>
        )}
        {test.platform && (
          <>
            <dt>Platform</dt>
            <dd>{test.platform}</dd>
          </>
        )}
        {test.tags.length > 0 && (
          <>
            <dt>Tags</dt>
            <dd className="tags">
              {test.tags.map((tag) => (
                <Link key={tag} to="/tests" search={{ tag }} className="tag">
                  {tag}
                </Link>
              ))}
            </dd>
          </>
        )}
        <dt>Drafted</dt>
        <dd>
          {test.createdBy.name}, <Instant at={test.createdAt} />
        </dd>
      </dl>
    </section>
  );
}
