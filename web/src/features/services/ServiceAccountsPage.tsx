import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Menu } from "@/components/Menu";
import { EmptyState, ErrorNotice, Skeleton } from "@/components/Notices";
import { SearchField } from "@/components/SearchField";
import { roleWords } from "@/components/Status";
import { ActiveAccountDialog, ChangeAccountDialog, CreateAccountDialog, RevokeKeyDialog } from "./Dialogs";
import { IssueKeyDialog } from "./IssueKeyDialog";
import { Keys } from "./Keys";
import { type ApiKey, type ServiceAccount, serviceAccountsQuery } from "./operations";
import "./services.css";

type Open =
  | { kind: "create" }
  | { kind: "issue" | "change" | "active"; account: ServiceAccount }
  | { kind: "revoke"; apiKey: ApiKey }
  | null;

/** Accounts of programs: what each may do, and the keys it gets in with. */
export function ServiceAccountsPage({
  onTimeline,
}: {
  /** Shows what an account did, and what was done to it; absent for roles that may not know. */
  onTimeline?: (id: string) => void;
}) {
  const queryClient = useQueryClient();
  const [search, setSearch] = useState("");
  const [open, setOpen] = useState<Open>(null);
  const query = useInfiniteQuery({ ...serviceAccountsQuery(search), placeholderData: (before) => before });
  const accounts = query.data?.pages.flatMap((page) => page.nodes) ?? [];
  // Then the way to the first stands below, and there is nothing to search.
  const none = query.isSuccess && !query.isPlaceholderData && accounts.length === 0 && search === "";
  const dialog = {
    onClose: () => setOpen(null),
    onChanged: () => queryClient.invalidateQueries({ queryKey: ["service-accounts"] }),
  };
  const create = (
    <Button variant="primary" icon="plus" onClick={() => setOpen({ kind: "create" })}>
      Create service account
    </Button>
  );

  return (
    <div className="services-page">
      <header className="page-head">
        <h1>
          Service accounts {query.data && <span className="count">{query.data.pages[0]?.totalCount}</span>}
        </h1>
        {!none && (
          <div className="page-actions">
            <SearchField label="Search service accounts" placeholder="Name" value={search} onChange={setSearch} />
            {create}
          </div>
        )}
      </header>
      {query.isError ? (
        <ErrorNotice doing="Loading the service accounts" error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Skeleton label="Loading the service accounts" />
      ) : accounts.length === 0 ? (
        search ? (
          <EmptyState title="No service account has that name" />
        ) : (
          <EmptyState title="No service accounts yet" action={create}>
            A program gets in by a key of an account of its own, within the role of that account.
          </EmptyState>
        )
      ) : (
        <ul className="services" aria-label="Service accounts">
          {accounts.map((account) => (
            <Account key={account.id} account={account} onOpen={setOpen} onTimeline={onTimeline} />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <p className="more">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Load more
          </Button>
        </p>
      )}
      {open?.kind === "create" && <CreateAccountDialog {...dialog} />}
      {open?.kind === "change" && <ChangeAccountDialog {...dialog} account={open.account} />}
      {open?.kind === "active" && <ActiveAccountDialog {...dialog} account={open.account} />}
      {open?.kind === "issue" && <IssueKeyDialog {...dialog} account={open.account} />}
      {open?.kind === "revoke" && <RevokeKeyDialog {...dialog} apiKey={open.apiKey} />}
    </div>
  );
}

function Account({
  account,
  onOpen,
  onTimeline,
}: {
  account: ServiceAccount;
  onOpen: (open: Open) => void;
  onTimeline: ((id: string) => void) | undefined;
}) {
  return (
    <li className="service" data-inactive={!account.active || undefined}>
      <header className="service-head">
        <h2>{account.name}</h2>
        <span className="tag">{roleWords[account.role]}</span>
        {!account.active && <span className="mark">Deactivated</span>}
        <span className="service-actions">
          {account.active && (
            <Button
              icon="plus"
              aria-label={`Issue a key for ${account.name}`}
              onClick={() => onOpen({ kind: "issue", account })}
            >
              Issue key
            </Button>
          )}
          <Menu
            label={`Actions for ${account.name}`}
            trigger={<Icon name="more" />}
            items={[
              ...(onTimeline ? [{ key: "timeline", label: "Timeline", onSelect: () => onTimeline(account.id) }] : []),
              {
                key: "change",
                label: "Change role or purpose",
                onSelect: () => onOpen({ kind: "change", account }),
              },
              {
                key: "active",
                label: account.active ? "Deactivate" : "Reactivate",
                onSelect: () => onOpen({ kind: "active", account }),
              },
            ]}
          />
        </span>
      </header>
      {account.description && <p className="muted">{account.description}</p>}
      <Keys account={account.name} keys={account.keys} onRevoke={(apiKey) => onOpen({ kind: "revoke", apiKey })} />
    </li>
  );
}
