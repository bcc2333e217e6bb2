import { useRef, useState } from "react";
import { newId } from "@/api/ids";
import { Button, IconButton } from "@/components/Button";
import { roles } from "@/components/RoleField";
import { roleWords } from "@/components/Status";
import type { Role } from "@/gql/graphql";
import { moved } from "./accessChanges";

export interface GroupRow {
  /** Tells rows apart while their texts change. */
  key: string;
  group: string;
  role: Role;
}

/** Which groups stand for which roles, in the order in which they decide. */
export function Groups({ rows, onChange }: { rows: readonly GroupRow[]; onChange: (rows: GroupRow[]) => void }) {
  const list = useRef<HTMLOListElement>(null);
  const add = useRef<HTMLButtonElement>(null);
  const [said, setSaid] = useState("");
  const change = (index: number, part: Partial<GroupRow>) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  // What is moved or taken away takes its button along; the focus stays at hand.
  const focusOn = (index: number, part: string) =>
    requestAnimationFrame(() => {
      const row = list.current?.children[index];
      (row?.querySelector<HTMLElement>(`[data-part=${part}]:not(:disabled)`) ??
        row?.querySelector<HTMLElement>("input") ??
        add.current)?.focus();
    });
  const move = (index: number, by: 1 | -1) => {
    onChange(moved(rows, index, by));
    setSaid(`${rows[index]?.group || "The group"} is now number ${index + by + 1}.`);
    focusOn(index + by, by === 1 ? "down" : "up");
  };
  return (
    <>
      {rows.length === 0 && <p className="muted">No group is mapped.</p>}
      <ol className="access-groups" ref={list} aria-label="Groups in order">
        {rows.map((row, index) => {
          const name = row.group || `group ${index + 1}`;
          return (
            <li key={row.key}>
              <span className="access-order">{index + 1}</span>
              <input
                className="input"
                type="text"
                aria-label={`Group ${index + 1}`}
                placeholder="As the provider writes it"
                required
                maxLength={200}
                spellCheck={false}
                autoComplete="off"
                value={row.group}
                onChange={(event) => change(index, { group: event.target.value })}
              />
              <select
                className="input"
                aria-label={`Role of ${name}`}
                value={row.role}
                onChange={(event) => change(index, { role: event.target.value as Role })}
              >
                {roles.map((role) => (
                  <option key={role} value={role}>
                    {roleWords[role]}
                  </option>
                ))}
              </select>
              <IconButton
                label={`Move ${name} up`}
                icon="up"
                data-part="up"
                disabled={index === 0}
                onClick={() => move(index, -1)}
              />
              <IconButton
                label={`Move ${name} down`}
                icon="down"
                data-part="down"
                disabled={index === rows.length - 1}
                onClick={() => move(index, 1)}
              />
              <IconButton
                label={`Remove ${name}`}
                icon="trash"
                data-part="remove"
                onClick={() => {
                  onChange(rows.filter((_, at) => at !== index));
                  focusOn(Math.min(index, rows.length - 2), "remove");
                }}
              />
            </li>
          );
        })}
      </ol>
      <div>
        <Button
          ref={add}
          icon="plus"
          onClick={() => {
            onChange([...rows, { key: newId(), group: "", role: "VIEWER" }]);
            focusOn(rows.length, "none");
          }}
        >
          Add a group
        </Button>
      </div>
      <span role="status" className="visually-hidden">
        {said}
      </span>
    </>
  );
}
