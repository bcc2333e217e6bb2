import type { IconName } from "@/components/Icon";

interface Page {
  to: "/matrix" | "/tests" | "/pending" | "/catalogue" | "/campaigns" | "/remediations" | "/jobs" | "/users" | "/review-policy" | "/system";
  label: string;
  icon: IconName;
  /** The query a role must be able to call; pages without one are for everybody. */
  needs?: string;
}

const pages: readonly Page[] = [
  { to: "/matrix", label: "Matrix", icon: "matrix" },
  { to: "/tests", label: "Tests", icon: "tests" },
  { to: "/pending", label: "Pending tasks", icon: "inbox", needs: "postComment" },
  { to: "/catalogue", label: "Test catalogue", icon: "book" },
  { to: "/campaigns", label: "Campaigns", icon: "campaign" },
  { to: "/remediations", label: "Remediations", icon: "wrench" },
  { to: "/jobs", label: "Jobs", icon: "jobs", needs: "jobs" },
  { to: "/users", label: "Users", icon: "users", needs: "users" },
  { to: "/review-policy", label: "Review policy", icon: "policy", needs: "setReviewPolicy" },
  { to: "/system", label: "System", icon: "system", needs: "systemStatus" },
];

export function pagesFor(permissions: readonly string[]): Page[] {
  return pages.filter((page) => page.needs === undefined || permissions.includes(page.needs));
}
