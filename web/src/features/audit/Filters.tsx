import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { peopleQuery } from "@/api/people";
import { Button, Chip } from "@/components/Button";
import { Icon } from "@/components/Icon";
import type { AuditOutcome } from "@/gql/graphql";
import { ActionField } from "./ActionField";
import { isFiltered, whenWords } from "./filter";
import { programsQuery, thingQuery } from "./operations";
import { type AuditSearch, auditSearchKeys } from "./search";
import { nameOf } from "./things";
import { kindOf, kindWords, shortId } from "./words";
import { WhenDialog } from "./WhenDialog";

const outcomeChips: { outcome: AuditOutcome; label: string }[] = [
  { outcome: "REFUSED", label: "Refused" },
  { outcome: "ALLOWED", label: "Allowed" },
];

export const cleared = Object.fromEntries(auditSearchKeys.map((key) => [key, ""])) as AuditSearch;

/** Which entries are shown. */
export function Filters({ search, onSearch }: { search: AuditSearch; onSearch: (change: AuditSearch) => void }) {
  const [choosing, setChoosing] = useState(false);
  const when = whenWords(search);
  const outcome = search.outcome?.toUpperCase();
  const kinds = Object.keys(kindWords);
  return (
    <div className="filters" role="group" aria-label="Filters">
      {outcomeChips.map((chip) => (
        <Chip
          key={chip.outcome}
          pressed={outcome === chip.outcome}
          onClick={() => onSearch({ outcome: outcome === chip.outcome ? "" : chip.outcome.toLowerCase() })}
        >
          {chip.label}
        </Chip>
      ))}
      <span className="filters-line" aria-hidden="true" />
      <PersonFilter value={search.person ?? ""} onChange={(person) => onSearch({ person })} />
      <select
        className="input filter-select"
        aria-label="About what"
        data-on={search.kind ? true : undefined}
        value={search.kind ?? ""}
        onChange={(event) => onSearch({ kind: event.target.value, thing: "" })}
      >
        <option value="">About anything</option>
        {search.kind && !kinds.includes(search.kind) && <option value={search.kind}>{search.kind}</option>}
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {kindOf(kind)}
          </option>
        ))}
      </select>
      <ActionField value={search.action ?? ""} onChange={(action) => onSearch({ action })} />
      <button
        type="button"
        className="chip"
        aria-haspopup="dialog"
        aria-pressed={Boolean(search.from ?? search.to)}
        onClick={() => setChoosing(true)}
      >
        <Icon name="clock" size={14} /> {when}
      </button>
      {search.thing && (
        <Chip pressed onClick={() => onSearch({ thing: "" })}>
          Only <ThingName id={search.thing} /> <Icon name="close" size={12} />
        </Chip>
      )}
      {isFiltered(search) && (
        <Button variant="quiet" onClick={() => onSearch(cleared)}>
          Clear
        </Button>
      )}
      {choosing && (
        <WhenDialog
          from={search.from ?? ""}
          to={search.to ?? ""}
          onClose={() => setChoosing(false)}
          onChoose={(chosen) => {
            setChoosing(false);
            onSearch(chosen);
          }}
        />
      )}
    </div>
  );
}

/** By whom: somebody who has an account, or whoever the address names. */
function PersonFilter({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const people = useQuery(peopleQuery);
  const programs = useQuery(programsQuery);
  const listed = [...(people.data ?? []), ...(programs.data ?? [])].some((account) => account.id === value);
  const settled = !people.isPending && !programs.isPending;
  const other = useQuery({ ...thingQuery(value), enabled: value !== "" && settled && !listed });
  return (
    <select
      className="input filter-select audit-person"
      aria-label="By whom"
      data-on={value ? true : undefined}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">By anybody</option>
      {value && !listed && <option value={value}>{other.data ? nameOf(other.data) : "another account"}</option>}
      {people.data?.map((person) => (
        <option key={person.id} value={person.id}>
          {person.name}
        </option>
      ))}
      {programs.data && programs.data.length > 0 && (
        <optgroup label="Programs">
          {programs.data.map((program) => (
            <option key={program.id} value={program.id}>
              {program.name}
            </option>
          ))}
        </optgroup>
      )}
    </select>
  );
}

function ThingName({ id }: { id: string }) {
  const thing = useQuery(thingQuery(id));
  return <>{thing.data ? nameOf(thing.data) : shortId(id)}</>;
}
