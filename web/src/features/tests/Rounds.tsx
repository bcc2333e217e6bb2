import { useState } from "react";
import { Button } from "@/components/Button";
import type { Side } from "@/gql/graphql";
import { EvidenceSide } from "./evidence/EvidenceSide";
import type { Chosen } from "./evidence/StagedFiles";
import { usePastedFiles } from "./evidence/usePastedFiles";
import { useUploads } from "./evidence/useUploads";
import type { Round, TestDetail } from "./operations";
import { AttackForm, DetectionForm } from "./RecordForms";
import { RoundCard, type SideParts } from "./RoundCard";
import { SideClock } from "./SideClock";
import type { Opened } from "./StoryHead";

const nothing: Record<Side, readonly Chosen[]> = { RED: [], BLUE: [] };

/** The chapters, with all that is added to the last one. */
export function Rounds({
  test,
  asOf,
  open,
  busy,
  onTake,
  onClose,
  onDone,
  onChanged,
}: {
  test: TestDetail;
  asOf: string | undefined;
  open: Opened | null;
  busy: boolean;
  onTake: (action: Opened) => void;
  onClose: () => void;
  onDone: () => void;
  onChanged: () => void;
}) {
  const actions = new Set(asOf ? [] : test.availableActions);
  const { queue, items } = useUploads(test.id, onChanged);
  const [staged, setStaged] = useState(nothing);
  const mayAdd = (side: Side) => actions.has(side === "RED" ? "ADD_RED_EVIDENCE" : "ADD_BLUE_EVIDENCE");
  const stage = (side: Side, files: readonly Chosen[]) =>
    setStaged((before) => ({ ...before, [side]: [...before[side], ...files] }));

  // An admin may add to both sides: a paste goes to the one at work.
  const openSides: Side[] = (["RED", "BLUE"] as const).filter(mayAdd);
  const pasteSide = openSides.length > 1 && test.state === "BLUE_EVALUATING" ? "BLUE" : openSides[0];
  usePastedFiles(pasteSide !== undefined, (files) => {
    if (pasteSide) stage(pasteSide, files);
  });

  const parts = (side: Side, round: Round, current: boolean): SideParts => {
    const red = side === "RED";
    const clock = red ? round.executionClock : round.evaluationClock;
    const adding = current && mayAdd(side);
    const form = { test, round, onClose, onDone };
    return {
      form:
        current && open === (red ? "RECORD_ATTACK" : "RECORD_DETECTION") ? (
          red ? (
            <AttackForm {...form} />
          ) : (
            <DetectionForm {...form} />
          )
        ) : undefined,
      clock: clock && (
        <SideClock
          clock={clock}
          asOf={asOf}
          actions={current && !clock.endedAt && <ClockActions actions={actions} busy={busy} onTake={onTake} />}
        />
      ),
      evidence: (
        <EvidenceSide
          side={side}
          files={round.evidence.filter((file) => file.side === side)}
          version={test.version}
          open={adding}
          queue={queue}
          uploads={current ? items : []}
          staged={adding ? staged[side] : []}
          onStaged={(files) => setStaged((before) => ({ ...before, [side]: files }))}
          onChanged={onChanged}
        />
      ),
      onFiles: adding
        ? (files) =>
            stage(
              side,
              files.map((file) => ({ file, name: file.name, caption: "" })),
            )
        : undefined,
    };
  };

  return (
    <div className="rounds">
      {test.rounds.map((round, index) => {
        const current = index === test.rounds.length - 1;
        return (
          <RoundCard
            key={round.number}
            round={round}
            current={current}
            pendingVotes={test.pendingVotes}
            parts={(side) => parts(side, round, current)}
          />
        );
      })}
    </div>
  );
}

function ClockActions({
  actions,
  busy,
  onTake,
}: {
  actions: ReadonlySet<string>;
  busy: boolean;
  onTake: (action: Opened) => void;
}) {
  if (actions.has("PAUSE_WORK")) {
    return (
      <Button icon="pause" onClick={() => onTake("PAUSE_WORK")}>
        Pause
      </Button>
    );
  }
  if (!actions.has("RESUME_WORK")) return null;
  return (
    <Button icon="play" busy={busy} onClick={() => onTake("RESUME_WORK")}>
      Resume
    </Button>
  );
}
