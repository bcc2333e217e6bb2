/**
 * The daily work around one gap: evidence by drag, by paste and by choice, a rejection, another
 * round, a test that shows a gap, its remediation, and the retest that verifies it by itself.
 */
import { drop, paste, picture, text } from "./files.mjs";
import { act, expect, until } from "./report.mjs";
import { attack, detect, stateIs, vote } from "./steps.mjs";

const title = "Dump the memory of LSASS";

export async function closeTheGap({ browser, windows, people, attackId }) {
  const { redTech, blueTech, redLead, blueLead } = windows;
  const everybody = [redTech, blueTech, redLead, blueLead];
  const side = (page, name, round = 1) => page.getByRole("region", { name: `${name}, round ${round}` });
  const evidence = (page, name, round) => side(page, name, round).getByTestId("evidence");

  await act("a draft is written with a planned procedure", async () => {
    await redTech.goto("/tests");
    await redTech.getByRole("button", { name: "Draft a test" }).click();
    const dialog = redTech.getByRole("dialog", { name: "Draft a test" });
    await dialog.getByRole("combobox", { name: "Technique" }).fill(attackId);
    await dialog.getByLabel("Title").fill(title);
    await dialog.getByLabel("Planned procedure").fill("rundll32 comsvcs.dll, MiniDump");
    await dialog.getByLabel("Due date").fill("2020-01-31");
    await dialog.getByRole("button", { name: "Draft test" }).click();
    await redTech.waitForURL(/\/tests\/\d+$/);
    const { pathname } = new URL(redTech.url());
    for (const page of [blueTech, redLead, blueLead]) await page.goto(pathname);
    await redTech.getByRole("button", { name: "Start execution" }).click();
    await stateIs(redTech, "Red executing");
  });

  await act("a file of no kind that is taken in is refused before it is sent", async () => {
    await drop(redTech, side(redTech, "Red"), [text("run.exe", "application/octet-stream", "MZ")]);
    const staged = redTech.getByRole("form", { name: "Files to add" });
    await staged.getByText("'run.exe' is of no kind that is taken in").waitFor();
    expect(await staged.getByRole("button", { name: "Upload" }).isDisabled(), "nothing can be sent");
    await staged.getByRole("button", { name: "Discard" }).click();
  });

  await act("the red technician drops three files on the red side, and they are added", async () => {
    const files = [
      picture("console.png"),
      text("events.csv", "text/csv", 'time,said\n10:00,"one, two"\n'),
      text("trace.json", "application/json", '{"image":"rundll32.exe"}'),
    ];
    await drop(redTech, side(redTech, "Red"), files, async () => {
      expect((await side(redTech, "Red").getAttribute("data-over")) === "true", "the side says that it takes files");
    });
    await redTech.getByLabel("Caption of console.png").fill("The dump as it was written");
    await redTech.getByRole("button", { name: "Upload 3 files" }).click();
    await until("three files", () => evidence(redTech, "Red").count(), (count) => count === 3);
    await evidence(redTech, "Red").getByText("The dump as it was written").waitFor();
  });

  await act("a screenshot is pasted to the side that is open", async () => {
    await paste(redTech, [picture("image.png")]);
    await redTech.getByRole("form", { name: "Files to add" }).getByText(/^screenshot-.*\.png/).waitFor();
    await browser.inspect(redTech, "evidence before it is sent");
    await redTech.keyboard.press("Enter");
    await until("four files", () => evidence(redTech, "Red").count(), (count) => count === 4);
  });

  await act("pictures, tables and JSON can be looked at in the page", async () => {
    const look = (name) => side(redTech, "Red").getByRole("button", { name, exact: true }).click();
    const dialog = redTech.getByRole("dialog");
    await look("console.png");
    await dialog.getByRole("img", { name: "The dump as it was written" }).waitFor();
    const place = () => dialog.getByText(/^\d of 4$/).innerText();
    const first = await place();
    // In which order they came in is open, so there may be a neighbour on one side only.
    await redTech.keyboard.press(first.startsWith("4") ? "ArrowLeft" : "ArrowRight");
    await until("its neighbour", place, (shown) => shown !== first);
    await redTech.keyboard.press("Escape");
    await look("trace.json");
    await dialog.getByText('"image": "rundll32.exe"').waitFor();
    await redTech.keyboard.press("Escape");
    await look("events.csv");
    await dialog.getByRole("cell", { name: "one, two" }).waitFor();
    await browser.inspect(redTech, "evidence preview");
    await redTech.keyboard.press("Escape");
  });

  await act("a file is taken out with a reason, and stays readable as a record", async () => {
    await redTech.getByRole("button", { name: "Take out events.csv" }).click();
    const dialog = redTech.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("It is of another run.");
    await dialog.getByRole("button", { name: "Take out" }).click();
    await evidence(blueLead, "Red").filter({ hasText: "It is of another run." }).waitFor();
  });

  await act("the work is paused with a reason and goes on", async () => {
    await side(redTech, "Red").getByRole("button", { name: "Pause" }).click();
    const dialog = redTech.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("A clean machine is needed.");
    await dialog.getByRole("button", { name: "Pause" }).click();
    await side(redLead, "Red").getByText("A clean machine is needed.").waitFor();
    await side(redTech, "Red").getByRole("button", { name: "Resume" }).click();
    await side(redTech, "Red").getByText(/^1 pause, /).waitFor();
  });

  await act("the record starts from the plan, and red hands over", async () => {
    await redTech.getByRole("button", { name: "Record attack" }).click();
    const form = redTech.getByRole("form", { name: "Attack record" });
    expect((await form.getByLabel("Procedure").inputValue()) === "rundll32 comsvcs.dll, MiniDump", "the plan stands there");
    await form.getByRole("button", { name: "Cancel" }).click();
    await attack(redTech, "The dump was written.");
  });

  await act("blue takes it up, adds a log and hands over", async () => {
    await stateIs(blueTech, "Blue evaluating");
    await blueTech.getByTestId("primary-action").filter({ hasText: "Take up" }).click();
    await side(blueTech, "Blue").getByText("Taken up").waitFor();
    await blueTech.getByLabel("Files of evidence of blue").setInputFiles({
      name: "search.log",
      mimeType: "text/plain",
      buffer: Buffer.from("no events\n"),
    });
    await blueTech.getByRole("button", { name: "Upload" }).click();
    await until("one file", () => evidence(blueTech, "Blue").count(), (count) => count === 1);
    await detect(blueTech, "Not detected", "No event was found.");
  });

  await act("a mention in a comment is shown to everybody", async () => {
    await blueTech.getByRole("combobox", { name: "Comment" }).fill("@rosa which host was it?");
    await blueTech.getByRole("button", { name: "Comment", exact: true }).click();
    await redTech.reload();
    await redTech.getByTestId("comment").getByText("@rosa", { exact: true }).waitFor();
  });

  await act("one rejection ends the round, and the votes say what they saw", async () => {
    await stateIs(redLead, "In review");
    await vote(redLead, "red", "The record is complete.");
    await stateIs(blueLead, "In review");
    await blueLead.getByText("Waiting for the vote of the blue lead").waitFor();
    await vote(blueLead, "blue", "The search covered the wrong host.", { verdict: "Reject" });
    for (const page of everybody) {
      await stateIs(page, "Rejected");
      await page.getByTestId("votes-RED").getByText("Saw 4 files").waitFor();
    }
  });
  await browser.inspect(blueLead, "test rejected");

  await act("the blue lead reopens it, and the second round shows the gap", async () => {
    await blueLead.getByRole("button", { name: "Reopen" }).click();
    const dialog = blueLead.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("Search again on the right host.");
    await dialog.getByRole("button", { name: "Reopen test" }).click();
    await stateIs(redTech, "Draft");
    await redTech.getByRole("button", { name: "Start execution" }).click();
    await stateIs(redTech, "Red executing");
    await attack(redTech, "Done once more.");
    await stateIs(blueTech, "Blue evaluating");
    await detect(blueTech, "Not detected", "Nothing was seen, on the right host this time.");
    await stateIs(redLead, "In review");
    await vote(redLead, "red", "");
    await blueLead.getByText("Waiting for the vote of the blue lead").waitFor();
    await vote(blueLead, "blue", "A gap.");
    await stateIs(blueLead, "Validated");
  });

  const original = new URL(blueLead.url()).pathname;
  let remediation;
  await act("the blue lead opens a remediation from it", async () => {
    await blueLead.getByRole("button", { name: "Open remediation" }).click();
    const dialog = blueLead.getByRole("dialog");
    await dialog.getByLabel("Title").fill("Collect process access events");
    await dialog.getByLabel("Priority").selectOption({ label: "High" });
    await dialog.getByLabel("Due date").fill("2020-02-29");
    await dialog.getByLabel("Assignee").selectOption({ label: `${people.blueTech.name}, ${people.blueTech.role}` });
    await dialog.getByRole("button", { name: "Open remediation" }).click();
    await blueLead.waitForURL(/\/remediations\/\d+$/);
    remediation = new URL(blueLead.url()).pathname;
    await blueLead.getByRole("button", { name: "Add a step" }).click();
    const step = blueLead.getByRole("dialog");
    await step.getByLabel("What is to be done").fill("Deploy the configuration");
    await step.getByRole("button", { name: "Add step" }).click();
    await blueLead.getByTestId("step").waitFor();
  });

  const remediationIs = (page, words) => page.getByTestId("remediation-state").getByText(words, { exact: true }).waitFor();
  await act("the assignee finds it among the pending tasks, does it and completes it", async () => {
    await blueTech.goto("/pending");
    await blueTech.getByRole("region", { name: "Remediations assigned to you" }).locator(`a[href="${remediation}"]`).click();
    await blueTech.waitForURL(`**${remediation}`);
    await blueTech.getByRole("button", { name: "Start" }).click();
    await remediationIs(blueTech, "In progress");
    await blueTech.getByLabel("Deploy the configuration is done").check();
    await browser.inspect(blueTech, "remediation in progress");
    await blueTech.goto("/remediations");
    await blueTech.getByRole("region", { name: "In progress" }).locator(`a[href="${remediation}"]`).waitFor();
    await browser.inspect(blueTech, "remediation board");
    await blueLead.reload();
    await blueLead.getByRole("button", { name: "Complete" }).click();
    const dialog = blueLead.getByRole("dialog");
    await dialog.getByLabel("What was done").fill("Deployed everywhere.");
    await dialog.getByRole("button", { name: "Complete" }).click();
  });

  let retest;
  await act("the retest is drafted by itself, and the chain leads there and back", async () => {
    const link = blueLead.getByRole("region", { name: "Retest chain" }).getByRole("link", { name: /^Retest 1: / });
    await link.waitFor();
    await link.click();
    await blueLead.waitForURL(/\/tests\/\d+$/);
    retest = new URL(blueLead.url()).pathname;
    const chain = blueLead.getByRole("region", { name: "Remediation and retests" });
    await chain.getByText("Retest 1 of").waitFor();
    await chain.getByRole("link", { name: /remediation #/ }).waitFor();
    await redTech.goto(original);
    await redTech.getByRole("list", { name: "Retests" }).getByRole("link").click();
    await redTech.waitForURL(`**${retest}`);
  });

  await act("the retest is detected, and that verifies the remediation", async () => {
    for (const page of [blueTech, redLead]) await page.goto(retest);
    await redTech.getByRole("button", { name: "Start execution" }).click();
    await stateIs(redTech, "Red executing");
    await attack(redTech, "The same once more.");
    await stateIs(blueTech, "Blue evaluating");
    await detect(blueTech, "Detected", "An alert within a minute.");
    await stateIs(redLead, "In review");
    await vote(redLead, "red", "");
    await blueLead.getByText("Waiting for the vote of the blue lead").waitFor();
    await vote(blueLead, "blue", "The gap is closed.");
    await stateIs(blueLead, "Validated");
    await blueLead.goto(remediation);
    await remediationIs(blueLead, "Verified");
  });
  await browser.inspect(blueLead, "remediation verified");
  await act("the original test shows what came of its gap", async () => {
    await blueLead.goto(original);
    const chain = blueLead.getByRole("region", { name: "Remediation and retests" });
    await chain.getByText("Verified").waitFor();
    await chain.getByText("Detected", { exact: true }).waitFor();
  });
  await browser.inspect(blueLead, "test with its chain");
}
