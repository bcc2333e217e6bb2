import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { useSetting } from "@/api/command";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Icon } from "@/components/Icon";
import { Instant } from "@/components/Instant";
import { Menu, type MenuItem } from "@/components/Menu";
import { EmptyState, ErrorNotice, Skeleton } from "@/components/Notices";
import { SearchField } from "@/components/SearchField";
import { roleWords } from "@/components/Status";
import { useRowKeys } from "@/components/useRowKeys";
import { signUserOutDocument, type User, usersQuery } from "./operations";
import { PersonPanel } from "./PersonPanel";
import {
  ActiveDialog,
  ChangeUserDialog,
  CreateUserDialog,
  EraseDialog,
  ResetPasswordDialog,
  ResetSecondFactorDialog,
} from "./UserDialogs";
import { actionsFor, nameOf, statusOf, type UserAction } from "./words";
import "./users.css";

type Open = { kind: "create" } | { kind: UserAction; user: User } | null;

export interface UsersSearch {
  q?: string;
  /** Whose panel is open. */
  person?: string;
}

/** The accounts of people, what is to be done with them, and beside the list one of them. */
export function UsersPage({
  search,
  onSearch,
  sessionsOf,
  timelineOf,
  onSessionsEnded,
}: {
  search: UsersSearch;
  onSearch: (next: UsersSearch) => void;
  /** Where somebody is signed in. */
  sessionsOf: (user: User) => ReactNode;
  /** What somebody did, and what was done to their account. */
  timelineOf: (user: User) => ReactNode;
  /** Something was done that ends sessions. */
  onSessionsEnded: () => void;
}) {
  const queryClient = useQueryClient();
  const [open, setOpen] = useState<Open>(null);
  const query = useInfiniteQuery({ ...usersQuery(search.q ?? ""), placeholderData: (before) => before });
  const keys = useRowKeys<HTMLTableSectionElement>(".user-open", ".users-page .search-box input");
  const users = query.data?.pages.flatMap((page) => page.nodes) ?? [];
  const person = search.person ? users.find((user) => user.id === search.person) : undefined;
  const dialog = {
    onClose: () => setOpen(null),
    onChanged: () => {
      onSessionsEnded();
      return queryClient.invalidateQueries({ queryKey: ["users"] });
    },
  };
  const menuOf = (user: User): MenuItem[] =>
    actionsFor(user).map(({ action, label, divided }) => ({
      key: action,
      label,
      divided,
      onSelect: () => setOpen({ kind: action, user }),
    }));

  return (
    <div className="users-page" data-open={person ? true : undefined}>
      <header className="page-head">
        <h1>
          Users {query.data && <span className="count">{query.data.pages[0]?.totalCount}</span>}
        </h1>
        <div className="page-actions">
          <SearchField label="Search users" placeholder="Name" value={search.q ?? ""} onChange={(q) => onSearch({ q })} />
          <Button variant="primary" icon="plus" onClick={() => setOpen({ kind: "create" })}>
            Create user
          </Button>
        </div>
      </header>
      {query.isError ? (
        <ErrorNotice doing="Loading the users" error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Skeleton label="Loading the users" />
      ) : users.length === 0 ? (
        <EmptyState title="Nobody has that name">Search for another name, or create the user.</EmptyState>
      ) : (
        <div className="users-body" onKeyDown={(event) => closesPanel(event) && onSearch({ person: "" })}>
          <table role="table" className="table table-stacked users-table">
            <caption className="visually-hidden">Users</caption>
            <thead>
              <tr>
                <th scope="col">Username</th>
                <th scope="col">Name</th>
                <th scope="col">Mail address</th>
                <th scope="col">Role</th>
                <th scope="col">Status</th>
                <th scope="col">Second factor</th>
                <th scope="col">Last sign-in</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody {...keys}>
              {users.map((user) => (
                <UserRow
                  key={user.id}
                  user={user}
                  shown={user.id === person?.id}
                  items={menuOf(user)}
                  onShow={() => onSearch({ person: user.id })}
                />
              ))}
            </tbody>
          </table>
          {person && (
            <PersonPanel
              key={person.id}
              user={person}
              items={menuOf(person)}
              sessions={sessionsOf(person)}
              timeline={timelineOf(person)}
              onClose={() => onSearch({ person: "" })}
            />
          )}
        </div>
      )}
      {query.hasNextPage && (
        <p className="more">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Load more
          </Button>
        </p>
      )}
      {open?.kind === "create" && <CreateUserDialog {...dialog} />}
      {open?.kind === "change" && <ChangeUserDialog {...dialog} user={open.user} />}
      {open?.kind === "active" && <ActiveDialog {...dialog} user={open.user} />}
      {open?.kind === "password" && <ResetPasswordDialog {...dialog} user={open.user} />}
      {open?.kind === "factor" && <ResetSecondFactorDialog {...dialog} user={open.user} />}
      {open?.kind === "signOut" && <SignOutDialog {...dialog} user={open.user} />}
      {open?.kind === "erase" && <EraseDialog {...dialog} user={open.user} />}
    </div>
  );
}

/** Escape, unless it is for a dialog that stands above the panel. */
const closesPanel = (event: KeyboardEvent) =>
  event.key === "Escape" && !(event.target as Element).closest("dialog");

function UserRow({
  user,
  shown,
  items,
  onShow,
}: {
  user: User;
  shown: boolean;
  items: readonly MenuItem[];
  onShow: () => void;
}) {
  return (
    <tr role="row" data-inactive={!user.active || undefined} data-shown={shown || undefined}>
      <th role="rowheader" scope="row" className="user-username">
        <button type="button" className="user-open" aria-current={shown || undefined} onClick={onShow}>
          {nameOf(user)}
        </button>
      </th>
      <td role="cell" className="user-name">
        {user.displayName}
      </td>
      <td role="cell" className="user-mail">
        {user.email}
      </td>
      <td role="cell" className="user-role">
        {roleWords[user.role]}
      </td>
      <td role="cell" className="user-status">
        {statusOf(user)}
      </td>
      <td role="cell" className="user-factor">
        {user.secondFactor ? (
          <span className="user-factor-on">
            <Icon name="check" size={12} /> On
          </span>
        ) : (
          <span className="muted">Off</span>
        )}
      </td>
      <td role="cell" className="user-seen">
        {user.lastSignInAt ? <Instant at={user.lastSignInAt} /> : <span className="muted">never</span>}
      </td>
      <td role="cell" className="table-actions">
        {items.length > 0 && <Menu label={`Actions for ${nameOf(user)}`} trigger={<Icon name="more" />} items={items} />}
      </td>
    </tr>
  );
}

function SignOutDialog({ user, onClose, onChanged }: { user: User; onClose: () => void; onChanged: () => Promise<void> }) {
  const revoke = useSetting(signUserOutDocument);
  return (
    <ConfirmDialog
      title={`Sign ${user.username} out everywhere`}
      submitLabel="Sign out everywhere"
      command={revoke}
      danger
      onClose={onClose}
      onSubmit={async () => {
        if (!(await revoke.submit({ userId: user.id }))) return;
        void onChanged();
        onClose();
      }}
    >
      All their sessions end now, and what they are typing is lost. They may sign in again.
    </ConfirmDialog>
  );
}
