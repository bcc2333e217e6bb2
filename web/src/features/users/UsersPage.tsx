import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Instant } from "@/components/Instant";
import { Menu } from "@/components/Menu";
import { EmptyState, ErrorNotice, Skeleton } from "@/components/Notices";
import { roleWords } from "@/components/Status";
import { useRowKeys } from "@/components/useRowKeys";
import { type User, usersQuery } from "./operations";
import { ActiveDialog, ChangeUserDialog, CreateUserDialog, ResetPasswordDialog } from "./UserDialogs";
import "./users.css";

type Open = { kind: "create" } | { kind: "change" | "active" | "reset"; user: User } | null;

export function UsersPage() {
  const queryClient = useQueryClient();
  const [search, setSearch] = useState("");
  const [open, setOpen] = useState<Open>(null);
  const query = useInfiniteQuery({ ...usersQuery(useDeferredValue(search)), placeholderData: (before) => before });
  const keys = useRowKeys<HTMLTableSectionElement>('.menu-trigger[aria-expanded="false"]', ".users-page .search-box input");
  const users = query.data?.pages.flatMap((page) => page.nodes) ?? [];
  const dialog = {
    onClose: () => setOpen(null),
    onChanged: () => void queryClient.invalidateQueries({ queryKey: ["users"] }),
  };

  return (
    <div className="users-page">
      <header className="page-head">
        <h1>
          Users {query.data && <span className="count">{query.data.pages[0]?.totalCount}</span>}
        </h1>
        <div className="page-actions">
          <div className="search-box">
            <Icon name="search" size={14} />
            <input
              className="input"
              type="search"
              aria-label="Search users"
              placeholder="Name"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          </div>
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
        <table role="table" className="table table-stacked users-table">
          <caption className="visually-hidden">Users</caption>
          <thead>
            <tr>
              <th scope="col">Username</th>
              <th scope="col">Name</th>
              <th scope="col">Role</th>
              <th scope="col">Status</th>
              <th scope="col">Last sign-in</th>
              <th scope="col">Created</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody {...keys}>
            {users.map((user) => (
              <UserRow key={user.id} user={user} onOpen={(kind) => setOpen({ kind, user })} />
            ))}
          </tbody>
        </table>
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
      {open?.kind === "reset" && <ResetPasswordDialog {...dialog} user={open.user} />}
    </div>
  );
}

function UserRow({ user, onOpen }: { user: User; onOpen: (kind: "change" | "active" | "reset") => void }) {
  const item = (kind: "change" | "active" | "reset", label: string) => ({
    key: kind,
    label,
    onSelect: () => onOpen(kind),
  });
  return (
    <tr role="row" data-inactive={!user.active || undefined}>
      <th role="rowheader" scope="row" className="user-username">
        {user.username}
      </th>
      <td role="cell" className="user-name">
        {user.displayName}
      </td>
      <td role="cell" className="user-role">
        {roleWords[user.role]}
      </td>
      <td role="cell" className="user-status">
        {user.active ? (user.mustChangePassword ? "Must change password" : "Active") : "Deactivated"}
      </td>
      <td role="cell" className="user-seen">
        {user.lastSignInAt ? <Instant at={user.lastSignInAt} /> : <span className="muted">never</span>}
      </td>
      <td role="cell" className="user-created">
        <Instant at={user.createdAt} />
      </td>
      <td role="cell" className="table-actions">
        <Menu
          label={`Actions for ${user.username}`}
          trigger={<Icon name="more" />}
          items={[
            item("change", "Change name or role"),
            item("reset", "Reset password"),
            item("active", user.active ? "Deactivate" : "Reactivate"),
          ]}
        />
      </td>
    </tr>
  );
}
