import { useQuery } from "@tanstack/react-query";
import { Navigate, Outlet, useMatchRoute, useNavigate, useRouterState } from "@tanstack/react-router";
import { sessionQuery } from "@/api/session";
import { ErrorNotice, Skeleton } from "@/components/Notices";
import { useSignOut } from "@/features/session/useSignOut";
import { Frame } from "@/features/shell/Frame";
import { useAsOf } from "./useAsOf";

/** Everything behind the sign-in. */
export function AppRoute() {
  const session = useQuery(sessionQuery);
  const navigate = useNavigate();
  const signOut = useSignOut(() => void navigate({ to: "/sign-in", search: {} }));
  const { asOf } = useAsOf();
  const folded = Boolean(useMatchRoute()({ to: "/matrix" }));
  const href = useRouterState({ select: (state) => state.location.href });

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
  if (!session.data) return <Navigate to="/sign-in" search={{ next: href }} replace />;
  if (session.data.user.mustChangePassword) return <Navigate to="/change-password" search={{ next: href }} replace />;
  return (
    <Frame session={session.data} asOf={asOf} folded={folded} onSignOut={signOut}>
      <Outlet />
    </Frame>
  );
}
