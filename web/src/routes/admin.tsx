import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { may, useSession } from "@/api/session";
import { usePageTitle } from "@/components/usePageTitle";
import { RecentTimeline } from "@/features/audit/RecentTimeline";
import { ImportFile } from "@/features/jobs/ImportFile";
import { JobsPage } from "@/features/jobs/JobsPage";
import { AccessPolicyPage } from "@/features/policy/AccessPolicyPage";
import { PolicyPage } from "@/features/policy/PolicyPage";
import { ServiceAccountsPage } from "@/features/services/ServiceAccountsPage";
import { openSessionsKey } from "@/features/session/open/operations";
import { SessionList } from "@/features/session/open/SessionList";
import { DataSourcesPage } from "@/features/sources/DataSourcesPage";
import { SourcePage } from "@/features/sources/SourcePage";
import { SystemPage } from "@/features/system/SystemPage";
import { UsersPage } from "@/features/users/UsersPage";
import { WebhookPage } from "@/features/webhooks/WebhookPage";
import { WebhooksPage } from "@/features/webhooks/WebhooksPage";
import { Restricted } from "./Restricted";

export function JobsRoute() {
  usePageTitle("Jobs");
  const session = useSession();
  return (
    <Restricted needs="jobs">
      <JobsPage
        importer={may(session, "importFile") && <ImportFile />}
        mayCancel={may(session, "cancelJob")}
        mayRetry={may(session, "retryJob")}
      />
    </Restricted>
  );
}

export function UsersRoute() {
  usePageTitle("Users");
  const session = useSession();
  const search = useSearch({ from: "/app/users" });
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <Restricted needs="users">
      <UsersPage
        search={search}
        sessionsOf={(user) => <SessionList person={{ id: user.id, name: user.username }} />}
        timelineOf={(user) => may(session, "accountTimeline") && <RecentTimeline id={user.id} />}
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
  const session = useSession();
  const navigate = useNavigate();
  const toTimeline = (id: string) => void navigate({ to: "/audit/accounts/$id", params: { id } });
  return (
    <Restricted needs="serviceAccounts">
      <ServiceAccountsPage {...(may(session, "accountTimeline") ? { onTimeline: toTimeline } : {})} />
    </Restricted>
  );
}

export function WebhooksRoute() {
  usePageTitle("Webhooks");
  return (
    <Restricted needs="webhooks">
      <WebhooksPage />
    </Restricted>
  );
}

export function WebhookRoute() {
  usePageTitle("Webhook");
  const { id } = useParams({ from: "/app/webhooks/$id" });
  const navigate = useNavigate();
  return (
    <Restricted needs="webhooks">
      <WebhookPage key={id} id={id} onDeleted={() => void navigate({ to: "/webhooks" })} />
    </Restricted>
  );
}

export function DataSourcesRoute() {
  usePageTitle("Data sources");
  const navigate = useNavigate();
  return (
    <Restricted needs="dataSources">
      <DataSourcesPage onPreview={({ key }) => void navigate({ to: "/data-sources/$key", params: { key } })} />
    </Restricted>
  );
}

export function DataSourceRoute() {
  usePageTitle("Data source");
  const { key } = useParams({ from: "/app/data-sources/$key" });
  return (
    <Restricted needs="dataSources">
      <SourcePage key={key} sourceKey={key} onPreview={() => undefined} />
    </Restricted>
  );
}
