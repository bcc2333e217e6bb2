import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { DetailRow, RowToggle } from "@/components/ExpandingRow";
import { Instant } from "@/components/Instant";
import { useRowKeys } from "@/components/useRowKeys";
import { EntryDetail } from "./EntryDetail";
import type { Entry } from "./operations";
import type { AuditSearch } from "./search";
import { kindOf, placeOf, shortId } from "./words";

const columns = 5;

/** Entries of the audit log, newest first; each opens into what is known of it. */
export function Entries({
  entries,
  label,
  onSearch,
}: {
  entries: readonly Entry[];
  label: string;
  /** Where what is shown can be narrowed down. */
  onSearch?: (change: AuditSearch) => void;
}) {
  const [open, setOpen] = useState<string | null>(null);
  const keys = useRowKeys<HTMLTableSectionElement>(".row-toggle");
  return (
    <table role="table" className="table table-stacked entries-table">
      <caption className="visually-hidden">{label}</caption>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">What</th>
          <th scope="col">Who</th>
          <th scope="col">About</th>
          <th scope="col">From</th>
        </tr>
      </thead>
      <tbody {...keys}>
        {entries.map((entry) => (
          <EntryRows
            key={entry.id}
            entry={entry}
            open={open === entry.id}
            onToggle={() => setOpen(open === entry.id ? null : entry.id)}
            {...(onSearch ? { onSearch } : {})}
          />
        ))}
      </tbody>
    </table>
  );
}

function EntryRows({
  entry,
  open,
  onToggle,
  onSearch,
}: {
  entry: Entry;
  open: boolean;
  onToggle: () => void;
  onSearch?: (change: AuditSearch) => void;
}) {
  const { actor } = entry;
  const id = `entry-${entry.id}`;
  const refused = entry.outcome === "REFUSED";
  return (
    <>
      <tr role="row" data-refused={refused || undefined}>
        <td role="cell" className="entry-when">
          <Instant at={entry.at} />
        </td>
        <th role="rowheader" scope="row" className="entry-what">
          <RowToggle open={open} controls={id} onToggle={onToggle}>
            {entry.summary}
          </RowToggle>
          {refused && <span className="mark mark-refused">Refused</span>}
        </th>
        <td role="cell" className="entry-who">
          {actor ? (
            <Link to="/audit/accounts/$id" params={{ id: actor.id }} title={`Timeline of ${actor.name}`}>
              {actor.name}
            </Link>
          ) : (
            <span className="muted">not signed in</span>
          )}
        </td>
        <td role="cell" className="entry-about">
          <AboutCell entry={entry} />
        </td>
        <td role="cell" className="entry-from">
          {entry.address ?? ""}
        </td>
      </tr>
      {open && (
        <DetailRow id={id} columns={columns}>
          <EntryDetail entry={entry} {...(onSearch ? { onSearch } : {})} />
        </DetailRow>
      )}
    </>
  );
}

/** The kind, leading to the page; which one it is shows its page, or the entry once it is open. */
function AboutCell({ entry }: { entry: Entry }) {
  if (!entry.entityType) return null;
  const words = kindOf(entry.entityType);
  const place = placeOf(entry.entityType);
  if (place) return <Link to={place}>{words}</Link>;
  if (!entry.entityId) return <>{words}</>;
  return (
    <>
      <Link to="/things/$id" params={{ id: entry.entityId }}>
        {words}
      </Link>{" "}
      {entry.entity && <span className="muted">{shortId(entry.entity)}</span>}
    </>
  );
}
