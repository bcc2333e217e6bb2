import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { otherRefusals, refusalsFor, useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { TextField } from "@/components/Field";
import { ErrorNotice, FailureNotice, Refusals, Skeleton } from "@/components/Notices";
import { SearchField } from "@/components/SearchField";
import { StateBadge } from "@/components/Status";
import { addCampaignTestDocument } from "./commands";
import { type Campaign, testChoicesQuery } from "./operations";

/** Tests of one request. */
const limit = 500;

/** Takes tests into the plan, each after the others, all into one phase. */
export function AddTestsDialog({
  campaign,
  onClose,
  onDone,
}: {
  campaign: Campaign;
  onClose: () => void;
  onDone: () => void;
}) {
  const add = useCommand(addCampaignTestDocument);
  const [search, setSearch] = useState("");
  const [phase, setPhase] = useState("");
  const [inTurn, setInTurn] = useState(false);
  // In the order they were chosen: that is the order they are taken in.
  const [chosen, setChosen] = useState<readonly { id: string; number: number }[]>([]);
  const query = useQuery({ ...testChoicesQuery(search), placeholderData: (before) => before });
  const inside = new Set(campaign.tests.map((each) => each.test?.id));
  const choices = (query.data ?? []).filter((test) => !inside.has(test.id));
  const phases = [...new Set(campaign.tests.flatMap((each) => (each.phase ? [each.phase] : [])))];
  const submit = async () => {
    const tests = chosen.map((test, index) => {
      const before = chosen[index - 1];
      return {
        testId: test.id,
        phase: phase.trim() || null,
        ...(inTurn && before ? { dependsOn: [before.id] } : {}),
      };
    });
    if (await add.submit({ id: campaign.id, tests, expectedVersion: campaign.version })) onDone();
  };
  return (
    <Dialog title="Add tests" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (chosen.length > 0) void submit();
        }}
      >
        <SearchField label="Search tests" placeholder="Title, technique or #number" value={search} onChange={setSearch} />
        {query.isError ? (
          <ErrorNotice doing="Looking for tests" error={query.error} onRetry={() => void query.refetch()} />
        ) : query.isPending ? (
          <Skeleton rows={4} label="Looking for tests" />
        ) : choices.length === 0 ? (
          <p className="muted">{search ? "No other test fits." : "There are no other tests."}</p>
        ) : (
          <ul className="choices" aria-label="Tests to choose from">
            {choices.map((test) => {
              const at = chosen.findIndex((each) => each.id === test.id);
              return (
                <li key={test.id}>
                  <label className="choice-line">
                    <input
                      type="checkbox"
                      checked={at >= 0}
                      disabled={at < 0 && chosen.length >= limit}
                      onChange={() => setChosen(at >= 0 ? chosen.filter((each) => each.id !== test.id) : [...chosen, test])}
                    />
                    <span className="row-number">#{test.number}</span>
                    <span className="row-title">{test.title}</span>
                    <span className="attack-id">{test.draftedAttackId}</span>
                    <StateBadge state={test.state} />
                  </label>
                </li>
              );
            })}
          </ul>
        )}
        {chosen.length > 0 && (
          <p className="muted">In this order: {chosen.map((test) => `#${test.number}`).join(", ")}</p>
        )}
        <TextField
          label="Phase"
          required={false}
          list="campaign-phases"
          value={phase}
          onChange={(event) => setPhase(event.target.value)}
          error={refusalsFor(add.refusals, "phase")}
        />
        <datalist id="campaign-phases">
          {phases.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <label className="check-line">
          <input type="checkbox" checked={inTurn} onChange={(event) => setInTurn(event.target.checked)} />
          Each waits for the one before it
        </label>
        <Refusals refusals={otherRefusals(add.refusals, ["phase"])} />
        <FailureNotice failure={add.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={add.busy} disabled={chosen.length === 0}>
            {chosen.length > 1 ? `Add ${chosen.length} tests` : "Add test"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
