/** The pages and what their addresses carry. All search values are plain text, so addresses stay readable. */
import { createRootRoute, createRoute, createRouter, Outlet, redirect, retainSearchParams } from "@tanstack/react-router";
import { ErrorNotice } from "@/components/Notices";
import { type CampaignsSearch, campaignsSearchKeys } from "@/features/campaigns/CampaignsPage";
import { type CatalogueSearch, catalogueSearchKeys } from "@/features/catalogue/CataloguePage";
import type { MatrixSearch } from "@/features/matrix/MatrixPage";
import { type RemediationsSearch, remediationsSearchKeys } from "@/features/remediations/RemediationsPage";
import { type TestsSearch, testsSearchKeys } from "@/features/tests/TestsPage";
import { JobsRoute, PolicyRoute, SystemRoute, UsersRoute } from "./routes/admin";
import { AppRoute } from "./routes/app";
import { CampaignRoute, CampaignsRoute } from "./routes/campaigns";
import { CatalogueRoute } from "./routes/catalogue";
import { MatrixRoute } from "./routes/matrix";
import { NotFound } from "./routes/NotFound";
import { PendingRoute } from "./routes/pending";
import { RemediationRoute, RemediationsRoute } from "./routes/remediations";
import { ChangePasswordRoute, SignInRoute } from "./routes/session";
import { TechniqueRoute } from "./routes/technique";
import { TestRoute } from "./routes/test";
import { TestsRoute } from "./routes/tests";

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

const technique = createRoute({ getParentRoute: () => app, path: "/techniques/$attackId", component: TechniqueRoute });

const tests = createRoute({
  getParentRoute: () => app,
  path: "/tests",
  validateSearch: (search: Record<string, unknown>): TestsSearch => texts(search, testsSearchKeys),
  component: TestsRoute,
});

const test = createRoute({ getParentRoute: () => app, path: "/tests/$number", component: TestRoute });
const pending = createRoute({ getParentRoute: () => app, path: "/pending", component: PendingRoute });
const catalogue = createRoute({
  getParentRoute: () => app,
  path: "/catalogue",
  validateSearch: (search: Record<string, unknown>): CatalogueSearch =>
    texts(search, [...catalogueSearchKeys, "template"]),
  component: CatalogueRoute,
});
const campaigns = createRoute({
  getParentRoute: () => app,
  path: "/campaigns",
  validateSearch: (search: Record<string, unknown>): CampaignsSearch => texts(search, campaignsSearchKeys),
  component: CampaignsRoute,
});
const campaign = createRoute({ getParentRoute: () => app, path: "/campaigns/$number", component: CampaignRoute });
const remediations = createRoute({
  getParentRoute: () => app,
  path: "/remediations",
  validateSearch: (search: Record<string, unknown>): RemediationsSearch => texts(search, remediationsSearchKeys),
  component: RemediationsRoute,
});
const remediation = createRoute({
  getParentRoute: () => app,
  path: "/remediations/$number",
  component: RemediationRoute,
});
const jobs = createRoute({ getParentRoute: () => app, path: "/jobs", component: JobsRoute });
const users = createRoute({ getParentRoute: () => app, path: "/users", component: UsersRoute });
const policy = createRoute({ getParentRoute: () => app, path: "/review-policy", component: PolicyRoute });
const system = createRoute({ getParentRoute: () => app, path: "/system", component: SystemRoute });
const missing = createRoute({ getParentRoute: () => app, path: "$", component: NotFound });

const next = (search: Record<string, unknown>): { next?: string } => texts(search, ["next"]);
const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: next,
  component: SignInRoute,
});
const changePassword = createRoute({
  getParentRoute: () => root,
  path: "/change-password",
  validateSearch: next,
  component: ChangePasswordRoute,
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    app.addChildren([matrix, technique, tests, test, pending, catalogue, campaigns, campaign, remediations, remediation, jobs, users, policy, system, missing]),
    signIn,
    changePassword,
  ]),
  defaultErrorComponent: ({ error, reset }) => (
    <main className="page" id="content">
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
