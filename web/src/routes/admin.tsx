import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { may, useSession } from "@/api/session";
import { EmptyState } from "@/components/Notices";
import { usePageTitle } from "@/components/usePageTitle";
import { ImportBundle } from "@/features/jobs/ImportBundle";
import { JobsPage } from "@/features/jobs/JobsPage";
import { AccessPolicyPage } from "@/features/policy/AccessPolicyPage";
import { PolicyPage } from "@/features/policy/PolicyPage";
import { ServiceAccountsPage } from "@/features/services/ServiceAccountsPage";
import { openSessionsKey } from "@/features/session/open/operations";
import { SessionList } from "@/features/session/open/SessionList";
import { SystemPage } from "@/features/system/SystemPage";
import { UsersPage } from "@/features/users/UsersPage";

/** A page only some roles may open; the others are told so instead of seeing an error. */
function Restricted({ needs, children }: { needs: string; children: ReactNode }) {
  const session = useSession();
  return (
    <main className="page" id="content" tabIndex={-1}>
      {may(session, needs) ? (
        children
      ) : (
        <EmptyState page title="This page is not open to your role">An admin can change roles.</EmptyState>
      )}
    </main>
  );
}

export function JobsRoute() {
  usePageTitle("Jobs");
  const session = useSession();
  return (
    <Restricted needs="jobs">
      <JobsPage
        importer={may(session, "importFile") && <ImportBundle />}
        mayCancel={may(session, "cancelJob")}
        mayRetry={may(session, "retryJob")}
      />
    </Restricted>
  );
}

export function UsersRoute() {
  usePageTitle("Users");
  const search = useSearch({ from: "/app/users" });
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <Restricted needs="users">
      <UsersPage
        search={search}
        sessionsOf={(user) => <SessionList person={{ id: user.id, name: user.username }} />}
        onSessionsEnded={() => void queryClient.invalidateQueries({ queryKey: openSessionsKey })}
        onSearch={(next) =>
          void navigate({ to: "/users", search: (before) => ({ ...before, ...next }), replace: true })
        }
      />
    </Restricted>
  );
}

export function SystemRoute() {
  usePageTitle("System");
  return (
    <Restricted needs="systemStatus">
      <SystemPage />
    </Restricted>
  );
}

export function PolicyRoute() {
  usePageTitle("Review policy");
  return (
    <Restricted needs="setReviewPolicy">
      <PolicyPage />
    </Restricted>
  );
}

export function AccessPolicyRoute() {
  usePageTitle("Access policy");
  const session = useSession();
  return (
    <Restricted needs="setAccessPolicy">
      <AccessPolicyPage ownRole={session?.user.role} />
    </Restricted>
  );
}

export function ServiceAccountsRoute() {
  usePageTitle("Service accounts");
  return (
    <Restricted needs="serviceAccounts">
      <ServiceAccountsPage />
    </Restricted>
  );
}
