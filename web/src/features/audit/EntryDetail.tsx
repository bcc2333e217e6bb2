import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "@/components/Button";
import { formatExact } from "@/time";
import { type Entry, thingQuery } from "./operations";
import type { AuditSearch } from "./search";
import { nameOf, wayTo } from "./things";
import { kindOf, placeOf, sourceWords } from "./words";

/** Everything that is known of an entry, and the ways on from it. */
export function EntryDetail({ entry, onSearch }: { entry: Entry; onSearch?: (change: AuditSearch) => void }) {
  const { actor } = entry;
  return (
    <div className="entry-detail">
      <dl className="facts">
        <dt>When</dt>
        <dd>{formatExact(entry.at)}</dd>
        <dt>Who</dt>
        <dd>
          {actor ? (
            <Link to="/audit/accounts/$id" params={{ id: actor.id }}>
              {actor.name}
            </Link>
          ) : (
            "Nobody who was signed in"
          )}
        </dd>
        {entry.nameHash && (
          <>
            <dt>Name tried</dt>
            <dd>
              <code>{entry.nameHash}</code> <span className="muted">a hash: the same name has the same</span>
            </dd>
          </>
        )}
        <dt>Action</dt>
        <dd>
          <code>{entry.action}</code>
        </dd>
        {entry.entityType && (
          <>
            <dt>About</dt>
            <dd>
              <About entry={entry} />
            </dd>
          </>
        )}
        {entry.detail && (
          <>
            <dt>Detail</dt>
            <dd>{entry.detail}</dd>
          </>
        )}
      </dl>
      <dl className="facts">
        <dt>Source</dt>
        <dd>{sourceWords[entry.source]}</dd>
        {entry.position != null && (
          <>
            <dt>Position</dt>
            <dd>{entry.position.toLocaleString("en")}</dd>
          </>
        )}
        {entry.address && (
          <>
            <dt>Address</dt>
            <dd>{entry.address}</dd>
          </>
        )}
        {entry.keyId && (
          <>
            <dt>Key</dt>
            <dd>
              <code>{entry.keyId}</code>
            </dd>
          </>
        )}
        {entry.correlation && (
          <>
            <dt>Correlation</dt>
            <dd>
              <code>{entry.correlation}</code>
            </dd>
          </>
        )}
        {entry.entity && (
          <>
            <dt>Recorded id</dt>
            <dd>
              <code>{entry.entity}</code>
            </dd>
          </>
        )}
      </dl>
      {onSearch && <Narrow entry={entry} onSearch={onSearch} />}
    </div>
  );
}

/** What it is about, by its name, leading to its page. */
function About({ entry }: { entry: Entry }) {
  const id = entry.entityId ?? null;
  const thing = useQuery({ ...thingQuery(id ?? ""), enabled: id !== null });
  const kind = kindOf(entry.entityType ?? "");
  const place = placeOf(entry.entityType);
  if (place) return <Link to={place}>{kind}</Link>;
  const way = thing.data ? wayTo(thing.data) : null;
  if (!thing.data || !way) return <>{thing.isFetching ? kind : `${kind}, which has no page any more`}</>;
  return (
    <>
      {kind} <Link {...way}>{nameOf(thing.data)}</Link>
    </>
  );
}

function Narrow({ entry, onSearch }: { entry: Entry; onSearch: (change: AuditSearch) => void }) {
  const { actor, entityType } = entry;
  const thing = entry.entityId ?? entry.entity;
  return (
    <div className="entry-narrow" role="group" aria-label="Show only">
      <span className="muted">Show only</span>
      <Button onClick={() => onSearch({ action: entry.action })}>this action</Button>
      {actor && <Button onClick={() => onSearch({ person: actor.id })}>by {actor.name}</Button>}
      {entityType && thing && (
        <Button onClick={() => onSearch({ kind: entityType, thing })}>about this {kindOf(entityType).toLowerCase()}</Button>
      )}
    </div>
  );
}
