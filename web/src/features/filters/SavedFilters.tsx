import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { otherRefusals, refusalsFor, useSetting } from "@/api/command";
import { may, useSession } from "@/api/session";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { TextField } from "@/components/Field";
import { Icon } from "@/components/Icon";
import { Menu } from "@/components/Menu";
import { FailureNotice, Refusals } from "@/components/Notices";
import { queryOf, searchOf } from "./address";
import { deleteSavedFilterDocument, type SavedFilter, saveFilterDocument, savedFiltersQuery } from "./operations";
import "./filters.css";

/** One's own views of a list: kept filters, and keeping the present ones. */
export function SavedFilters({
  page,
  keys,
  search,
  onSearch,
}: {
  /** The page they belong to, by its path. */
  page: string;
  /** What filters the page's address knows. */
  keys: readonly string[];
  search: Record<string, string | undefined>;
  onSearch: (change: Record<string, string>) => void;
}) {
  const session = useSession();
  const [open, setOpen] = useState<"save" | "manage" | null>(null);
  const query = useQuery({ ...savedFiltersQuery, enabled: may(session, "savedFilters") });
  if (!may(session, "savedFilters")) return null;
  const filters = (query.data ?? []).filter((filter) => filter.page === page);
  const present = queryOf(search);
  const chosen = filters.find((filter) => filter.query === present);
  return (
    <>
      <Menu
        label="Saved filters"
        align="start"
        trigger={
          <>
            <Icon name="bookmark" size={14} /> {chosen?.name ?? "Views"} <Icon name="down" size={12} />
          </>
        }
        items={[
          ...filters.map((filter) => ({
            key: filter.id,
            label: filter.name,
            checked: filter.id === chosen?.id,
            onSelect: () => onSearch(searchOf(filter.query, keys)),
          })),
          ...(present !== "" && !chosen
            ? [{ key: "save", label: "Save these filters", divided: filters.length > 0, onSelect: () => setOpen("save") }]
            : []),
          ...(filters.length > 0
            ? [{ key: "manage", label: "Rename or delete", divided: true, onSelect: () => setOpen("manage") }]
            : []),
          ...(filters.length === 0 && present === ""
            ? [{ key: "none", label: "Set filters first, then save them here", onSelect: () => undefined }]
            : []),
        ]}
      />
      {open === "save" && <SaveDialog page={page} query={present} onClose={() => setOpen(null)} />}
      {open === "manage" && <ManageDialog filters={filters} onClose={() => setOpen(null)} />}
    </>
  );
}

function SaveDialog({ page, query, onClose }: { page: string; query: string; onClose: () => void }) {
  const queryClient = useQueryClient();
  const save = useSetting(saveFilterDocument);
  const [name, setName] = useState("");
  const submit = async () => {
    if (!(await save.submit({ page, name: name.trim(), query }))) return;
    await queryClient.invalidateQueries({ queryKey: savedFiltersQuery.queryKey });
    onClose();
  };
  return (
    <Dialog title="Save these filters" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextField
          label="Name"
          required
          value={name}
          hint="Only you see it. A name that you have used before is given to these filters."
          onChange={(event) => setName(event.target.value)}
          error={refusalsFor(save.refusals, "name")}
        />
        <Refusals refusals={otherRefusals(save.refusals, ["name"])} />
        <FailureNotice failure={save.failure} />
        <div className="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={save.busy}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function ManageDialog({ filters, onClose }: { filters: readonly SavedFilter[]; onClose: () => void }) {
  return (
    <Dialog title="Rename or delete views" onClose={onClose}>
      <ul className="rows views">
        {filters.map((filter) => (
          <li key={filter.id}>
            <View
              filter={filter}
              taken={filters.filter((other) => other.id !== filter.id).map((other) => other.name)}
              onGone={() => {
                if (filters.length === 1) onClose();
              }}
            />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** One view: its name can be changed in place. */
function View({ filter, taken, onGone }: { filter: SavedFilter; taken: readonly string[]; onGone: () => void }) {
  const queryClient = useQueryClient();
  const save = useSetting(saveFilterDocument);
  const remove = useSetting(deleteSavedFilterDocument);
  const [name, setName] = useState(filter.name);
  const wanted = name.trim();
  const double = taken.includes(wanted);
  const read = () => queryClient.invalidateQueries({ queryKey: savedFiltersQuery.queryKey });
  const rename = async () => {
    if (wanted === "" || wanted === filter.name || double) return;
    // A name belongs to its filters: they are kept under the new one first, so that nothing is lost on the way.
    if (!(await save.submit({ page: filter.page, name: wanted, query: filter.query }))) return;
    await remove.submit({ id: filter.id });
    await read();
  };
  const take = async () => {
    if (!(await remove.submit({ id: filter.id }))) return;
    await read();
    onGone();
  };
  return (
    <form
      className="view"
      aria-label={filter.name}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void rename();
      }}
    >
      <input
        className="input"
        aria-label={`Name of ${filter.name}`}
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" busy={save.busy} disabled={wanted === "" || wanted === filter.name || double}>
        Rename
      </Button>
      <Button busy={remove.busy && !save.busy} onClick={() => void take()}>
        Delete
      </Button>
      {double && <p className="field-error view-problem">Another view has that name.</p>}
      <div className="view-problem">
        <Refusals refusals={[...save.refusals, ...remove.refusals]} />
        <FailureNotice failure={save.failure ?? remove.failure} />
      </div>
    </form>
  );
}
