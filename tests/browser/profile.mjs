/** What is one's own: name and zone, theme, sessions, and a second factor. */
import { codeOf, giveCode, recoveryCodesIn, setUp, signIn } from "./codes.mjs";
import { act, expect, until } from "./report.mjs";

/** `page` is a window of `person`, whose password is `password`. */
export async function keepOwnAccount({ browser, page, person, password }) {
  const region = (name) => page.getByRole("region", { name });
  const sessions = () => region("Where you are signed in").getByRole("listitem");

  await act("the account menu leads to the profile", async () => {
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("menuitem", { name: "Profile" }).click();
    await page.waitForURL("**/profile");
    await page.getByRole("heading", { name: "Profile", level: 1 }).waitFor();
    await sessions().first().waitFor();
  });
  await browser.inspect(page, "profile");

  await act("mail and time zone are kept, and times are shown in that zone", async () => {
    const since = sessions().first().locator("time").first();
    const before = await since.innerText();
    const zone = page.getByRole("combobox", { name: "Time zone" });
    await page.getByLabel("Mail address").fill(`${person.username}@example.org`);
    await zone.fill("kathm");
    await zone.press("Enter");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    await until("another clock time", () => since.innerText(), (text) => text !== before);
    await page.reload();
    expect((await zone.inputValue()) === "Asia/Kathmandu", "the zone outlasts a reload");
    const at = await since.getAttribute("title");
    expect(at?.includes("UTC+05:45"), `a time says ${at}`);
    await zone.fill("");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
  });

  await act("the theme of the profile comes along to another device, where the menu may change it", async () => {
    await page.getByLabel("Dark").check();
    await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
    const other = await browser.open("another device");
    await other.goto("/tests");
    await signIn(other, person.username, password);
    await other.waitForURL("**/tests");
    await other.waitForFunction(() => document.documentElement.dataset.theme === "dark");
    await other.getByRole("button", { name: "Account" }).click();
    await other.getByRole("menuitemradio", { name: "Light" }).click();
    await other.reload();
    await other.getByRole("heading", { name: "Tests", level: 1 }).waitFor();
    expect(await other.evaluate(() => document.documentElement.dataset.theme === "light"), "the device keeps its own");
    await page.getByLabel("As the system").check();
    await page.waitForFunction(() => document.documentElement.dataset.theme === "light");

    await page.reload();
    await until("two sessions", () => sessions().count(), (count) => count === 2);
    expect((await sessions().getByText("This session").count()) === 1, "one of them is marked");
    await sessions().getByRole("button", { name: /^End the session/ }).click();
    await until("one session", () => sessions().count(), (count) => count === 1);
    browser.expectTrouble(true);
    await other.goto("/campaigns");
    await other.getByRole("heading", { name: "Sign in" }).waitFor();
    browser.expectTrouble(false);
    await other.close();
  });

  let factor;
  await act("a second factor is set up with the code of an app", async () => {
    await page.getByRole("button", { name: "Set up a second factor" }).click();
    const dialog = page.getByRole("dialog", { name: "Set up a second factor" });
    factor = await setUp(dialog, password, {
      atSecret: async () => {
        await until("the picture", () => dialog.getByRole("img").evaluate((image) => image.naturalWidth), (width) => width > 100);
        await browser.inspect(page, "second factor secret");
      },
      atCodes: () => browser.inspect(page, "recovery codes"),
    });
    expect(new Set(factor.codes).size === 10, `${factor.codes.length} recovery codes`);
    await dialog.waitFor({ state: "detached" });
    await region("Second factor").getByText("10 recovery codes are left.").waitFor();
  });

  await act("signing in asks for a code, and takes that of the app once", async () => {
    const other = await browser.open("the way in with a code");
    await other.goto("/tests");
    await signIn(other, person.username, password);
    await other.getByLabel("Code", { exact: true }).waitFor();
    const focused = await other.evaluate(() => document.activeElement?.getAttribute("autocomplete"));
    expect(focused === "one-time-code", `the focus is on ${focused}`);
    expect((await other.getByRole("link", { name: /^Sign in with/ }).count()) === 0, "no other way is offered in the middle of one");
    await browser.inspect(other, "code");
    await other.getByLabel("Code", { exact: true }).focus();
    await giveCode(other, "000000");
    await other.getByRole("alert").filter({ hasText: "The code is wrong" }).waitFor();
    // The code of now was used when it was set up.
    await giveCode(other, codeOf(factor.secret, 1));
    await other.waitForURL("**/tests");
    await other.getByRole("heading", { name: "Tests", level: 1 }).waitFor();
    await other.close();
  });

  await act("a recovery code shows who asks when the others are renewed, and when the factor is removed", async () => {
    const use = async (button, title, submit, code) => {
      await page.getByRole("button", { name: button, exact: true }).click();
      const dialog = page.getByRole("dialog", { name: title });
      await dialog.getByLabel("Code").fill(code);
      await dialog.getByRole("button", { name: submit }).click();
      return dialog;
    };
    const renewing = await use("Renew the recovery codes", "Renew the recovery codes", "Renew", factor.codes[0]);
    const codes = await recoveryCodesIn(renewing);
    await renewing.getByLabel("I have kept these codes").check();
    await renewing.getByRole("button", { name: "Done" }).click();
    const removing = await use("Remove", "Remove the second factor", "Remove", factor.codes[1]);
    await removing.getByText("The code is wrong or was used before.").waitFor();
    await removing.getByLabel("Code").fill(codes[0]);
    await removing.getByRole("button", { name: "Remove" }).click();
    await removing.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Set up a second factor" }).waitFor();
  });

  await act("all other sessions are ended at once", async () => {
    await page.reload();
    await until("more than one session", () => sessions().count(), (count) => count > 1);
    await page.getByRole("button", { name: "End all others" }).click();
    const dialog = page.getByRole("dialog", { name: "End all other sessions" });
    await browser.inspect(page, "end all others");
    await dialog.getByRole("button", { name: "End them" }).click();
    await dialog.waitFor({ state: "detached" });
    await until("one session", () => sessions().count(), (count) => count === 1);
  });
}
