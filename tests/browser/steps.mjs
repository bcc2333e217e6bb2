/** What people do with a test, as its page offers it. */

export async function stateIs(page, words) {
  await page.getByTestId("test-state").getByText(words, { exact: true }).waitFor();
}

/** Casts a vote, an approving one unless said otherwise; the moment of the click. */
export async function vote(page, side, notes, { verdict = "Approve", before } = {}) {
  await page.getByRole("button", { name: `Vote for ${side}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(verdict).check();
  await dialog.getByLabel("Notes").fill(notes);
  await before?.();
  await dialog.getByRole("button", { name: "Cast vote" }).click();
  const cast = performance.now();
  await dialog.waitFor({ state: "detached" });
  return cast;
}

const minutesAgo = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString().slice(0, 19);

/** Red writes the attack down and hands over. */
export async function attack(page, summary) {
  await page.getByRole("button", { name: "Record attack" }).click();
  const form = page.getByRole("form", { name: "Attack record" });
  if ((await form.getByLabel("Procedure").inputValue()) === "") await form.getByLabel("Procedure").fill("rundll32 comsvcs.dll");
  await form.getByLabel("Time zone of these times").selectOption("+00:00");
  await form.getByLabel("Attack started").fill(minutesAgo(30));
  await form.getByLabel("Yes").check();
  await form.getByLabel("Summary").fill(summary);
  await form.getByRole("button", { name: "Save attack record" }).click();
  await form.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Submit execution" }).click();
  await stateIs(page, "Blue evaluating");
}

/** Blue writes down what was seen and hands over. */
export async function detect(page, result, summary) {
  await page.getByRole("button", { name: "Record detection" }).click();
  const form = page.getByRole("form", { name: "Detection record" });
  await form.getByLabel(result, { exact: true }).check();
  await form.getByLabel("Time zone of these times").selectOption("+00:00");
  if (result !== "Not detected") await form.getByLabel("Detected at").fill(minutesAgo(20));
  await form.getByLabel("Summary").fill(summary);
  await form.getByRole("button", { name: "Save detection record" }).click();
  await form.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Submit evaluation" }).click();
  await stateIs(page, "In review");
}
