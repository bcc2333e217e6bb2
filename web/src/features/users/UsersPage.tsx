import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Instant } from "@/components/Instant";
import { Menu } from "@/components/Menu";
import { EmptyState, ErrorNotice, Skeleton } from "@/components/Notices";
import { roleWords } from "@/components/Status";
import { type User, usersQuery } from "./operations";
import { ActiveDialog, ChangeUserDialog, CreateUserDialog, ResetPasswordDialog } from "./UserDialogs";
import "./users.css";

type Open = { kind: "create" } | { kind: "change" | "active" | "reset"; user: User } | null;

export function UsersPage() {
  const queryClient = useQueryClient();
  const [search, setSearch] = useState("");
  const [open, setOpen] = useState<Open>(null);
  const query = useInfiniteQuery({ ...usersQuery(useDeferredValue(search)), placeholderData: (before) => before });
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
        <div className="table-scroll">
          <table className="table">
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
            <tbody>
              {users.map((user) => (
                <tr key={user.id} data-inactive={!user.active || undefined}>
                  <th scope="row">{user.username}</th>
                  <td>{user.displayName}</td>
                  <td>{roleWords[user.role]}</td>
                  <td>
                    {user.active ? (user.mustChangePassword ? "Must change password" : "Active") : "Deactivated"}
                  </td>
                  <td>{user.lastSignInAt ? <Instant at={user.lastSignInAt} /> : <span className="muted">never</span>}</td>
                  <td>
                    <Instant at={user.createdAt} />
                  </td>
                  <td className="table-actions">
                    <Menu
                      label={`Actions for ${user.username}`}
                      trigger="Actions"
                      items={[
                        {
                          key: "change",
                          label: "Change name or role",
                          onSelect: () => setOpen({ kind: "change", user }),
                        },
                        { key: "reset", label: "Reset password", onSelect: () => setOpen({ kind: "reset", user }) },
                        {
                          key: "active",
                          label: user.active ? "Deactivate" : "Reactivate",
                          onSelect: () => setOpen({ kind: "active", user }),
                        },
                      ]}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
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
      {open?.kind === "reset" && <ResetPasswordDialog {...dialog} user={open.user} />}
    </div>
  );
}
