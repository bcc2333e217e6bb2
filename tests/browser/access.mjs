/** Who gets in: a role that needs a second factor, somebody who comes, and somebody who leaves for good. */
import { setUp, signIn } from "./codes.mjs";
import { act, expect, until } from "./report.mjs";

/** Sign-ins that one address may try in a minute. */
const perMinute = 5;

/** Somebody at one address tries passwords for a name until they are stopped; those at other addresses are not. */
export async function guess({ browser, username }) {
  await act("whoever guesses passwords has five tries a minute", async () => {
    const page = await browser.open("somebody who guesses");
    await page.goto("/sign-in");
    browser.expectTrouble(true);
    const words = [];
    // A minute that ends in between gives new tries.
    while (words.length <= 2 * perMinute && !words.at(-1)?.startsWith("Too many sign-ins")) {
      const answer = page.waitForResponse((response) => response.request().postData()?.includes("login") ?? false);
      await signIn(page, username, `Guess ${words.length} of many`);
      await (await answer).finished();
      words.push(await page.getByRole("alert").innerText());
    }
    const refused = words.findIndex((said) => said.startsWith("Too many sign-ins"));
    expect(refused >= perMinute, `the answers were: ${words.join(" ")}`);
    await page.close();
    browser.expectTrouble(false);
  });
}

const newcomer = { username: "vera", name: "Vera Viola", role: "Viewer" };

export async function comeAndGo({ browser, page }) {
  let password;
  await act("the admin asks viewers for a second factor, and maps two groups", async () => {
    await page.goto("/review-policy");
    await page.getByRole("navigation", { name: "Policies" }).getByRole("link", { name: "Access" }).click();
    await page.getByRole("heading", { name: "Access policy", level: 1 }).waitFor();
    await page.getByLabel("Viewer", { exact: true }).check();
    for (const [index, group] of ["soc", "red-team"].entries()) {
      await page.getByRole("button", { name: "Add a group" }).click();
      await page.getByLabel(`Group ${index + 1}`, { exact: true }).fill(group);
    }
    await page.getByLabel("Role of red-team").selectOption({ label: "Red technician" });
    await page.getByRole("button", { name: "Move red-team up" }).click();
    await page.getByLabel("Their role").selectOption({ label: "Viewer" });
    await page.getByLabel("Reason").fill("Asked for by the audit.");
    await browser.inspect(page, "access policy changed");
    await page.getByRole("button", { name: "Change the policy" }).click();
    await page
      .getByText("Second factor for Viewer; Groups red-team → Red technician, soc → Viewer; Without a group Viewer: Asked for by the audit.")
      .waitFor();
  });
  await browser.inspect(page, "access policy");

  await act("a new viewer chooses a password, and is led to set up a second factor before anything else", async () => {
    await page.goto("/users");
    await page.getByRole("button", { name: "Create user" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Username").fill(newcomer.username);
    await dialog.getByLabel("Display name").fill(newcomer.name);
    await dialog.getByLabel("Mail address").fill("vera@example.org");
    await dialog.getByLabel("Role").selectOption({ label: newcomer.role });
    await dialog.getByRole("button", { name: "Create user" }).click();
    const given = await dialog.getByLabel("Generated password").innerText();
    await dialog.getByRole("button", { name: "Done" }).click();
    password = `${given} of my own`;

    const window = await browser.open("the newcomer");
    await window.goto("/campaigns");
    await signIn(window, newcomer.username, given);
    await window.getByRole("heading", { name: "Choose a new password" }).waitFor();
    await window.getByLabel("Current password").fill(given);
    await window.getByLabel("New password", { exact: true }).fill(password);
    await window.getByLabel("Repeat new password").fill(password);
    await window.getByRole("button", { name: "Change password" }).click();
    await window.getByRole("heading", { name: "Set up a second factor" }).waitFor();
    await browser.inspect(window, "second factor wanted", { reloading: true });
    await window.goto("/tests");
    await window.getByRole("heading", { name: "Set up a second factor" }).waitFor();
    await setUp(window, password);
    await window.waitForURL("**/tests");
    await window.getByRole("heading", { name: "Tests", level: 1 }).waitFor();
    for (const label of ["Users", "Policies", "Service accounts", "System", "Pending tasks"]) {
      expect((await window.getByRole("link", { name: label }).count()) === 0, `${label} is shown to a viewer`);
    }
    await window.goto("/access-policy");
    await window.getByRole("heading", { name: "This page is not open to your role" }).waitFor();
    await window.goto("/tests");
  });

  const row = page.getByRole("row").filter({ hasText: newcomer.name });
  const choose = async (action) => {
    await page.getByRole("button", { name: `Actions for ${newcomer.username}` }).click();
    await page.getByRole("menuitem", { name: action }).click();
    return page.getByRole("dialog");
  };
  await act("the admin looks at the account, where it is signed in, and resets its second factor", async () => {
    await page.goto("/users");
    await row.getByText("On", { exact: true }).waitFor();
    await row.getByRole("button", { name: newcomer.username, exact: true }).click();
    const panel = page.getByRole("complementary", { name: `Account of ${newcomer.username}` });
    await panel.getByRole("listitem").first().waitFor();
    await browser.inspect(page, "person");
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    await until("the focus where it came from", () => row.evaluate((of) => of.contains(document.activeElement)));
    const dialog = await choose("Reset second factor");
    await dialog.getByRole("button", { name: "Reset second factor" }).click();
    await dialog.waitFor({ state: "detached" });
    await row.getByText("Off", { exact: true }).waitFor();
  });

  await act("whoever leaves is deactivated, and erased once the name is typed", async () => {
    const closing = await choose("Deactivate");
    await closing.getByRole("button", { name: "Deactivate" }).click();
    await closing.waitFor({ state: "detached" });
    await row.getByText("Deactivated").waitFor();
    const erasing = await choose("Erase");
    const button = erasing.getByRole("button", { name: "Erase for good" });
    expect(await button.isDisabled(), "without the name nothing is erased");
    await erasing.getByLabel("Type vera to confirm").fill(newcomer.username);
    await browser.inspect(page, "erase");
    await button.click();
    await erasing.waitFor({ state: "detached" });
    await page.getByRole("row").filter({ hasText: "former user" }).getByText("Erased").waitFor();
    expect((await row.count()) === 0, "the name is gone");
  });
  await browser.inspect(page, "users with a former one");
}
