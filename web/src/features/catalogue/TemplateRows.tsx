import { type KeyboardEvent, useMemo } from "react";
import { may, useSession } from "@/api/session";
import type { Outcome } from "@/components/BulkResults";
import { useRowKeys } from "@/components/useRowKeys";
import { useSelection } from "@/components/useSelection";
import { sourceTitle } from "@/sources";
import { BulkTemplates } from "./BulkTemplates";
import type { TemplateRow } from "./operations";
import { Severity } from "./words";

/** The list: up and down move, Enter shows the whole template beside, `x` chooses. */
export function TemplateRows({
  rows,
  past,
  shown,
  onShow,
  onChanged,
  onOutcome,
}: {
  rows: readonly TemplateRow[];
  past: boolean;
  shown: string | undefined;
  onShow: (id: string) => void;
  onChanged: () => void;
  onOutcome: (outcome: Outcome) => void;
}) {
  const session = useSession();
  const { ref, onKeyDown: walk } = useRowKeys<HTMLUListElement>(".row", ".catalogue-page .search-box input");
  const choosable = !past && (may(session, "setTemplatesActive") || may(session, "draftTestsFromTemplates"));
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
      <div className={`rows-head template-grid ${choosable ? "rows-head-choosable" : ""}`} aria-hidden="true">
        <span>Name</span>
        <span>Technique</span>
        <span>Severity</span>
        <span>Platforms</span>
        <span>Source</span>
        <span>Tests</span>
      </div>
      <ul
        ref={ref}
        onKeyDown={onKeyDown}
        className={choosable ? "rows rows-choosable" : "rows"}
        data-any={selection.chosen.length > 0 || undefined}
        aria-label="Templates"
      >
        {rows.map((template) => (
          <li key={template.id} data-id={template.id} data-chosen={selection.has(template.id) || undefined}>
            {choosable && (
              <label className="row-check" title="Choose (x)">
                <input
                  type="checkbox"
                  tabIndex={-1}
                  aria-label={`Choose ${template.name}`}
                  checked={selection.has(template.id)}
                  onChange={(event) => selection.toggle(template.id, (event.nativeEvent as MouseEvent).shiftKey)}
                />
              </label>
            )}
            <button
              type="button"
              className="row template-grid"
              aria-current={template.id === shown || undefined}
              data-off={!template.active || undefined}
              onClick={() => onShow(template.id)}
            >
              <span className="row-name">
                <span className="row-title">{template.name}</span>
                {template.retired ? (
                  <span className="mark">Retired</span>
                ) : (
                  !template.active && <span className="mark">Inactive</span>
                )}
              </span>
              <span className="row-technique" title={template.technique?.name}>
                <span className="attack-id">{template.technique?.attackId ?? template.attackId}</span>{" "}
                {template.technique?.name}
              </span>
              <Severity value={template.severity} />
              <span className="muted row-clip">{template.platforms.join(", ")}</span>
              <span className="muted row-clip">{sourceTitle(template.source)}</span>
              <span className="number">{template.uses > 0 ? template.uses.toLocaleString("en") : ""}</span>
            </button>
          </li>
        ))}
      </ul>
      {choosable && (
        <BulkTemplates rows={rows.filter((row) => selection.has(row.id))} onClear={selection.clear} onChanged={onChanged} onOutcome={onOutcome} />
      )}
    </>
  );
}
