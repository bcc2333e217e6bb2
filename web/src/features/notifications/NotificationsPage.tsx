import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useSetting } from "@/api/command";
import { Button, Chip, IconButton } from "@/components/Button";
import { Instant } from "@/components/Instant";
import { EmptyState, ErrorNotice, FailureNotice, Skeleton } from "@/components/Notices";
import { useRowKeys } from "@/components/useRowKeys";
import { markAllReadDocument, markReadDocument, type Notification, notificationsKey, notificationsQuery } from "./operations";
import { Preferences } from "./Preferences";
import { wayTo } from "./words";
import "./notifications.css";

type View = "all" | "unread" | "settings";

/** What happened that concerns one, newest first, and how one wants to be told. */
export function NotificationsPage() {
  const queryClient = useQueryClient();
  const [view, setView] = useState<View>("all");
  const query = useInfiniteQuery({
    ...notificationsQuery(view === "unread"),
    enabled: view !== "settings",
    placeholderData: (before) => before,
  });
  const markRead = useSetting(markReadDocument);
  const markAll = useSetting(markAllReadDocument);
  const keys = useRowKeys<HTMLUListElement>(".notification-link");
  const shown = query.data?.pages.flatMap((page) => page.nodes) ?? [];
  const unread = query.data?.pages[0]?.unreadCount ?? 0;
  const refresh = () => queryClient.invalidateQueries({ queryKey: notificationsKey });
  const read = async (notification: Notification) => {
    if (notification.readAt != null) return;
    if (await markRead.submit({ id: notification.id })) await refresh();
  };
  const readAll = async () => {
    // What came after the newest that is shown was not seen, and stays unread.
    const newest = shown[0];
    if (await markAll.submit(newest ? { upTo: newest.id } : {})) await refresh();
  };

  return (
    <div className="notifications-page">
      <header className="page-head">
        <h1>
          Notifications {unread > 0 && <span className="count">{unread} unread</span>}
        </h1>
        <div className="page-actions">
          {view !== "settings" && unread > 0 && (
            <Button busy={markAll.busy} onClick={() => void readAll()}>
              Mark all as read
            </Button>
          )}
        </div>
      </header>
      <div className="filters" role="group" aria-label="View">
        <Chip pressed={view === "all"} onClick={() => setView("all")}>
          All
        </Chip>
        <Chip pressed={view === "unread"} onClick={() => setView("unread")}>
          Unread
        </Chip>
        <Chip pressed={view === "settings"} onClick={() => setView("settings")}>
          What you are told
        </Chip>
      </div>
      <FailureNotice failure={markRead.failure ?? markAll.failure} />
      {view === "settings" ? (
        <Preferences />
      ) : query.isError ? (
        <ErrorNotice doing="Loading the notifications" error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Skeleton label="Loading the notifications" />
      ) : shown.length === 0 ? (
        <EmptyState title={view === "unread" ? "Nothing unread" : "Nothing yet"}>
          What is given to you, waits for you or mentions you is told here.
        </EmptyState>
      ) : (
        <ul {...keys} className="notifications" aria-label="Notifications">
          {shown.map((notification) => (
            <li key={notification.id} data-unread={notification.readAt == null || undefined}>
              <Link
                to={wayTo(notification.subject)}
                className="notification-link"
                onClick={() => void read(notification)}
              >
                {notification.readAt == null && <span className="visually-hidden">Unread: </span>}
                <strong>{notification.title}</strong>
                {notification.subject.title && <span className="muted">{notification.subject.title}</span>}
              </Link>
              <span className="muted">{notification.actor.name}</span>
              <Instant at={notification.at} />
              {notification.readAt == null && (
                <IconButton
                  icon="check"
                  label={`Mark as read: ${notification.title}`}
                  onClick={() => void read(notification)}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {view !== "settings" && query.hasNextPage && (
        <p className="more">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Load more
          </Button>
        </p>
      )}
    </div>
  );
}
