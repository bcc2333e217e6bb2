import { useQuery } from "@tanstack/react-query";
import { Outlet, useMatchRoute, useNavigate, useRouter, useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { may, sessionQuery } from "@/api/session";
import { ErrorNotice, Skeleton } from "@/components/Notices";
import { Bell } from "@/features/notifications/Bell";
import { useSignOut } from "@/features/session/useSignOut";
import { Frame } from "@/features/shell/Frame";
import { useAsOf } from "./useAsOf";

/** Everything behind the sign-in. */
export function AppRoute() {
  const session = useQuery(sessionQuery);
  const navigate = useNavigate();
  const signOut = useSignOut(() => void navigate({ to: "/sign-in", search: {} }));
  const { asOf } = useAsOf();
  // Jobs, people and the system have no past: there the chosen instant only waits in the address.
  const hasPast = useRouterState({ select: (state) => !/^\/(jobs|users|system|review-policy|access-policy|service-accounts|webhooks|audit|things|profile|notifications)\b/.test(state.location.pathname) });
  // The matrix takes the whole width, and its heading stands in the bar above it.
  const folded = Boolean(useMatchRoute()({ to: "/matrix" }));

  if (session.isPending) {
    return (
      <div className="start">
        <Skeleton rows={8} />
      </div>
    );
  }
  if (session.isError) {
    return (
      <div className="start">
        <ErrorNotice doing="Asking who is signed in" error={session.error} onRetry={() => void session.refetch()} />
      </div>
    );
  }
  if (!session.data) return <SendAway to="/sign-in" />;
  if (session.data.user.mustChangePassword) return <SendAway to="/change-password" />;
  if (session.data.secondFactorRequired) return <SendAway to="/second-factor" />;
  return (
    <Frame
      session={session.data}
      asOf={hasPast ? asOf : undefined}
      folded={folded}
      title={
        folded && (
          <>
            <h1>ATT&amp;CK Matrix</h1>
            <span className="muted">Coverage layer</span>
          </>
        )
      }
      bell={may(session.data, "notifications") && <Bell />}
      onSignOut={signOut}
    >
      <Outlet />
    </Frame>
  );
}

/** Leads to a page of the session and remembers the way back. Once: this stays mounted while the router moves on. */
function SendAway({ to }: { to: "/sign-in" | "/change-password" | "/second-factor" }) {
  const router = useRouter();
  useEffect(() => {
    const { pathname, href } = router.latestLocation;
    if (pathname !== to) void router.navigate({ to, search: { next: href }, replace: true });
  }, [router, to]);
  return null;
}
