/** Two runs of one campaign, made by its schedule, and what changed from one to the next; a clone of it. */
import { act, expect, until } from "./report.mjs";
import { attack, detect, stateIs, vote } from "./steps.mjs";

/** Of the clock in UTC, as the field for a local time wants it. */
const inAMinute = () => new Date(Date.now() + 60_000).toISOString().slice(0, 16);

/** Sets the campaign to run in a minute: schedules know whole minutes, and workers look twice in one. */
export async function letItRunSoon({ page, campaign }) {
  await act(`the schedule of ${campaign} is moved to the next minute`, async () => {
    await page.goto(campaign);
    await page.getByRole("button", { name: "Change the schedule" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Weekly").check();
    await dialog.getByLabel("Time zone").fill("Etc/UTC");
    await dialog.getByLabel("First time, on the clock of the zone").fill(inAMinute());
    await dialog.getByRole("button", { name: "Save the schedule" }).click();
    await dialog.waitFor({ state: "detached" });
  });
}

const runs = (page) => page.getByRole("list", { name: "Runs" }).getByRole("link");

/** Waits for the latest run, and plays its first test to a result. */
export async function playRun({ windows, campaign, count, result }) {
  const { redTech, blueTech, redLead, blueLead } = windows;
  await act(`run ${count} is made, and its first test ends as ${result.toLowerCase()}`, async () => {
    await redLead.goto(campaign);
    await until(`run ${count}`, () => runs(redLead).count(), (found) => found === count, 150_000);
    await runs(redLead).first().click();
    await redLead.getByTestId("campaign-state").getByText("Active", { exact: true }).waitFor();
    await redLead.getByText(/^Run of #/).waitFor();
    await redLead.getByRole("group", { name: "Tests and what they wait for" }).getByRole("link").first().click();
    await redLead.waitForURL(/\/tests\/\d+$/);
    const { pathname } = new URL(redLead.url());
    for (const page of [redTech, blueTech, blueLead]) await page.goto(pathname);
    await redTech.getByRole("button", { name: "Start execution" }).click();
    await stateIs(redTech, "Red executing");
    await attack(redTech, "As planned.");
    await stateIs(blueTech, "Blue evaluating");
    await detect(blueTech, result, "What was seen.");
    await stateIs(redLead, "In review");
    await vote(redLead, "red", "");
    await blueLead.getByText("Waiting for the vote of the blue lead").waitFor();
    await vote(blueLead, "blue", "");
    await stateIs(blueLead, "Validated");
  });
}

export async function compareRuns({ browser, page, campaign }) {
  await act("the two runs are held against each other", async () => {
    await page.goto(campaign);
    await page.getByRole("button", { name: "Compare two runs" }).click();
    await page.getByTestId("comparison").getByText("1 better, 0 worse, 0 same, 1 not validated in both").waitFor();
    const row = page.getByRole("group", { name: "Comparison" }).getByRole("row").nth(1);
    await row.getByRole("link", { name: "Not detected" }).waitFor();
    await row.getByRole("link", { name: "Detected", exact: true }).waitFor();
    await row.getByText("Better").waitFor();
  });
  await browser.inspect(page, "campaign runs compared");

  await act("a clone of the campaign is a draft with the same plan, under a name of its own", async () => {
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Clone" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Spring");
    await dialog.getByRole("button", { name: "Clone campaign" }).click();
    await page.getByRole("heading", { name: /Spring/, level: 1 }).waitFor();
    await page.getByTestId("campaign-state").getByText("Draft", { exact: true }).waitFor();
    const graph = page.getByRole("group", { name: "Tests and what they wait for" });
    await until("two tests", () => graph.getByRole("link").count(), (count) => count === 2);
    expect((await page.getByRole("button", { name: "Compare two runs" }).count()) === 0, "no runs came along");
  });
}
