import { expect, it } from "vitest";
import { pagesFor } from "./pages";

it("shows nobody a page whose operation the role may not call", () => {
  const labels = (permissions: string[]) => pagesFor(permissions).map((page) => page.label);
  expect(labels([])).toEqual(["Matrix", "Tests", "Test catalogue", "Campaigns", "Remediations"]);
  expect(labels(["users"])).toContain("Users");
  expect(labels(["users"])).not.toContain("Service accounts");
  expect(labels(["webhooks", "auditLog"]).slice(-2)).toEqual(["Webhooks", "Audit log"]);
  expect(labels(["users"])).not.toContain("Webhooks");
  expect(labels(["users"])).not.toContain("Audit log");
});
