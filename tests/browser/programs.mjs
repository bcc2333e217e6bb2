/** A program gets an account and a key, uses it, and loses it. */
import { act, expect, until } from "./report.mjs";

export async function letAProgramIn({ browser, page, address }) {
  const ask = async (token, query) => {
    const answer = await fetch(new URL("/graphql", address), {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ query }),
    });
    return { status: answer.status, ...(await answer.json().catch(() => ({}))) };
  };

  await act("the admin opens an account for a program", async () => {
    await page.goto("/service-accounts");
    await page.getByRole("heading", { name: "No service accounts yet" }).waitFor();
    await page.getByRole("button", { name: "Create service account" }).last().click();
    const dialog = page.getByRole("dialog", { name: "Create service account" });
    await dialog.getByLabel("Name").fill("siem-export");
    await dialog.getByLabel("What it is for").fill("Takes coverage to the dashboard each night.");
    await dialog.getByLabel("Role").selectOption({ label: "Viewer" });
    await dialog.getByRole("button", { name: "Create service account" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("heading", { name: "siem-export" }).waitFor();
  });

  let token;
  await act("a key is issued, whose token is shown once", async () => {
    await page.getByRole("button", { name: "Issue a key for siem-export" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Label").fill("Dashboard host");
    await dialog.getByLabel("30 days").check();
    await browser.inspect(page, "issue key");
    await dialog.getByRole("button", { name: "Issue key" }).click();
    token = await dialog.getByLabel("Token", { exact: true }).innerText();
    await browser.inspect(page, "token once");
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByRole("row").filter({ hasText: "Dashboard host" }).getByText("ends in 30 days").waitFor();
  });

  await act("the key lets the program in to look, and not to change anything", async () => {
    const { data } = await ask(token, "{ me { user { username role } } }");
    expect(data?.me?.user?.username === "siem-export", `the key is ${JSON.stringify(data)}`);
    const { errors } = await ask(token, 'mutation { saveFilter(input: { page: "/tests", name: "a", query: "b" }) { userErrors { message } } }');
    expect(errors?.[0]?.extensions?.code === "FORBIDDEN", `a change answered ${JSON.stringify(errors)}`);
    await page.reload();
    await page.getByRole("row").filter({ hasText: "Dashboard host" }).getByText(/from 127\.0\.0\.1|from ::1/).waitFor();
  });
  await browser.inspect(page, "service accounts");

  await act("a revoked key is worth nothing", async () => {
    await page.getByRole("button", { name: "Revoke Dashboard host" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Revoke" }).click();
    await dialog.waitFor({ state: "detached" });
    await until("a focus", () => page.evaluate(() => document.activeElement !== document.body));
    await page.getByRole("button", { name: "Show 1 ended" }).click();
    await page.getByRole("row").filter({ hasText: "Revoked key" }).waitFor();
    await until("the refusal", () => ask(token, "{ me { expiresAt } }"), ({ status, data }) => status === 401 || !data?.me, 5_000);
  });

  await act("a deactivated account gets no key", async () => {
    await page.getByRole("button", { name: "Actions for siem-export" }).click();
    await page.getByRole("menuitem", { name: "Deactivate" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Deactivate" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText("Deactivated", { exact: true }).waitFor();
    expect((await page.getByRole("button", { name: "Issue a key for siem-export" }).count()) === 0, "no key is offered");
  });
}
