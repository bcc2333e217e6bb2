/** What somebody was told, read at once, and how they want to be told. */
import { act, expect } from "./report.mjs";

/** `page` is a window of somebody whom the story has given something to do. */
export async function readTheBell({ browser, page }) {
  await act("the bell counts what was told, and all of it is read at once", async () => {
    await page.goto("/tests");
    await page.getByRole("link", { name: /^Notifications, \d+ unread/ }).click();
    await page.getByRole("list", { name: "Notifications" }).getByRole("listitem").first().waitFor();
    await browser.inspect(page, "notifications");
    await page.getByRole("button", { name: "Mark all as read" }).click();
    await page.getByRole("link", { name: "Notifications, none unread" }).waitFor();
    await page.getByRole("button", { name: "Unread", exact: true }).click();
    await page.getByRole("heading", { name: "Nothing unread" }).waitFor();
  });

  await act("what is not wanted at the bell is kept so", async () => {
    const settings = page.getByRole("button", { name: "What you are told" });
    const box = page.getByLabel("Here: A campaign ends");
    await settings.click();
    await box.uncheck();
    await browser.inspect(page, "what one is told");
    await page.reload();
    await settings.click();
    await box.waitFor();
    expect(!(await box.isChecked()), "the choice outlasts a reload");
    await box.check();
  });
}
