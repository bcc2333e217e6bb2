/**
 * The story of one test, told by the people in it: an admin imports ATT&CK and makes four
 * accounts, red attacks, blue looks, both leads vote, and a matrix that stood open the whole
 * time turns with them. Each window stands at an address of its own, as the sign-in limit sees it.
 * `run.sh` starts the server that this plays against.
 */
import { execFile } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { comeAndGo, guess } from "./access.mjs";
import { followTheTrail } from "./audit.mjs";
import { readTheBell } from "./bell.mjs";
import { smallBundle } from "./bundle.mjs";
import { workOnMany } from "./bulk.mjs";
import { signIn } from "./codes.mjs";
import { disagree } from "./dispute.mjs";
import { act, check, Ended, expect, total, until } from "./report.mjs";
import { tellOutside } from "./hooks.mjs";
import { openCampaign, planFromTheCatalogue } from "./planning.mjs";
import { compareRuns, letItRunSoon, playRun } from "./runs.mjs";
import { watchTheMachine } from "./status.mjs";
import { stateIs, vote } from "./steps.mjs";
import { keepOwnAccount } from "./profile.mjs";
import { letAProgramIn } from "./programs.mjs";
import { comeFromElsewhere } from "./sso.mjs";
import { openStore } from "./store.mjs";
import { keepViews } from "./views.mjs";
import { openBrowser } from "./windows.mjs";
import { closeTheGap } from "./workflow.mjs";

const address = process.env.STORY_ADDRESS;
const scratch = process.env.STORY_SCRATCH;
const realFile = "../shared/data/enterprise-attack-18.1.json.zst";

const bundle = existsSync(realFile)
  ? { file: realFile, techniques: 691, tactics: 14 }
  : { file: path.join(scratch, "small-attack.json"), techniques: smallBundle.techniques, tactics: 3 };
if (bundle.file !== realFile) {
  writeFileSync(bundle.file, smallBundle.json());
  console.log("skipped: ../shared/data is absent, so a small bundle is imported instead");
}

const attackId = "T1059";
const title = "Encoded PowerShell from a macro";
const people = {
  redTech: { username: "rosa", name: "Rosa Rot", role: "Red technician" },
  blueTech: { username: "bela", name: "Bela Blau", role: "Blue technician" },
  redLead: { username: "ruth", name: "Ruth Rubin", role: "Red lead" },
  blueLead: { username: "boris", name: "Boris Azur", role: "Blue lead" },
};
/** When the attack is said to have happened, in UTC, as time fields want it. */
const attackStarted = Date.now() - 40 * 60_000;
const minutesIn = (minutes) => new Date(attackStarted + minutes * 60_000).toISOString().slice(0, 19);
/** Instants to come back to. */
const moments = {};

let browser;
let store;
try {
  await act("the way to the store of files is open", async () => {
    const [port, behind] = process.env.STORY_STORE.split(" ").map(Number);
    store = await openStore({ port, behind });
  });
  await act("Chromium starts", async () => {
    browser = await openBrowser({ address, pictures: path.resolve(process.env.STORY_PICTURES) });
  });
  await story();
} catch (error) {
  if (!(error instanceof Ended)) await check("the story comes to its end", () => Promise.reject(error));
  await browser?.lookAround();
}
await check("nothing in any window ended in an error", () => {
  const troubles = browser?.troubles() ?? [];
  expect(troubles.length === 0, [...new Set(troubles)].join("\n"));
});
await browser?.close().catch(() => undefined);
await store?.close();
process.exitCode = total() ? 0 : 1;

async function story() {
  const matrix = await browser.open("the open matrix");
  let starters;
  await matrix.goto("/");
  await matrix.getByRole("heading", { name: "Sign in" }).waitFor();
  await browser.inspect(matrix, "sign in", { reloading: true });

  await act("the admin signs in and sees the starter techniques", async () => {
    await signIn(matrix, "admin", process.env.ADMIN_PASSWORD);
    await matrix.waitForURL("**/matrix");
    await watchForReloads(matrix);
    starters = await until("the starter techniques", () => techniquesIn(matrix), (count) => count > 0);
    expect(starters >= 100 && starters <= 140, `${starters} starter techniques`);
    expect((await matrix.getByRole("columnheader").count()) === 14, "14 tactics");
    expect((await cellText(matrix)) === `${attackId} Command and Scripting Interpreter, Not evaluated`, "a cell");
    moments.starters = new Date().toISOString();
  });

  // The same session in a second window, so that the matrix stays as it is.
  const desk = await browser.open("the admin's desk", matrix);
  await act("an upload becomes a job with a progress bar, and succeeds", () => importBundle(desk));
  await act("the open matrix shows the imported release", async () => {
    await until("all techniques", () => techniquesIn(matrix), (count) => count === bundle.techniques);
    expect((await matrix.getByRole("columnheader").count()) === bundle.tactics, `${bundle.tactics} tactics`);
    moments.imported = new Date().toISOString();
  });
  await browser.inspect(desk, "jobs");

  const passwords = {};
  await act("the admin creates four users", () => createUsers(desk, passwords));
  await browser.inspect(desk, "users");

  await guess({ browser, username: people.redTech.username });

  const windows = {};
  await act("each signs in with the password handed over and must choose another", async () => {
    const enter = async ([who, person]) => {
      const page = await browser.open(person.role.toLowerCase());
      windows[who] = page;
      await page.goto("/tests");
      await signIn(page, person.username, passwords[who]);
      await page.getByRole("heading", { name: "Choose a new password" }).waitFor();
      if (who === "redTech") await browser.inspect(page, "change password", { reloading: true });
      const chosen = `${passwords[who]} of my own`;
      await page.getByLabel("Current password").fill(passwords[who]);
      await page.getByLabel("New password", { exact: true }).fill(chosen);
      await page.getByLabel("Repeat new password").fill(chosen);
      await page.getByRole("button", { name: "Change password" }).click();
      // The way leads on to the page that was asked for.
      await page.waitForURL("**/tests");
      await page.getByRole("heading", { name: "No tests yet" }).waitFor();
    };
    await Promise.all(Object.entries(people).map(enter));
  });
  const { redTech, blueTech, redLead, blueLead } = windows;
  await browser.inspect(blueTech, "tests without any");

  await act("a technician is told that the jobs are not open to the role", async () => {
    await blueTech.goto("/jobs");
    await blueTech.getByRole("heading", { name: "This page is not open to your role" }).waitFor();
    expect((await blueTech.getByRole("link", { name: "Users" }).count()) === 0, "no way to the users");
  });

  const seen = await recordCell(matrix);

  await act("the red technician walks the matrix with the keyboard", () => walkTheMatrix(redTech));
  await browser.inspect(redTech, "technique");

  let number;
  await act("the red technician drafts a test", async () => {
    await redTech.getByRole("button", { name: "Draft a test" }).click();
    const dialog = redTech.getByRole("dialog", { name: "Draft a test" });
    await until("the technique", () => dialog.getByRole("combobox", { name: "Technique" }).inputValue(), (value) => value === attackId);
    await dialog.getByLabel("Title").fill(title);
    await dialog.getByLabel("Objective").fill("Shows whether script block logging reaches the analysts.");
    await dialog.getByLabel("Tags").fill("macro, phishing");
    await browser.inspect(redTech, "draft dialog");
    await dialog.getByLabel("Assignee").selectOption({ label: `${people.redTech.name}, ${people.redTech.role}` });
    await dialog.getByRole("button", { name: "Draft test" }).click();
    await redTech.waitForURL(/\/tests\/\d+$/);
    number = new URL(redTech.url()).pathname.split("/").at(-1);
    await stateIs(redTech, "Draft");
  });

  await act("the others open the test", async () => {
    for (const page of [blueTech, redLead, blueLead]) {
      await page.goto("/tests");
      await page.getByRole("link", { name: title }).click();
      await stateIs(page, "Draft");
      await watchForReloads(page);
    }
  });

  await act("the red technician starts it, and the open matrix turns to in progress", async () => {
    await redTech.getByRole("button", { name: "Start execution" }).click();
    await stateIs(redTech, "Red executing");
    await matrix.getByRole("gridcell", { name: `${attackId} Command and Scripting Interpreter, In progress` }).waitFor();
  });

  await act("the red technician records the attack and submits", async () => {
    await redTech.getByRole("button", { name: "Record attack" }).click();
    const form = redTech.getByRole("form", { name: "Attack record" });
    await form.getByLabel("Procedure").fill("powershell.exe -NoProfile -EncodedCommand SQBFAFgA");
    await form.getByLabel("Tool").fill("Atomic Red Team");
    await form.getByLabel("Time zone of these times").selectOption("+00:00");
    await form.getByLabel("Attack started").fill(minutesIn(0));
    await form.getByLabel("Attack ended").fill(minutesIn(5));
    await form.getByLabel("Yes").check();
    await form.getByLabel("Summary").fill("The command ran and fetched a second stage.");
    await browser.inspect(redTech, "attack form");
    await form.getByRole("button", { name: "Save attack record" }).click();
    await form.waitFor({ state: "detached" });
    await redTech.getByText("Atomic Red Team").waitFor();
    await redTech.getByRole("button", { name: "Submit execution" }).click();
    await stateIs(redTech, "Blue evaluating");
  });

  await act("the blue technician records the detection and submits", async () => {
    await stateIs(blueTech, "Blue evaluating");
    await blueTech.getByRole("button", { name: "Record detection" }).click();
    const form = blueTech.getByRole("form", { name: "Detection record" });
    await form.getByLabel("Detected", { exact: true }).check();
    await form.getByLabel("Time zone of these times").selectOption("+00:00");
    await form.getByLabel("Detected at").fill(minutesIn(2));
    await form.getByLabel("Alerted at").fill(minutesIn(3));
    await form.getByLabel("Containment result").selectOption({ label: "Contained" });
    await form.getByLabel("Contained at").fill(minutesIn(10));
    await form.getByLabel("Summary").fill("Script block logging raised an alert within two minutes.");
    await browser.inspect(blueTech, "detection form");
    await form.getByRole("button", { name: "Save detection record" }).click();
    await form.waitFor({ state: "detached" });
    await blueTech.getByText("2 min after the attack started").waitFor();
    await blueTech.getByRole("button", { name: "Submit evaluation" }).click();
    await stateIs(blueTech, "In review");
  });

  await act("everybody sees that both leads are to vote", async () => {
    for (const page of [redTech, blueTech, redLead, blueLead]) {
      await stateIs(page, "In review");
      const votes = page.getByRole("region", { name: "Votes, round 1" });
      await votes.getByText("Waiting for the red lead").waitFor();
      await votes.getByText("Waiting for the blue lead").waitFor();
    }
    expect((await redTech.getByRole("button", { name: /^Vote/ }).count()) === 0, "a technician is offered a vote");
  });

  await act("the red lead approves, and everybody sees who is pending", async () => {
    await vote(redLead, "red", "The record is complete.", {
      before: () => browser.inspect(redLead, "vote dialog"),
    });
    for (const page of [redTech, blueTech, redLead, blueLead]) {
      const votes = page.getByRole("region", { name: "Votes, round 1" });
      await votes.getByText(`Approved by ${people.redLead.name} for red`).waitFor();
      await votes.getByText("Waiting for the blue lead").waitFor();
      expect((await votes.getByText("Waiting for the red lead").count()) === 0, "the red lead is no longer pending");
      await page.getByText("Waiting for the vote of the blue lead").waitFor();
    }
    expect((await cellText(matrix)).endsWith(", In progress"), "one vote does not validate");
    moments.review = new Date().toISOString();
  });
  await browser.inspect(blueLead, "test in review");

  await act("the blue lead approves, and the open matrix turns to validated", async () => {
    const cast = await vote(blueLead, "blue", "The alert came in time.");
    await matrix.getByRole("gridcell", { name: `${attackId} Command and Scripting Interpreter, Validated` }).waitFor();
    console.log(`      the cell turned ${Math.round(performance.now() - cast)} ms after the click`);
    for (const page of [redTech, blueTech, redLead, blueLead]) {
      await stateIs(page, "Validated");
      const votes = page.getByRole("region", { name: "Votes, round 1" });
      await votes.getByText(`Approved by ${people.redLead.name} for red`).waitFor();
      await votes.getByText(`Approved by ${people.blueLead.name} for blue`).waitFor();
    }
  });

  await act("the cell went through three states, and no window was reloaded", async () => {
    const states = (await seen()).map((text) => text.split(", ").at(-1));
    expect(states.join() === "Not evaluated,In progress,Validated", `the cell showed ${states.join(", ")}`);
    for (const page of [matrix, blueTech, redLead, blueLead]) {
      expect(await page.evaluate(() => window.storyMarker === true), `${page.url()} was loaded anew`);
    }
    expect((await matrix.getByTestId("legend-VALIDATED").innerText()).endsWith("1"), "the legend counts it");
  });

  await act("an instant in the address shows the past", () => lookBack(desk, number, starters));

  await act("the jump box finds the test, the technique and the pages", async () => {
    await desk.keyboard.press("Control+k");
    const box = desk.getByRole("combobox", { name: "Search or jump to" });
    await box.fill(`#${number}`);
    await desk.getByRole("option", { name: title }).waitFor();
    await box.fill(attackId);
    await desk.getByRole("option", { name: "Command and Scripting Interpreter" }).first().waitFor();
    await browser.inspect(desk, "jump box");
    await box.fill("system");
    await desk.getByRole("option", { name: /System$/ }).waitFor();
    await desk.keyboard.press("Escape");
    await box.waitFor({ state: "detached" });
  });

  await act("the account menu darkens the page, and the choice outlasts a reload", async () => {
    await desk.getByRole("button", { name: "Account" }).click();
    await desk.getByRole("menuitemradio", { name: "Dark" }).click();
    await desk.reload();
    await desk.waitForFunction(() => document.documentElement.dataset.theme === "dark");
    await desk.getByRole("button", { name: "Account" }).click();
    await desk.getByRole("menuitemradio", { name: "As the system" }).click();
    await desk.waitForFunction(() => document.documentElement.dataset.theme === "light");
    await desk.getByRole("button", { name: "Account" }).click();
    await desk.getByRole("menuitemradio", { name: "Light" }).waitFor();
  });
  await browser.inspect(desk, "account menu");
  await desk.keyboard.press("Escape");

  for (const [name, where, heading] of [
    ["matrix", "/matrix", "ATT&CK Matrix"],
    ["test", `/tests/${number}`, title],
    ["tests", "/tests", "Tests"],
    ["technique validated", `/techniques/${attackId}`, "Command and Scripting Interpreter"],
    ["system", "/system", "System"],
    ["no page", "/nowhere", "There is no page at this address"],
  ]) {
    await act(`the admin opens ${where}`, async () => {
      await desk.goto(where);
      await desk.getByRole("heading", { name: heading, level: 1 }).waitFor();
      if (name === "matrix") await desk.getByRole("gridcell").first().waitFor();
    });
    await browser.inspect(desk, name);
  }

  await closeTheGap({ browser, windows, people, attackId });
  await planFromTheCatalogue({ browser, page: redLead, attackId });
  const campaign = await openCampaign({ browser, page: redLead });
  await letItRunSoon({ page: redLead, campaign });
  await keepViews({ browser, page: redTech });
  await workOnMany({ browser, page: redLead, attackId });
  const objective = "Shows whether script block logging reaches the analysts.";
  await disagree({ browser, admin: desk, windows, people, objective, store });
  // A run comes within the next two minutes: meanwhile others go on with theirs.
  await letAProgramIn({ browser, page: desk, address });
  await keepOwnAccount({
    browser,
    page: blueTech,
    person: people.blueTech,
    password: `${passwords.blueTech} of my own`,
  });
  await playRun({ windows, campaign, count: 1, result: "Not detected" });
  await letItRunSoon({ page: redLead, campaign });
  for (const [name, where, heading] of [
    ["pending tasks", "/pending", "Pending tasks"],
    ["review policy", "/review-policy", "Review policy"],
  ]) {
    await act(`the admin opens ${where}`, async () => {
      await desk.goto(where);
      await desk.getByRole("heading", { name: heading, level: 1 }).waitFor();
    });
    await browser.inspect(desk, name);
  }
  await readTheBell({ browser, page: blueTech });
  await comeAndGo({ browser, page: desk });
  await comeFromElsewhere({
    browser,
    admin: desk,
    address,
    port: Number(process.env.STORY_PROVIDER),
    adminPassword: process.env.ADMIN_PASSWORD,
    local: { username: people.blueTech.username, password: `${passwords.blueTech} of my own` },
  });
  await tellOutside({ browser, page: desk, port: Number(process.env.STORY_SINK), number });
  await followTheTrail({ browser, page: desk, number, title });
  await watchTheMachine({ browser, page: desk });
  await playRun({ windows, campaign, count: 2, result: "Detected" });
  await compareRuns({ browser, page: redLead, campaign });

  await act("the jump box finds campaigns, remediations and templates too", () => jumpEverywhere(desk));

  await act("signing out ends the session", async () => {
    await redTech.getByRole("button", { name: "Account" }).click();
    await redTech.getByRole("menuitem", { name: "Sign out" }).click();
    await redTech.waitForURL("**/sign-in*");
    await redTech.goto(`/tests/${number}`);
    await redTech.getByRole("heading", { name: "Sign in" }).waitFor();
  });

  await act("aegis verify finds nothing edited", async () => {
    const { stdout } = await promisify(execFile)(process.env.STORY_BINARY, ["verify"], { cwd: scratch });
    console.log(stdout.trim().replaceAll(/^/gm, "      "));
  });
}

async function jumpEverywhere(page) {
  const box = page.getByRole("combobox", { name: "Search or jump to" });
  for (const [typed, option, where] of [
    ["winter", /^#\d+ ?Winter/, /\/campaigns\/\d+$/],
    ["process access", /Collect process access events/, /\/remediations\/\d+$/],
    ["cradle", /Download cradle ?T1059/, /\/catalogue\?template=/],
  ]) {
    await page.keyboard.press("Control+k");
    await box.fill(typed);
    await page.getByRole("option", { name: option }).first().click();
    await page.waitForURL(where);
  }
}

/** How many techniques and sub-techniques the legend counts. */
async function techniquesIn(page) {
  const counts = await page.getByRole("group", { name: "Filter by status" }).locator("strong").allInnerTexts();
  return counts.reduce((sum, count) => sum + Number(count), 0);
}

async function cellText(page) {
  return page.getByRole("gridcell", { name: new RegExp(`^${attackId} `) }).getAttribute("aria-label");
}

/** A reload would take this mark away. */
async function watchForReloads(page) {
  await page.evaluate(() => {
    window.storyMarker = true;
  });
}

/** Writes down every text the cell has, as a screen reader would hear it. */
async function recordCell(page) {
  await page.evaluate((id) => {
    const text = () => document.querySelector(`[role=gridcell][data-attack-id="${id}"]`)?.getAttribute("aria-label");
    window.storyCell = [text()];
    new MutationObserver(() => {
      const now = text();
      if (now && now !== window.storyCell.at(-1)) window.storyCell.push(now);
    }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-label"] });
  }, attackId);
  return () => page.evaluate(() => window.storyCell);
}

async function importBundle(page) {
  await page.goto("/jobs");
  await page.getByRole("heading", { name: "No jobs yet" }).waitFor();
  // Bars come and go quickly: every value of each is written down.
  await page.evaluate(() => {
    window.storyBars = {};
    const note = () => {
      for (const bar of document.querySelectorAll("[role=progressbar]")) {
        const values = (window.storyBars[bar.getAttribute("aria-label")] ??= []);
        const value = Number(bar.getAttribute("aria-valuenow") ?? -1);
        if (value !== values.at(-1)) values.push(value);
      }
    };
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose file" }).click();
  await (await chooser).setFiles(bundle.file);
  const job = page.getByRole("list", { name: "Jobs" }).getByRole("listitem").first();
  await until("the end of the import", () => job.getAttribute("data-state"), (state) => /SUCC|FAIL|CANC/.test(state), 240_000);
  const bars = await page.evaluate(() => window.storyBars);
  for (const [label, values] of Object.entries(bars)) console.log(`      ${label}: ${values.join(" ")}`);
  const text = await job.innerText();
  expect(text.includes("Succeeded"), `the job ended so: ${text}`);
  // A small file is through before a bar can be drawn.
  if (bundle.file !== realFile) return;
  expect(Object.keys(bars).some((label) => label.startsWith("Sending ")), "the upload had a progress bar");
  const rising = Object.entries(bars).find(([label]) => label.startsWith("Progress of "))?.[1] ?? [];
  expect(rising.length >= 3, `the bar of the job moved: ${rising}`);
  expect(rising.every((value, index) => index === 0 || value >= rising[index - 1]), `the bar went ${rising}`);
}

async function createUsers(page, passwords) {
  await page.getByRole("link", { name: "Users" }).click();
  await page.getByRole("heading", { name: "Users" }).waitFor();
  for (const [who, person] of Object.entries(people)) {
    await page.getByRole("button", { name: "Create user" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Username").fill(person.username);
    await dialog.getByLabel("Display name").fill(person.name);
    await dialog.getByLabel("Role").selectOption({ label: person.role });
    if (who === "redTech") await browser.inspect(page, "create user");
    await dialog.getByRole("button", { name: "Create user" }).click();
    const password = dialog.getByLabel("Generated password");
    passwords[who] = await password.innerText();
    if (who === "redTech") await browser.inspect(page, "password once");
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByRole("row").filter({ hasText: person.name }).getByText("Must change password").waitFor();
  }
}

async function walkTheMatrix(page) {
  const focused = () =>
    page.evaluate(() => ({
      cell: document.activeElement?.getAttribute("aria-label") ?? "",
      tactic: document.activeElement?.closest("[role=rowgroup]")?.getAttribute("aria-label") ?? "",
    }));
  const press = async (key) => {
    await page.keyboard.press(key);
    return focused();
  };
  await page.getByRole("link", { name: "Matrix" }).click();
  await page.getByRole("gridcell").first().waitFor();
  await page.keyboard.press("/");
  expect((await focused()).cell === "Search techniques", "the slash leads to the search");
  const first = await press("Enter");
  expect(/^T\d/.test(first.cell), `Enter leads to the first cell, not to ${first.cell}`);
  const second = await press("ArrowDown");
  expect(second.cell !== first.cell && second.tactic === first.tactic, "down stays in the tactic");
  expect((await press("ArrowUp")).cell === first.cell, "up comes back");
  const beside = await press("ArrowRight");
  expect(beside.tactic !== first.tactic, "right leads to the next tactic");
  expect((await press("ArrowLeft")).cell === first.cell, "left comes back");
  let here = first;
  for (let column = 0; here.tactic !== "Execution"; column += 1) {
    expect(column < bundle.tactics, `no way to Execution; now in ${here.tactic}`);
    here = await press("ArrowRight");
  }
  for (let row = 0; !here.cell.startsWith(`${attackId} `); row += 1) {
    expect(row < 60, `no way to ${attackId}; now at ${here.cell}`);
    here = await press("ArrowDown");
  }
  await page.getByRole("tooltip").getByText("Never tested").waitFor();
  expect((await page.locator("[role=gridcell][tabindex='0']").count()) === 1, "one cell is in the tab order");
  await press("Enter");
  await page.waitForURL(`**/techniques/${attackId}`);
  await page.getByRole("heading", { level: 1, name: "Command and Scripting Interpreter" }).waitFor();
  await page.getByText("Not evaluated").first().waitFor();
}

async function lookBack(page, number, starters) {
  const at = (moment) => `asOf=${encodeURIComponent(moment)}`;
  await page.goto(`/matrix?${at(moments.starters)}`);
  await until("the starter techniques", () => techniquesIn(page), (count) => count === starters);
  await page.goto(`/matrix?${at(moments.imported)}`);
  await until("the first release", () => techniquesIn(page), (count) => count === bundle.techniques);
  expect((await cellText(page)).endsWith(", Not evaluated"), "nothing was tested then");
  await page.getByRole("status").filter({ hasText: "as of" }).waitFor();

  await page.goto(`/tests/${number}?${at(moments.imported)}`);
  await page.getByRole("heading", { name: `No test #${number}` }).waitFor();
  await page.goto(`/tests/${number}?${at(moments.review)}`);
  await stateIs(page, "In review");
  const votes = page.getByRole("region", { name: "Votes, round 1" });
  await votes.getByText(`Approved by ${people.redLead.name} for red`).waitFor();
  await votes.getByText("Waiting for the blue lead").waitFor();
  expect((await page.getByRole("group", { name: "Actions" }).getByRole("button").count()) === 0, "the past is closed");
  await browser.inspect(page, "test in the past");

  await page.getByRole("button", { name: "Back to now" }).click();
  await stateIs(page, "Validated");
  expect(!page.url().includes("asOf"), "the address says now");
}
