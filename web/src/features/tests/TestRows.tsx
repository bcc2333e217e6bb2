import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, useMemo } from "react";
import { may, useSession } from "@/api/session";
import { Instant } from "@/components/Instant";
import { classificationWords, detectionWords, StateBadge } from "@/components/Status";
import type { Outcome } from "@/components/BulkResults";
import { useRowKeys } from "@/components/useRowKeys";
import { type Selection, useSelection } from "@/components/useSelection";
import { formatDay, isPast } from "@/time";
import { BulkTests } from "./BulkTests";
import type { TestRow } from "./operations";

/** The list: up and down move between rows, Enter follows the link, `x` chooses, Escape lets go. */
export function TestRows({
  rows,
  past,
  onChanged,
  onOutcome,
}: {
  rows: readonly TestRow[];
  past: boolean;
  onChanged: () => void;
  onOutcome: (outcome: Outcome) => void;
}) {
  const { ref, onKeyDown: walk } = useRowKeys<HTMLUListElement>(".row", ".tests-page .search-box input");
  const choosable = may(useSession(), "bulkTests") && !past;
  const ids = useMemo(() => rows.map((row) => row.id), [rows]);
  const selection = useSelection(choosable ? ids : []);
  const onKeyDown = (event: KeyboardEvent) => {
    const id = (event.target as HTMLElement).closest<HTMLElement>("[data-id]")?.dataset.id;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (choosable && plain && id && event.key.toLowerCase() === "x") {
      event.preventDefault();
      selection.toggle(id, event.shiftKey);
    } else if (event.key === "Escape" && selection.chosen.length > 0) {
      event.preventDefault();
      selection.clear();
    } else walk(event);
  };
  return (
    <>
      <div className={`rows-head test-grid ${choosable ? "rows-head-choosable" : ""}`} aria-hidden="true">
        <span>Number</span>
        <span>Title</span>
        <span>Technique</span>
        <span>State</span>
        <span>Result</span>
        <span>Assignee</span>
        <span>Due</span>
        <span>Changed</span>
      </div>
      <ul
        ref={ref}
        onKeyDown={onKeyDown}
        className={choosable ? "rows rows-choosable" : "rows"}
        data-any={selection.chosen.length > 0 || undefined}
        aria-label="Tests"
      >
        {rows.map((test) => (
          <li key={test.id} data-id={test.id} data-chosen={selection.has(test.id) || undefined}>
            {choosable && <Box test={test} selection={selection} />}
            <Row test={test} />
          </li>
        ))}
      </ul>
      {choosable && (
        <BulkTests rows={rows.filter((row) => selection.has(row.id))} onClear={selection.clear} onChanged={onChanged} onOutcome={onOutcome} />
      )}
    </>
  );
}

function Box({ test, selection }: { test: TestRow; selection: Selection }) {
  return (
    <label className="row-check" title="Choose (x)">
      <input
        type="checkbox"
        // The row is in the tab order already, and `x` chooses it there.
        tabIndex={-1}
        aria-label={`Choose #${test.number}`}
        checked={selection.has(test.id)}
        onChange={(event) => selection.toggle(test.id, (event.nativeEvent as MouseEvent).shiftKey)}
      />
    </label>
  );
}

/** One test; `alone` where no heads stand above it. */
export function Row({ test, alone = false }: { test: TestRow; alone?: boolean }) {
  const late = test.dueDate != null && test.state !== "VALIDATED" && isPast(test.dueDate);
  return (
    <Link to="/tests/$number" params={{ number: String(test.number) }} className="row test-grid">
      <span className="row-number">#{test.number}</span>
      <span className="row-name">
        <span className="row-title">{test.title}</span>
        {test.paused && <span className="mark">Paused</span>}
        {test.archived && <span className="mark">Archived</span>}
        {(test.classification === "CONFIDENTIAL" || test.classification === "RESTRICTED") && (
          <span className="mark">{classificationWords[test.classification]}</span>
        )}
        <span className="row-tags">
          {test.tags.map((tag) => (
            <span key={tag} className="tag">
              {tag}
            </span>
          ))}
        </span>
      </span>
      <span className="row-technique" title={test.technique?.name}>
        <span className="attack-id">{test.technique?.attackId ?? test.draftedAttackId}</span> {test.technique?.name}
      </span>
      <span className="row-state">
        <StateBadge state={test.state} />
      </span>
      <span className="muted">{test.detectionResult ? detectionWords[test.detectionResult] : ""}</span>
      <span className="muted row-clip">{test.assignee?.name ?? ""}</span>
      <span className={late ? "overdue" : "muted"} title={late ? "Overdue" : undefined}>
        {test.dueDate ? `${alone ? "due " : ""}${formatDay(test.dueDate)}` : ""}
      </span>
      <span className="row-when">
        <Instant at={test.updatedAt} />
      </span>
    </Link>
  );
}
