/** How the machine is doing, and what is said when it cannot be asked. */
import { act, expect, until } from "./report.mjs";

export async function watchTheMachine({ browser, page }) {
  const ledger = page.getByRole("region", { name: "Ledger" });
  const position = async () => Number((await ledger.locator("dd").first().innerText()).replaceAll(",", ""));

  await act("the system page says that all is well, and follows the ledger by itself", async () => {
    await page.goto("/system");
    await page.getByText("The ledger is sealed, and every projection follows it.").waitFor();
    const projections = page.getByRole("table", { name: /^Projections/ });
    expect((await projections.getByRole("row", { name: /Up to date/ }).count()) >= 10, "every projection is listed");
    await page.getByRole("region", { name: "Work and messages" }).getByText("not configured").waitFor();
    const before = await position();
    const name = `watcher-${Date.now()}`;
    await page.evaluate(async (name) => {
      const query = `mutation { createServiceAccount(input: { name: "${name}", role: VIEWER }) { userErrors { message } } }`;
      const headers = { "content-type": "application/json", "Aegis-Request": "1" };
      await fetch("/graphql", { method: "POST", headers, body: JSON.stringify({ query }) });
    }, name);
    await until("a later position", position, (now) => now > before, 15_000);
    await page.getByText("Signed note").click();
    await browser.inspect(page, "system in full");
  });

  await act("a server that does not answer is said to, and the last figures stay", async () => {
    browser.expectTrouble(true);
    const last = await position();
    await page.route("**/graphql", (route) => route.abort());
    await page.getByText(/^How it stands is not known/).waitFor();
    expect((await position()) === last, "the last figures stay");
    await browser.inspect(page, "system without an answer");
    await page.unroute("**/graphql");
    await page.getByText("The ledger is sealed, and every projection follows it.").waitFor();
    browser.expectTrouble(false);
  });
}
