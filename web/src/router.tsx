/** The pages and what their addresses carry. All search values are plain text, so addresses stay readable. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
} from "@tanstack/react-router";
import { ErrorNotice } from "@/components/Notices";
import { type CampaignsSearch, campaignsSearchKeys } from "@/features/campaigns/search";
import { type AuditSearch, auditSearchKeys } from "@/features/audit/search";
import { type CatalogueSearch, catalogueSearchKeys } from "@/features/catalogue/search";
import type { MatrixSearch } from "@/features/matrix/MatrixPage";
import { type RemediationsSearch, remediationsSearchKeys } from "@/features/remediations/search";
import { type TestsSearch, testsSearchKeys } from "@/features/tests/search";
import type { UsersSearch } from "@/features/users/UsersPage";
import { AppRoute } from "./routes/app";
import { MatrixRoute } from "./routes/matrix";
import { NotFound } from "./routes/NotFound";
import { ChangePasswordRoute, SecondFactorRoute, SignInRoute } from "./routes/session";

/** Pages are fetched when somebody first goes there; the matrix and the sign-in come with the first load. */
const adminModule = () => import("./routes/admin");
const auditModule = () => import("./routes/audit");
const campaignsModule = () => import("./routes/campaigns");
const catalogueModule = () => import("./routes/catalogue");
const notificationsModule = () => import("./routes/notifications");
const pendingModule = () => import("./routes/pending");
const profileModule = () => import("./routes/profile");
const remediationsModule = () => import("./routes/remediations");
const techniqueModule = () => import("./routes/technique");
const testModule = () => import("./routes/test");
const testsModule = () => import("./routes/tests");

/** Keeps the named keys that carry text; empty ones leave the address. */
function texts<Key extends string>(search: Record<string, unknown>, keys: readonly Key[]): Partial<Record<Key, string>> {
  const kept: Partial<Record<Key, string>> = {};
  for (const key of keys) {
    const value = search[key];
    if (typeof value === "string" && value !== "") kept[key] = value;
  }
  return kept;
}

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFound,
  validateSearch: (search: Record<string, unknown>): { asOf?: string | undefined } => {
    const { asOf } = texts(search, ["asOf"]);
    return asOf && !Number.isNaN(new Date(asOf).getTime()) ? { asOf } : {};
  },
  // The chosen instant stays while walking from page to page.
  search: { middlewares: [retainSearchParams(["asOf"])] },
});

const app = createRoute({ getParentRoute: () => root, id: "app", component: AppRoute });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how this router redirects
    throw redirect({ to: "/matrix", search: true });
  },
});

const matrix = createRoute({
  getParentRoute: () => app,
  path: "/matrix",
  validateSearch: (search: Record<string, unknown>): MatrixSearch => texts(search, ["status", "platform", "q", "subs"]),
  component: MatrixRoute,
});

const technique = createRoute({ getParentRoute: () => app, path: "/techniques/$attackId", component: lazyRouteComponent(techniqueModule, "TechniqueRoute") });

const tests = createRoute({
  getParentRoute: () => app,
  path: "/tests",
  validateSearch: (search: Record<string, unknown>): TestsSearch => texts(search, testsSearchKeys),
  component: lazyRouteComponent(testsModule, "TestsRoute"),
});

const test = createRoute({ getParentRoute: () => app, path: "/tests/$number", component: lazyRouteComponent(testModule, "TestRoute") });
const pending = createRoute({ getParentRoute: () => app, path: "/pending", component: lazyRouteComponent(pendingModule, "PendingRoute") });
const catalogue = createRoute({
  getParentRoute: () => app,
  path: "/catalogue",
  validateSearch: (search: Record<string, unknown>): CatalogueSearch =>
    texts(search, [...catalogueSearchKeys, "template"]),
  component: lazyRouteComponent(catalogueModule, "CatalogueRoute"),
});
const campaigns = createRoute({
  getParentRoute: () => app,
  path: "/campaigns",
  validateSearch: (search: Record<string, unknown>): CampaignsSearch => texts(search, campaignsSearchKeys),
  component: lazyRouteComponent(campaignsModule, "CampaignsRoute"),
});
const campaign = createRoute({ getParentRoute: () => app, path: "/campaigns/$number", component: lazyRouteComponent(campaignsModule, "CampaignRoute") });
const remediations = createRoute({
  getParentRoute: () => app,
  path: "/remediations",
  validateSearch: (search: Record<string, unknown>): RemediationsSearch => texts(search, remediationsSearchKeys),
  component: lazyRouteComponent(remediationsModule, "RemediationsRoute"),
});
const remediation = createRoute({
  getParentRoute: () => app,
  path: "/remediations/$number",
  component: lazyRouteComponent(remediationsModule, "RemediationRoute"),
});
const jobs = createRoute({ getParentRoute: () => app, path: "/jobs", component: lazyRouteComponent(adminModule, "JobsRoute") });
const users = createRoute({ getParentRoute: () => app, path: "/users", validateSearch: (search: Record<string, unknown>): UsersSearch => texts(search, ["q", "person"]), component: lazyRouteComponent(adminModule, "UsersRoute") });
const policy = createRoute({ getParentRoute: () => app, path: "/review-policy", component: lazyRouteComponent(adminModule, "PolicyRoute") });
const system = createRoute({ getParentRoute: () => app, path: "/system", component: lazyRouteComponent(adminModule, "SystemRoute") });
const accessPolicy = createRoute({ getParentRoute: () => app, path: "/access-policy", component: lazyRouteComponent(adminModule, "AccessPolicyRoute") });
const serviceAccounts = createRoute({ getParentRoute: () => app, path: "/service-accounts", component: lazyRouteComponent(adminModule, "ServiceAccountsRoute") });
const dataSources = createRoute({ getParentRoute: () => app, path: "/data-sources", component: lazyRouteComponent(adminModule, "DataSourcesRoute") });
const dataSource = createRoute({ getParentRoute: () => app, path: "/data-sources/$key", component: lazyRouteComponent(adminModule, "DataSourceRoute") });
const webhooks = createRoute({ getParentRoute: () => app, path: "/webhooks", component: lazyRouteComponent(adminModule, "WebhooksRoute") });
const webhook = createRoute({ getParentRoute: () => app, path: "/webhooks/$id", component: lazyRouteComponent(adminModule, "WebhookRoute") });
const audit = createRoute({
  getParentRoute: () => app,
  path: "/audit",
  validateSearch: (search: Record<string, unknown>): AuditSearch => texts(search, auditSearchKeys),
  component: lazyRouteComponent(auditModule, "AuditRoute"),
});
const timeline = createRoute({ getParentRoute: () => app, path: "/audit/accounts/$id", component: lazyRouteComponent(auditModule, "AccountTimelineRoute") });
const thing = createRoute({ getParentRoute: () => app, path: "/things/$id", component: lazyRouteComponent(auditModule, "ThingRoute") });
const profile = createRoute({ getParentRoute: () => app, path: "/profile", component: lazyRouteComponent(profileModule, "ProfileRoute") });
const notifications = createRoute({ getParentRoute: () => app, path: "/notifications", component: lazyRouteComponent(notificationsModule, "NotificationsRoute") });
const missing = createRoute({ getParentRoute: () => app, path: "$", component: NotFound });

const next = (search: Record<string, unknown>): { next?: string } => texts(search, ["next"]);
const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { next?: string; refused?: string } => texts(search, ["next", "refused"]),
  component: SignInRoute,
});
const changePassword = createRoute({
  getParentRoute: () => root,
  path: "/change-password",
  validateSearch: next,
  component: ChangePasswordRoute,
});
const secondFactor = createRoute({
  getParentRoute: () => root,
  path: "/second-factor",
  validateSearch: next,
  component: SecondFactorRoute,
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    app.addChildren([matrix, technique, tests, test, pending, catalogue, campaigns, campaign, remediations, remediation, jobs, users, serviceAccounts, policy, accessPolicy, dataSources, dataSource, webhooks, webhook, audit, timeline, thing, system, profile, notifications, missing]),
    signIn,
    changePassword,
    secondFactor,
  ]),
  defaultErrorComponent: ({ error, reset }) => (
    <main className="page" id="content" tabIndex={-1}>
      <ErrorNotice doing="Showing this page" error={error} onRetry={reset} />
    </main>
  ),
  scrollRestoration: false,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const pairs = Object.entries(search as Record<string, unknown>).filter(
      (pair): pair is [string, string] => typeof pair[1] === "string" && pair[1] !== "",
    );
    const text = new URLSearchParams(pairs).toString();
    return text ? `?${text}` : "";
  },
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
