import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useCommand } from "@/api/command";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Menu } from "@/components/Menu";
import { FailureNotice, Refusals } from "@/components/Notices";
import { detectionWords, StateBadge } from "@/components/Status";
import { useRowKeys } from "@/components/useRowKeys";
import { AddTestsDialog } from "./AddTestsDialog";
import { moveCampaignTestDocument, removeCampaignTestDocument } from "./commands";
import type { Campaign, PlannedTest } from "./operations";
import { phasesOf, placeBeside } from "./phases";
import { PlaceDialog } from "./PlaceDialog";

/** The tests of a campaign, phase by phase, and their arranging while it is a draft. */
export function Plan({
  campaign,
  arranging,
  onChanged,
}: {
  campaign: Campaign;
  arranging: boolean;
  onChanged: () => void;
}) {
  const keys = useRowKeys<HTMLDivElement>(".row");
  const move = useCommand(moveCampaignTestDocument);
  const remove = useCommand(removeCampaignTestDocument);
  const [open, setOpen] = useState<"add" | PlannedTest | null>(null);
  const phases = phasesOf(campaign.tests);
  const done = () => {
    setOpen(null);
    onChanged();
  };
  const shift = async (tests: readonly PlannedTest[], at: number, step: -1 | 1) => {
    remove.reset();
    const test = tests[at]?.test;
    const place = placeBeside(campaign.tests, tests, at, step);
    if (test && place)
      await move.submit({ id: campaign.id, testId: test.id, place, expectedVersion: campaign.version });
    onChanged();
  };
  const letGo = async (test: PlannedTest["test"]) => {
    move.reset();
    if (test) await remove.submit({ id: campaign.id, testId: test.id, expectedVersion: campaign.version });
    onChanged();
  };
  return (
    <section aria-labelledby="campaign-tests">
      <div className="section-head">
        <h2 id="campaign-tests">
          Tests <span className="count">{campaign.tests.length}</span>
        </h2>
        {arranging && (
          <Button icon="plus" onClick={() => setOpen("add")}>
            Add tests
          </Button>
        )}
      </div>
      {[move, remove].map((command, index) => (
        <div key={index} className="story-problems">
          <Refusals refusals={command.refusals} />
          <FailureNotice failure={command.failure} />
        </div>
      ))}
      {campaign.tests.length === 0 && (
        <p className="muted">
          No tests yet. {arranging ? "Add some; a campaign takes at least one to begin." : "Its plan was left empty."}
        </p>
      )}
      <div {...keys}>
        {phases.map((phase) => (
          <div key={phase.name} className="phase" role="group" aria-label={phase.name || "Without a phase"}>
            {(phase.name || phases.length > 1) && <h3>{phase.name || <span className="muted">Without a phase</span>}</h3>}
            <ul className="rows">
              {phase.tests.map((each, at) => (
                <li key={each.test?.id ?? at} className="plan-line">
                  <PlanRow planned={each} />
                  {arranging && each.test && (
                    <Menu
                      label={`Arrange #${each.test.number}`}
                      trigger={<Icon name="more" />}
                      items={[
                        { key: "place", label: "Phase and dependencies", onSelect: () => setOpen(each) },
                        ...(at > 0
                          ? [{ key: "up", label: "Move up", onSelect: () => void shift(phase.tests, at, -1) }]
                          : []),
                        ...(at < phase.tests.length - 1
                          ? [{ key: "down", label: "Move down", onSelect: () => void shift(phase.tests, at, 1) }]
                          : []),
                        { key: "remove", label: "Take out", divided: true, onSelect: () => void letGo(each.test) },
                      ]}
                    />
                  )}
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
      {open === "add" && <AddTestsDialog campaign={campaign} onClose={() => setOpen(null)} onDone={done} />}
      {open !== null && open !== "add" && open.test && (
        <PlaceDialog campaign={campaign} planned={open} test={open.test} onClose={() => setOpen(null)} onDone={done} />
      )}
    </section>
  );
}

function PlanRow({ planned }: { planned: PlannedTest }) {
  const { test, dependsOn } = planned;
  if (!test) return <span className="row muted">A test that is being made</span>;
  return (
    <Link to="/tests/$number" params={{ number: String(test.number) }} className="row plan-grid">
      <span className="row-number">#{test.number}</span>
      <span className="row-title">{test.title}</span>
      <span className="row-technique" title={test.technique?.name}>
        <span className="attack-id">{test.technique?.attackId ?? test.draftedAttackId}</span> {test.technique?.name}
      </span>
      <span className="muted row-clip">
        {dependsOn.length > 0 && `waits for ${dependsOn.map((other) => `#${other.number}`).join(", ")}`}
      </span>
      <StateBadge state={test.state} />
      <span className="muted">{test.detectionResult ? detectionWords[test.detectionResult] : ""}</span>
      <span className="muted row-clip">{test.assignee?.name ?? ""}</span>
    </Link>
  );
}
