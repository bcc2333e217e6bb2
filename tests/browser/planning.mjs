/** Planning ahead: a template and drafts from it, and a campaign that waits, begins and runs again. */
import { act, expect, until } from "./report.mjs";
import { stateIs } from "./steps.mjs";

export async function planFromTheCatalogue({ browser, page, attackId }) {
  await act("a template is written, its gap declared", async () => {
    await page.goto("/catalogue");
    await page.getByRole("heading", { name: "No templates yet" }).waitFor();
    await page.getByRole("button", { name: "New template" }).first().click();
    const dialog = page.getByRole("dialog", { name: "New template" });
    await dialog.getByRole("combobox", { name: "Technique" }).fill(attackId);
    await dialog.getByLabel("Name").first().fill("Download cradle");
    await dialog.getByLabel("Executor").fill("powershell");
    await dialog.getByLabel("Platforms").fill("Windows");
    await dialog.getByLabel("Procedure").fill("IEX '#{url}'");
    await dialog.getByRole("button", { name: "url", exact: true }).click();
    await browser.inspect(page, "template form");
    await dialog.getByRole("button", { name: "Create template" }).click();
    await page.getByRole("complementary", { name: "Template" }).getByText("IEX '#{url}'").waitFor();
  });
  await browser.inspect(page, "catalogue");

  await act("a test is drafted from it, the gap filled with quotes and all", async () => {
    await page.getByRole("complementary", { name: "Template" }).getByRole("button", { name: "Draft a test" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("url").fill(`https://x.test/"a"?$&`);
    const planned = `IEX 'https://x.test/"a"?$&'`;
    await until("the preview", () => dialog.getByTestId("planned-procedure").innerText(), (shown) => shown === planned);
    await dialog.getByRole("button", { name: "Draft test" }).click();
    await page.waitForURL(/\/tests\/\d+$/);
    await stateIs(page, "Draft");
    await page.getByText(planned).waitFor();
  });
}

export async function openCampaign({ browser, page }) {
  await act("a draft is chosen by keyboard and assigned from the bar", async () => {
    await page.goto("/tests?state=DRAFT");
    await page.getByRole("link", { name: "Download cradle" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("x");
    await page.getByRole("toolbar", { name: "Chosen tests" }).getByRole("button", { name: "Assign" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Assign" }).click();
    await page.getByRole("dialog", { name: "Assigned" }).getByText("1 done").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  });

  await act("a campaign is planned, each test waiting for the one before", async () => {
    await page.goto("/campaigns");
    await page.getByRole("button", { name: "New campaign" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Winter");
    await dialog.getByRole("button", { name: "Create campaign" }).click();
    await page.waitForURL(/\/campaigns\/\d+$/);
    await page.getByRole("button", { name: "Add tests" }).click();
    const choices = page.getByRole("list", { name: "Tests to choose from" });
    await choices.getByText("Download cradle").click();
    await choices.getByText("Dump the memory of LSASS").first().click();
    await page.getByLabel("Phase").fill("Access");
    await page.getByLabel("Each waits for the one before it").check();
    await page.getByRole("button", { name: "Add 2 tests" }).click();
    const graph = page.getByRole("group", { name: "Tests and what they wait for" });
    await until("two tests in the graph", () => graph.getByRole("link").count(), (count) => count === 2);
    await graph.getByRole("link").first().focus();
    await page.keyboard.press("ArrowRight");
    const focused = await page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
    expect(focused.includes("waits for #"), `the arrow leads along the line, not to ${focused}`);
  });

  await act("it is to run again every month, also on the 31st", async () => {
    await page.getByRole("button", { name: "Let it run again" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("First time, on the clock of the zone").fill("2030-01-31T09:00");
    await dialog.getByLabel("Time zone").fill("Europe/Berlin");
    await dialog.getByText("28 Feb 2030, 09:00").waitFor();
    await browser.inspect(page, "schedule form");
    await dialog.getByRole("button", { name: "Save the schedule" }).click();
    await page.getByTestId("due-times").getByText("28 Feb 2030, 09:00").waitFor();
  });

  await act("it begins, and its plan is settled", async () => {
    await page.getByRole("button", { name: "Activate" }).click();
    await page.getByTestId("campaign-state").getByText("Active", { exact: true }).waitFor();
    expect((await page.getByRole("button", { name: "Add tests" }).count()) === 0, "no more tests are taken in");
  });
  await browser.inspect(page, "campaign");
  const { pathname } = new URL(page.url());
  await act("the list of campaigns shows when it runs next", async () => {
    await page.goto("/campaigns");
    await page.getByText("31 Jan 2030, 09:00, monthly").waitFor();
  });
  await browser.inspect(page, "campaigns");
  return pathname;
}
