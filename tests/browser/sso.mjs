/**
 * Single sign-on as people meet it, at a real provider on another site: Aegis is at 127.0.0.1 and the provider at
 * localhost, so whoever comes back comes from elsewhere, as far as cookies are concerned.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { signIn } from "./codes.mjs";
import { act, expect } from "./report.mjs";

const button = "Sign in with Example ID";
const host = "localhost";

/** `admin` is a window of the admin, `local` somebody with a password here. */
export async function comeFromElsewhere({ browser, admin, address, port, adminPassword, local }) {
  const callback = new URL("/auth/callback", address).href;
  const provider = `http://${host}:${port}`;
  const offer = (page) => page.getByRole("link", { name: button });
  const says = (page, words) => page.getByRole("alert").filter({ hasText: words }).waitFor();

  /** To the provider's page; whoever was there before is let through by it. */
  const leave = async (page, next) => {
    await page.goto(next);
    await offer(page).click();
    await page.waitForURL(`${provider}/interaction/*`);
  };
  const sayWho = async (page, who) => {
    await page.getByLabel("Who are you?").fill(who);
    await page.getByRole("button", { name: "Sign in" }).click();
  };
  const tamper = (form) => fetch(new URL("/tamper", provider), { method: "POST", body: new URLSearchParams(form) });
  const profileIs = async (page, words) => {
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("menuitem", { name: "Profile" }).click();
    await page.getByRole("heading", { name: "Profile", level: 1 }).waitFor();
    await page.getByText(words, { exact: true }).waitFor();
  };

  const stranger = await browser.open("somebody from elsewhere");
  await act("while the provider is away, its button says so", async () => {
    await stranger.goto("/sign-in");
    await offer(stranger).click();
    await says(stranger, "The provider does not answer");
  });
  await browser.inspect(stranger, "provider away", { reloading: true });

  const child = spawn("node", ["tests/oidc/provider.mjs", callback, host, String(port)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaints = "";
  child.stderr.on("data", (text) => {
    complaints += text;
  });
  try {
    await act("a provider is there", async () => {
      const lines = createInterface({ input: child.stdout });
      const first = await new Promise((resolve) => {
        lines.once("line", resolve);
        child.once("exit", () => resolve(`nothing, and ends: ${complaints}`));
      });
      expect(first === provider, `it prints ${first}`);
    });

    await act("whoever thinks better of it at the provider is back where they were, and told so", async () => {
      await leave(stranger, "/sign-in");
      await stranger.getByRole("button", { name: "Deny" }).click();
      await stranger.waitForURL("**/sign-in?refused=refused");
      await says(stranger, "The provider let nobody in");
      await offer(stranger).waitFor();
    });

    await act("a way back that another site's page could not have begun is no way in", async () => {
      await leave(stranger, "/sign-in");
      // What the state is kept in must come along from the provider's site. Were it Strict it would not: were this
      // let through, the two would be one site and all that is shown here worth nothing.
      const kept = (await stranger.context().cookies()).find(({ name }) => name === "aegis_sign_in");
      expect(kept.sameSite === "Lax", `it is ${kept.sameSite}`);
      await stranger.context().addCookies([{ ...kept, sameSite: "Strict" }]);
      await sayWho(stranger, "bob");
      await stranger.waitForURL("**/sign-in?refused=state");
      await says(stranger, "Try again");
    });

    await act("a state that is not the one of the departure is no way in", async () => {
      await tamper({ how: "state" });
      await stranger.goto("/sign-in");
      // The provider knows bob by now, and asks nothing.
      await offer(stranger).click();
      await stranger.waitForURL("**/sign-in?refused=state");
      await says(stranger, "Try again");
      await stranger.goto("/tests");
      await stranger.getByRole("heading", { name: "Sign in" }).waitFor();
      await tamper({});
    });

    const alice = await browser.open("alice");
    await act("alice comes back from the provider to the page that she wanted, with an account and a role", async () => {
      await leave(alice, "/campaigns");
      await sayWho(alice, "alice");
      await alice.waitForURL("**/campaigns");
      await alice.getByRole("heading", { name: "Campaigns", level: 1 }).waitFor();
      await profileIs(alice, "alice, Viewer");
      await alice.getByRole("listitem").filter({ hasText: "by single sign-on" }).waitFor();
      expect((await alice.getByLabel("Display name").inputValue()) === "Alice Archer", "her name came along");
      expect((await alice.getByRole("button", { name: "Change password" }).count()) === 0, "she has none to change");
    });
    await browser.inspect(alice, "profile by single sign-on");

    await act("signed out, and in another group since, she comes back in the role of that", async () => {
      await alice.getByRole("button", { name: "Account" }).click();
      await alice.getByRole("menuitem", { name: "Sign out" }).click();
      await alice.waitForURL("**/sign-in*");
      await tamper({ who: "alice", groups: "everybody,red-team" });
      await offer(alice).click();
      await alice.waitForURL((url) => url.origin === new URL(address).origin && !url.pathname.startsWith("/sign-in"));
      await profileIs(alice, "alice, Red technician");
      await admin.goto("/users");
      await admin.getByRole("row").filter({ hasText: "Alice Archer" }).getByText("Red technician").waitFor();
    });

    const setOnly = async (only, reason) => {
      await admin.goto("/access-policy");
      await admin.getByRole("switch", { name: "Single sign-on only" }).setChecked(only);
      await admin.getByLabel("Reason").fill(reason);
      await admin.getByRole("button", { name: "Change the policy" }).click();
      await admin.getByText(reason).first().waitFor();
    };
    await act("where it is the only way in, passwords let in nobody but admins", async () => {
      await setOnly(true, "Passwords are for emergencies.");
      const page = await browser.open("the way back");
      await page.goto("/tests");
      await page.getByText("Only admins use a password").waitFor();
      await browser.inspect(page, "sign in where passwords are for admins", { reloading: true });
      await signIn(page, local.username, local.password);
      await says(page, "Sign in by single sign-on");
      await signIn(page, "admin", adminPassword);
      await page.waitForURL("**/tests");
      await page.getByRole("heading", { name: "Tests", level: 1 }).waitFor();
      await page.close();
      await setOnly(false, "The emergency is over.");
    });
  } finally {
    child.kill();
  }
}
