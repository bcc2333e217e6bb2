/** Two leads who disagree while the policy leaves that open, seen by the one who had approved. */
import { act, check, expect, until } from "./report.mjs";
import { attack, detect, stateIs, vote } from "./steps.mjs";
import { uploadWithTrouble } from "./uploads.mjs";

export async function disagree({ browser, admin, windows, people, objective, store }) {
  const { redTech, blueTech, redLead, blueLead } = windows;
  const title = "Disputed persistence";

  await act("the admin lets leads disagree", async () => {
    await admin.goto("/review-policy");
    await admin.getByRole("switch", { name: "Disputes" }).check();
    await admin.getByLabel("Reason").fill("Leads talk before a round ends.");
    await admin.getByRole("button", { name: "Change the policy" }).click();
    await admin.getByText(/: Leads talk before a round ends/).first().waitFor();
  });

  await act("a test is copied, and its title is the draft's own", async () => {
    await redTech.goto("/tests?q=Encoded&state=VALIDATED");
    await redTech.getByRole("list", { name: "Tests" }).getByRole("link").first().click();
    await stateIs(redTech, "Validated");
    await redTech.getByRole("button", { name: "More" }).click();
    await redTech.getByRole("menuitem", { name: "Clone" }).click();
    const dialog = redTech.getByRole("dialog");
    await dialog.getByLabel("Title").fill(title);
    await dialog.getByRole("button", { name: "Clone test" }).click();
    await redTech.getByRole("heading", { name: title, level: 1 }).waitFor();
    await stateIs(redTech, "Draft");
    await redTech.getByText(objective).waitFor();
    const votes = await redTech.getByRole("region", { name: /^Votes/ }).count();
    expect(votes === 0, "no vote came along");
  });
  const { pathname } = new URL(redTech.url());

  await act("the clock stands while the work is paused, and goes on after it", async () => {
    await redTech.getByRole("button", { name: "Start execution" }).click();
    await stateIs(redTech, "Red executing");
    const clock = redTech.getByRole("region", { name: "Red, round 1" }).getByTestId("clock");
    const state = (wanted) => until(`the clock is ${wanted}`, () => clock.getAttribute("data-state"), (is) => is === wanted);
    const time = () => clock.getByRole("timer").innerText();
    await state("running");
    await redTech.getByRole("region", { name: "Red, round 1" }).getByRole("button", { name: "Pause" }).click();
    const dialog = redTech.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("The host restarts.");
    await dialog.getByRole("button", { name: "Pause" }).click();
    await state("paused");
    const stood = await time();
    await browser.inspect(redTech, "work paused");
    expect((await time()) === stood, `the clock went from ${stood} to ${await time()}`);
    await redTech.getByRole("button", { name: "Resume" }).click();
    await state("running");
    await until("the clock goes on", time, (shown) => shown !== stood);
  });

  const red = () => redTech.getByRole("region", { name: "Red, round 1" });
  await uploadWithTrouble({ browser, page: redTech, side: red, evidence: () => red().getByTestId("evidence"), store });

  await act("a mention is completed from the first letters, with the keyboard", async () => {
    const box = redTech.getByRole("combobox", { name: "Comment" });
    await box.pressSequentially("Look at this, @azu");
    const choice = redTech.getByRole("listbox", { name: "People" }).getByRole("option", { name: /^@boris/ });
    await choice.waitFor();
    await browser.inspect(redTech, "mention being typed");
    await box.press("Enter");
    expect((await box.inputValue()) === "Look at this, @boris ", `the box holds ${await box.inputValue()}`);
    await box.pressSequentially("please");
    await box.press("Control+Enter");
    const said = redTech.getByTestId("comment").filter({ hasText: "Look at this" });
    await said.getByTitle(`Mentions ${people.blueLead.name}`).waitFor();
    await redTech.getByRole("region", { name: /^Timeline/ }).getByText(/omment/).first().waitFor();
  });

  await act("red approves, blue rejects, and the test is disputed", async () => {
    for (const page of [blueTech, redLead, blueLead]) await page.goto(pathname);
    await attack(redTech, "The task was there after the restart.");
    await stateIs(blueTech, "Blue evaluating");
    await detect(blueTech, "Detected", "An alert within a minute.");
    await stateIs(redLead, "In review");
    await vote(redLead, "red", "The record is complete.");
    await blueLead.getByText("Waiting for the vote of the blue lead").waitFor();
    await vote(blueLead, "blue", "That alert belongs to another host.", { verdict: "Reject" });
    for (const page of [redTech, redLead, blueLead]) await stateIs(page, "Disputed");
  });

  await act("the approving lead finds it among the pending tasks, with what the other says", async () => {
    await redLead.goto("/pending");
    await browser.inspect(redLead, "pending tasks of a lead");
    await redLead.getByRole("link", { name: title }).first().click();
    const dispute = redLead.getByRole("region", { name: "Dispute" });
    await dispute.getByText(`${people.blueLead.name} rejected the blue side`).waitFor();
    await dispute.getByText("That alert belongs to another host.").waitFor();
    await dispute.getByText(/^Two ways on: replace your approval/).waitFor();
    await browser.inspect(redLead, "test disputed");
  });

  await act("the approval is replaced, and the round ends as rejected", async () => {
    await redLead.getByRole("button", { name: "Replace red vote" }).click();
    const dialog = redLead.getByRole("dialog");
    await dialog.getByLabel("Reject").check();
    await dialog.getByLabel("Notes").fill("Right, the wrong host.");
    await dialog.getByRole("button", { name: "Cast vote" }).click();
    for (const page of [redTech, redLead, blueLead]) await stateIs(page, "Rejected");
    await redLead.getByTestId("votes-RED").getByText("Right, the wrong host.").waitFor();
  });
  await check("the approval before it stays readable", async () => {
    await redLead.getByTestId("votes-RED").getByText("The record is complete.").waitFor();
  });
}
