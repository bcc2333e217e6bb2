import { type ReactNode, useState } from "react";
import { FailureNotice, Refusals } from "@/components/Notices";
import { About } from "./About";
import { Disputed } from "./Disputed";
import type { TestDetail } from "./operations";
import { ReopenDialog, VoteDialog } from "./ReviewForms";
import { ReviseTestDialog } from "./ReviseTestDialog";
import { Rounds } from "./Rounds";
import { type Opened, StoryHead } from "./StoryHead";
import { Timeline } from "./Timeline";
import { ArchiveDialog, ClassifyDialog, CloneDialog, PauseDialog } from "./UpkeepDialogs";
import { useDirectSteps } from "./useDirectSteps";

export function TestStory({
  test,
  asOf,
  onChanged,
  comments,
  chain,
}: {
  test: TestDetail;
  asOf: string | undefined;
  onChanged: () => Promise<unknown>;
  /** What people say about it. */
  comments?: ReactNode;
  /** What came before it and what follows from it. */
  chain?: ReactNode;
}) {
  const [open, setOpen] = useState<Opened | null>(null);
  const direct = useDirectSteps(test);
  const close = () => setOpen(null);
  const done = () => {
    close();
    void onChanged();
  };
  const take = async (action: Opened) => {
    if (action === "CLONE" || !(await direct.take(action))) setOpen(action);
    else await onChanged();
  };
  const form = { test, onClose: close, onDone: done };
  return (
    <article className="story">
      <StoryHead
        test={test}
        past={asOf !== undefined}
        open={open}
        busy={direct.busy}
        onTake={(action) => void take(action)}
      />
      {test.archived && (
        <p className="notice" role="note">
          This test is archived: {test.archiveReason?.replace(/\.$/, "") || "no reason was given"}. Nothing of it is lost; restored, it goes on
          where it stood.
        </p>
      )}
      {test.voteRefusal && !asOf && (
        <p className="notice" role="note">
          {test.voteRefusal}
        </p>
      )}
      <Disputed test={test} />
      {direct.commands.map((command, index) => (
        <div key={index} className="story-problems">
          <Refusals refusals={command.refusals} />
          <FailureNotice failure={command.failure} />
        </div>
      ))}

      <About test={test} />
      {chain}
      <Rounds
        test={test}
        asOf={asOf}
        open={open}
        busy={direct.busy}
        onTake={(action) => void take(action)}
        onClose={close}
        onDone={done}
        onChanged={() => void onChanged()}
      />
      {comments}
      <Timeline number={test.number} asOf={asOf} />

      {open === "REVISE" && <ReviseTestDialog {...form} />}
      {open === "VOTE_RED" && <VoteDialog {...form} side="RED" onChanged={onChanged} />}
      {open === "VOTE_BLUE" && <VoteDialog {...form} side="BLUE" onChanged={onChanged} />}
      {open === "REOPEN" && <ReopenDialog {...form} />}
      {open === "PAUSE_WORK" && <PauseDialog {...form} />}
      {open === "ARCHIVE" && <ArchiveDialog {...form} />}
      {open === "CLASSIFY" && <ClassifyDialog {...form} />}
      {open === "CLONE" && <CloneDialog {...form} />}
    </article>
  );
}
