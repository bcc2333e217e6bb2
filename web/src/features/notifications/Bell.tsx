import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useLive } from "@/api/live";
import { Icon } from "@/components/Icon";
import { newsDocument, notificationsKey, unreadQuery } from "./operations";
import { bellCount } from "./words";
import "./notifications.css";

/** How many notifications wait, told as they come, and the way to them. */
export function Bell() {
  const queryClient = useQueryClient();
  const unread = useQuery(unreadQuery).data ?? 0;
  useLive(
    newsDocument,
    {},
    {
      enabled: true,
      onNext: ({ notifications }) => {
        if (queryClient.getQueryData(unreadQuery.queryKey) === notifications.unreadCount) return;
        queryClient.setQueryData(unreadQuery.queryKey, notifications.unreadCount);
        void queryClient.invalidateQueries({ queryKey: [...notificationsKey, "list"] });
      },
      onConnect: () => void queryClient.invalidateQueries({ queryKey: notificationsKey }),
    },
  );
  const label = unread === 0 ? "Notifications, none unread" : `Notifications, ${unread} unread`;
  return (
    <Link to="/notifications" className="bell" aria-label={label} title={label}>
      <Icon name="bell" />
      {unread > 0 && <span className="bell-count">{bellCount(unread)}</span>}
    </Link>
  );
}
