/** What everybody did and tried: found, followed to where it leads, and taken out as a file. */
import { readFile } from "node:fs/promises";
import { act, check, expect, until } from "./report.mjs";

/** `page` is a window of an admin; `number` and `title` are those of a test that was played. */
export async function followTheTrail({ browser, page, number, title }) {
  const table = page.getByRole("table", { name: "Audit log" });
  const rows = table.locator("tbody > tr:not(.detail-row)");
  const shows = (text) => rows.first().getByText(text).waitFor();

  await act("the newest entry opens into what is known of it, by keyboard", async () => {
    await page.goto("/audit");
    // Among the newest: a run that comes due may be newer.
    await rows.getByText("Delete webhook").first().waitFor();
    await page.goto("/audit?action=deleteWebhook");
    await shows("Delete webhook");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const detail = table.locator(".detail-row");
    await detail.getByText("Access log:").waitFor();
    await detail.getByText("Correlation").waitFor();
    await detail.getByText("deleteWebhook", { exact: true }).waitFor();
    await browser.inspect(page, "audit entry");
    await page.keyboard.press("Enter");
    await detail.waitFor({ state: "detached" });
  });

  await act("filters stand in the address and outlast a reload", async () => {
    await page.getByRole("button", { name: "Refused", exact: true }).click();
    await page.getByLabel("Action").fill("saveFilter");
    await page.keyboard.press("Enter");
    await shows("Save filter: refused");
    await page.getByLabel("By whom").selectOption({ label: "siem-export" });
    await shows("Save filter: refused");
    const { searchParams } = new URL(page.url());
    expect(searchParams.get("outcome") === "refused", page.url());
    expect(searchParams.get("action") === "saveFilter", page.url());
    await page.reload();
    await shows("Save filter: refused");
    expect((await rows.getByText("Refused", { exact: true }).count()) === (await rows.count()), "every row is marked");
    await browser.inspect(page, "audit filtered");
  });

  await act("an entry leads to the test it is about, and to all entries about it", async () => {
    await page.goto("/audit?kind=test&action=VoteCast");
    await rows.first().locator(".row-toggle").click();
    const detail = table.locator(".detail-row");
    await detail.getByRole("link", { name: /^#\d+ / }).waitFor();
    await page.goto("/audit?kind=test&action=TestDrafted");
    await rows.last().waitFor();
    const older = page.getByRole("button", { name: "Load more" });
    while ((await older.count()) > 0) await older.click();
    await rows.last().locator(".row-toggle").click();
    await detail.getByRole("button", { name: "about this test" }).click();
    await page.getByRole("button", { name: `Only #${number} ${title}` }).waitFor();
    await page.getByLabel("Action").fill("");
    const about = rows.getByRole("link", { name: "Test" });
    const leads = () => about.evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    await until("all of its entries", leads, (found) => found.length > 1 && new Set(found).size === 1);
    await rows.first().getByRole("link", { name: "Test" }).click();
    await page.waitForURL(`**/tests/${number}`);
    await page.getByRole("heading", { name: title, level: 1 }).waitFor();
  });

  await act("a part of time is chosen, and nothing is found before there was anything", async () => {
    await page.goto("/audit");
    await page.getByRole("button", { name: "Any time" }).click();
    const dialog = page.getByRole("dialog");
    await browser.inspect(page, "part of time");
    await dialog.getByLabel("Before").fill("2020-01-01T00:00:00");
    await dialog.getByRole("button", { name: "Show this part" }).click();
    await page.getByRole("heading", { name: "No entry fits these filters" }).waitFor();
    await page.getByRole("button", { name: "Clear the filters" }).click();
    await rows.first().waitFor();
  });

  await act("whoever did it leads to a timeline, a program too; so does the panel of users", async () => {
    await page.goto("/audit?action=saveFilter");
    await rows.first().getByRole("link", { name: "siem-export" }).click();
    await page.getByRole("heading", { name: "Timeline of siem-export", level: 1 }).waitFor();
    await page.getByRole("table", { name: "Timeline of siem-export" }).getByText(/^Key to read issued/).first().waitFor();
    await browser.inspect(page, "timeline of an account");
    await page.goto("/audit?action=deleteWebhook");
    await rows.first().getByRole("link", { name: "admin" }).click();
    await page.getByRole("heading", { name: "Timeline of admin", level: 1 }).waitFor();
    await page.getByRole("table", { name: "Timeline of admin" }).waitFor();
    await page.locator("header").getByRole("link", { name: "Account", exact: true }).click();
    const panel = page.getByRole("complementary", { name: "Account of admin" });
    await panel.getByRole("list", { name: "Latest entries" }).getByRole("listitem").first().waitFor();
    await browser.inspect(page, "person with a timeline");
    await panel.getByRole("link", { name: "Whole timeline" }).click();
    await page.waitForURL("**/audit/accounts/*");
  });

  for (const format of ["CSV", "JSON"]) {
    await check(`what is shown is taken out as ${format}`, async () => {
      await page.goto("/audit?kind=test&action=VoteCast");
      await rows.first().waitFor();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: `Export ${format}` }).click(),
      ]);
      expect(/^aegis-audit-\d{8}T\d{6}Z\.(csv|json)$/.test(download.suggestedFilename()), download.suggestedFilename());
      const text = await readFile(await download.path(), "utf8");
      const actions =
        format === "JSON"
          ? JSON.parse(text).map((entry) => entry.action)
          : text.trim().split("\r\n").slice(1).map((line) => line.split(",")[6]);
      expect(actions.length >= (await rows.count()), `${actions.length} entries in the file`);
      expect(actions.every((action) => action === "VoteCast"), `only what is shown: ${actions.join(" ")}`);
    });
  }

  await act("a refused export says why, and the page stays", async () => {
    const answer = { errors: [{ message: "Other exports are under way.", extensions: { code: "RATE_LIMITED" } }] };
    browser.expectTrouble(true);
    await page.route("**/audit/export?*", (route) => route.fulfill({ status: 429, json: answer }));
    await page.getByRole("button", { name: "Export CSV" }).click();
    await page.getByRole("alert").getByText("Other exports are under way.").waitFor();
    await browser.inspect(page, "export refused");
    await page.unroute("**/audit/export?*");
    browser.expectTrouble(false);
  });
}
