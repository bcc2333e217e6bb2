import type { IconName } from "@/components/Icon";

export interface Page {
  to:
    | "/matrix"
    | "/tests"
    | "/pending"
    | "/catalogue"
    | "/campaigns"
    | "/remediations"
    | "/jobs"
    | "/data-sources"
    | "/users"
    | "/service-accounts"
    | "/webhooks"
    | "/review-policy"
    | "/audit"
    | "/system";
  label: string;
  icon: IconName;
  /** The operation a role must be able to call; pages without one are for everybody. */
  needs?: string;
  /** It is about running Aegis, and stands below a line of its own. */
  system?: true;
  /** Where else it is at home: the link is marked there too. */
  also?: string;
}

const pages: readonly Page[] = [
  { to: "/matrix", label: "Matrix", icon: "matrix", also: "/techniques/" },
  { to: "/tests", label: "Tests", icon: "tests" },
  { to: "/pending", label: "Pending tasks", icon: "inbox", needs: "postComment" },
  { to: "/catalogue", label: "Test catalogue", icon: "book" },
  { to: "/campaigns", label: "Campaigns", icon: "campaign" },
  { to: "/remediations", label: "Remediations", icon: "wrench" },
  { to: "/jobs", label: "Jobs", icon: "jobs", needs: "jobs", system: true },
  { to: "/data-sources", label: "Data sources", icon: "sources", needs: "dataSources", system: true },
  { to: "/users", label: "Users", icon: "users", needs: "users", system: true },
  { to: "/service-accounts", label: "Service accounts", icon: "key", needs: "serviceAccounts", system: true },
  { to: "/webhooks", label: "Webhooks", icon: "webhook", needs: "webhooks", system: true },
  { to: "/review-policy", label: "Policies", icon: "policy", needs: "setReviewPolicy", system: true, also: "/access-policy" },
  { to: "/audit", label: "Audit log", icon: "audit", needs: "auditLog", system: true },
  { to: "/system", label: "System", icon: "system", needs: "systemStatus", system: true },
];

export function pagesFor(permissions: readonly string[]): Page[] {
  return pages.filter((page) => page.needs === undefined || permissions.includes(page.needs));
}
