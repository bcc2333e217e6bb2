/** Many tests at once: what is done to each, and why some are refused. */
import { act, expect, until } from "./report.mjs";

export async function workOnMany({ browser, page, attackId }) {
  const toolbar = page.getByRole("toolbar", { name: "Chosen tests" });
  const rows = page.getByRole("list", { name: "Tests" }).getByRole("listitem");
  const choose = async (...names) => {
    for (const name of names) {
      const row = rows.filter({ hasText: name });
      await row.hover();
      await row.getByRole("checkbox").check();
    }
  };
  const close = (dialog) => dialog.getByRole("button", { name: "Close" }).last().click();

  const draft = async (title) => {
    await page.goto("/tests");
    await page.getByRole("button", { name: "Draft a test" }).first().click();
    const dialog = page.getByRole("dialog", { name: "Draft a test" });
    await dialog.getByRole("combobox", { name: "Technique" }).fill(attackId);
    await dialog.getByLabel("Title").fill(title);
    await dialog.getByRole("button", { name: "Draft test" }).click();
    await page.waitForURL(/\/tests\/\d+$/);
  };

  await act("drafts are started at once, and the results stay although the list is empty then", async () => {
    await draft("Bulk one");
    await draft("Bulk two");
    await page.goto("/tests?q=Bulk&state=DRAFT");
    await until("two rows", () => rows.count(), (count) => count === 2);
    await choose("Bulk one", "Bulk two");
    await toolbar.getByRole("button", { name: "Start" }).click();
    await page.getByRole("heading", { name: "No test fits these filters", includeHidden: true }).waitFor();
    const dialog = page.getByRole("dialog", { name: "Started" });
    await dialog.getByText("2 done", { exact: true }).waitFor();
    await close(dialog);
  });

  await act("archiving says for each what came of it", async () => {
    await draft("Bulk three");
    await page.goto("/tests?q=Bulk");
    await until("three rows", () => rows.count(), (count) => count === 3);
    await choose("Bulk one", "Bulk two", "Bulk three");
    await toolbar.getByRole("button", { name: "Archive" }).click();
    const ask = page.getByRole("dialog", { name: "Archive 3 tests" });
    await ask.getByLabel("Reason").fill("Only drafts can go.");
    await ask.getByRole("button", { name: "Archive" }).click();
    const dialog = page.getByRole("dialog", { name: "Archived" });
    await dialog.getByText("1 done, 2 refused").waitFor();
    const refused = await dialog.getByRole("listitem").filter({ hasText: "Bulk one" }).innerText();
    expect(/red executing/i.test(refused), `a reason stands there, not ${refused}`);
    await browser.inspect(page, "bulk results");
    await close(dialog);
    await until("two rows", () => rows.count(), (count) => count === 2);
  });
}
