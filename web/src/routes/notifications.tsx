import { usePageTitle } from "@/components/usePageTitle";
import { NotificationsPage } from "@/features/notifications/NotificationsPage";

export function NotificationsRoute() {
  usePageTitle("Notifications");
  return (
    <main className="page" id="content" tabIndex={-1}>
      <NotificationsPage />
    </main>
  );
}
