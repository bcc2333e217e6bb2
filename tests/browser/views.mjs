/** One's own views of the tests: filters are kept, called up again, renamed and deleted. */
import { act, check, expect, until } from "./report.mjs";

export async function keepViews({ browser, page }) {
  const menu = (item) =>
    (async () => {
      await page.getByRole("button", { name: "Saved filters" }).click();
      await page.getByRole(/^(Save|Rename)/.test(item) ? "menuitem" : "menuitemradio", { name: item, exact: true }).click();
    })();
  const pressed = () => page.getByRole("group", { name: "Filters" }).locator("[aria-pressed=true]").allInnerTexts();
  const isNamed = (name) => page.getByRole("button", { name: "Saved filters" }).filter({ hasText: name }).waitFor();

  await act("filters are kept under a name", async () => {
    await page.goto("/tests?state=DRAFT");
    await page.getByRole("button", { name: "Overdue" }).click();
    await until("two filters", pressed, (names) => names.join() === "Overdue,Draft");
    await menu("Save these filters");
    const dialog = page.getByRole("dialog", { name: "Save these filters" });
    await dialog.getByLabel("Name").fill("Late drafts");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    await isNamed("Late drafts");
  });

  await check("after a dialog the focus is where it came from", async () => {
    const focused = await page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    expect(focused === "Saved filters", `the focus is on ${focused}`);
  });

  await act("they are called up again, also after a reload", async () => {
    await page.goto("/tests");
    expect((await pressed()).length === 0, "no filter is set");
    await menu("Late drafts");
    await until("two filters", pressed, (names) => names.join() === "Overdue,Draft");
  });

  await act("a view is renamed, and keeps its filters", async () => {
    await menu("Rename or delete");
    const dialog = page.getByRole("dialog", { name: "Rename or delete views" });
    await browser.inspect(page, "saved views");
    await dialog.getByLabel("Name of Late drafts").fill("Forgotten drafts");
    await dialog.getByRole("button", { name: "Rename" }).click();
    await dialog.getByLabel("Name of Forgotten drafts").waitFor();
    await page.keyboard.press("Escape");
    await isNamed("Forgotten drafts");
  });

  await act("a view is deleted, the filters stay as they are", async () => {
    await menu("Rename or delete");
    const dialog = page.getByRole("dialog", { name: "Rename or delete views" });
    await dialog.getByRole("button", { name: "Delete" }).click();
    await dialog.waitFor({ state: "detached" });
    await isNamed("Views");
    expect((await pressed()).join() === "Overdue,Draft", "the filters are still set");
  });
}
