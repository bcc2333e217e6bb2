import { Link } from "@tanstack/react-router";
import { may, useSession } from "@/api/session";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Menu } from "@/components/Menu";
import { StateBadge, StatusMark } from "@/components/Status";
import type { TestAction } from "@/gql/graphql";
import type { TestDetail } from "./operations";
import { stepsOf, waitingFor } from "./steps";

/** What can be opened on the page: the steps that ask for something first, and a copy. */
export type Opened = TestAction | "CLONE";

export function StoryHead({
  test,
  past,
  open,
  busy,
  onTake,
}: {
  test: TestDetail;
  past: boolean;
  open: Opened | null;
  busy: boolean;
  onTake: (action: Opened) => void;
}) {
  const { primary, others } = past ? { primary: null, others: [] } : stepsOf(test);
  const waiting = test.archived ? null : waitingFor(test.state, test.pendingVotes);
  return (
    <header className="page-head">
      <div>
        <Crumb test={test} />
        <h1>
          <span className="attack-id">#{test.number}</span> {test.title}
        </h1>
        <p className="story-state" data-testid="test-state" data-state={test.state}>
          <StateBadge state={test.state} />
          {test.archived && <span className="mark">Archived</span>}
          {test.paused && <span className="mark">Paused</span>}
          {waiting && <span className="muted">{waiting}</span>}
        </p>
      </div>
      <div className="page-actions" role="group" aria-label="Actions">
        {others.map((step) => (
          <Button key={step.action} onClick={() => onTake(step.action)} disabled={inPage(open, step.action)}>
            {step.label}
          </Button>
        ))}
        {primary && (
          <Button
            variant="primary"
            data-testid="primary-action"
            busy={busy}
            disabled={inPage(open, primary.action)}
            onClick={() => onTake(primary.action)}
          >
            {primary.label}
          </Button>
        )}
        {!past && <More test={test} onTake={onTake} />}
      </div>
    </header>
  );
}

/** Whether what this opens stands in the page already. A dialog leaves its button as it is, for the focus to come back to. */
function inPage(open: Opened | null, action: TestAction): boolean {
  return open === action && (action === "RECORD_ATTACK" || action === "RECORD_DETECTION");
}

/** What is done with a test as a whole, now and then. */
function More({ test, onTake }: { test: TestDetail; onTake: (action: Opened) => void }) {
  const session = useSession();
  const open = new Set(test.availableActions);
  const items = [
    ...(may(session, "cloneTest") ? [{ key: "clone", label: "Clone", onSelect: () => onTake("CLONE") }] : []),
    ...(open.has("CLASSIFY") ? [{ key: "classify", label: "Classify", onSelect: () => onTake("CLASSIFY") }] : []),
    ...(open.has("ARCHIVE") ? [{ key: "archive", label: "Archive", onSelect: () => onTake("ARCHIVE") }] : []),
  ];
  return items.length === 0 ? null : <Menu label="More" trigger={<Icon name="more" />} items={items} />;
}

function Crumb({ test }: { test: TestDetail }) {
  return (
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
  );
}
