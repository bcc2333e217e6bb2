import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { may, useSession } from "@/api/session";
import { usePageTitle } from "@/components/usePageTitle";
import { AccountTimelinePage } from "@/features/audit/AccountTimelinePage";
import { AuditPage } from "@/features/audit/AuditPage";
import { ThingPage } from "@/features/audit/ThingPage";
import type { Way } from "@/features/audit/things";
import { Restricted } from "./Restricted";

export function AuditRoute() {
  usePageTitle("Audit log");
  const search = useSearch({ from: "/app/audit" });
  const navigate = useNavigate();
  return (
    <Restricted needs="auditLog">
      <AuditPage
        search={search}
        onSearch={(change) =>
          void navigate({ to: "/audit", search: (before) => ({ ...before, ...change }), replace: true })
        }
      />
    </Restricted>
  );
}

export function AccountTimelineRoute() {
  const { id } = useParams({ from: "/app/audit/accounts/$id" });
  const session = useSession();
  const [title, setTitle] = useState("Timeline");
  usePageTitle(title);
  return (
    <Restricted needs="accountTimeline">
      <AccountTimelinePage
        key={id}
        id={id}
        onTitle={setTitle}
        accountOf={(username) =>
          username === null
            ? may(session, "serviceAccounts") && (
                <Link to="/service-accounts" className="button">
                  Account
                </Link>
              )
            : may(session, "users") && (
                <Link to="/users" search={{ q: username, person: id }} className="button">
                  Account
                </Link>
              )
        }
      />
    </Restricted>
  );
}

export function ThingRoute() {
  usePageTitle("Looking for it");
  const { id } = useParams({ from: "/app/things/$id" });
  const navigate = useNavigate();
  const go = useCallback((way: Way) => void navigate({ ...way, replace: true }), [navigate]);
  return (
    <main className="page" id="content" tabIndex={-1}>
      <ThingPage id={id} onFound={go} />
    </main>
  );
}
