/** A system outside is told what happens: signed, tried again, once more on request, and no longer. */
import { createHmac, timingSafeEqual } from "node:crypto";
import http from "node:http";
import { act, expect, until } from "./report.mjs";

/** Takes what webhooks send, and answers with the status it is told to. */
async function openSink(port) {
  const got = [];
  const sink = { status: 204, got };
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      got.push({ headers: request.headers, body: Buffer.concat(parts) });
      response.writeHead(sink.status).end();
    });
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  sink.close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return sink;
}

/** As whoever gets a delivery checks it. */
function isSigned({ headers, body }, secret) {
  const fields = Object.fromEntries(headers["aegis-signature"].split(",").map((part) => part.split("=")));
  const code = createHmac("sha256", secret).update(`${fields.t}.`).update(body).digest();
  const given = Buffer.from(fields.v1, "hex");
  const fresh = Math.abs(Date.now() / 1000 - Number(fields.t)) < 60;
  return given.length === code.length && timingSafeEqual(given, code) && fresh;
}

/** `number` is that of a test which somebody else wrote. */
export async function tellOutside({ browser, page, port, number }) {
  const sink = await openSink(port);
  try {
    await tell({ browser, page, port, number, sink });
  } finally {
    await sink.close();
  }
}

async function tell({ browser, page, port, number, sink }) {
  const deliveries = page.getByRole("table", { name: "Deliveries to Ticket system" });
  const row = (index) => deliveries.locator("tbody > tr:not(.detail-row)").nth(index);
  const nextOf = (seen, what) => until(what, () => sink.got[seen]);
  const choose = async (action) => {
    await page.getByRole("button", { name: "More for Ticket system" }).click();
    await page.getByRole("menuitem", { name: action }).click();
    return page.getByRole("dialog");
  };

  let secret;
  await act("an address inside is refused beside its field; another becomes a webhook, whose secret is shown once", async () => {
    await page.goto("/webhooks");
    await page.getByRole("heading", { name: "No webhooks yet" }).waitFor();
    await browser.inspect(page, "no webhooks");
    await page.getByRole("button", { name: "Create webhook" }).last().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Ticket system");
    await dialog.getByLabel("Address").fill("http://169.254.169.254/latest/meta-data");
    await dialog.getByLabel("Only some kinds").check();
    await dialog.getByRole("button", { name: "Create webhook" }).click();
    await dialog.getByText("Choose at least one kind.").waitFor();
    await dialog.getByLabel("Posted").check();
    await dialog.getByRole("button", { name: "Create webhook" }).click();
    await dialog.getByText(/which is not called/).waitFor();
    await browser.inspect(page, "webhook refused");
    await dialog.getByLabel("Address").fill(`http://127.0.0.1:${port}/tickets`);
    await dialog.getByRole("button", { name: "Create webhook" }).click();
    secret = await dialog.getByLabel("Secret", { exact: true }).innerText();
    await dialog.getByText("How the signature is checked").click();
    await browser.inspect(page, "webhook secret once");
    await dialog.getByRole("button", { name: "Done" }).click();
  });
  await browser.inspect(page, "webhooks");

  await act("the list is walked by keyboard, and a ping arrives signed with the secret", async () => {
    await page.keyboard.press("Escape");
    await page.evaluate(() => document.activeElement?.blur());
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Nothing was sent yet" }).waitFor();
    await page.getByRole("button", { name: "Send a ping" }).click();
    const ping = await nextOf(0, "the ping");
    expect(ping.headers["aegis-event"] === "PING", `the kind is ${ping.headers["aegis-event"]}`);
    expect(isSigned(ping, secret), "the secret that was shown signs the ping");
    expect(!isSigned(ping, `${secret}0`), "another secret does not");
    expect(!isSigned({ ...ping, body: Buffer.concat([ping.body, Buffer.from(" ")]) }, secret), "nor other bytes");
    await row(0).getByText("Delivered").waitFor();
    await row(0).getByText("204").waitFor();
  });

  await act("what is answered badly waits, and is tried again while the page looks on", async () => {
    sink.status = 503;
    await page.getByRole("button", { name: "Send a ping" }).click();
    await row(0).getByText("503").waitFor();
    await row(0).getByText("Waiting").waitFor();
    await row(0).getByRole("button", { name: "PING", exact: true }).click();
    await browser.inspect(page, "webhook that waits");
    sink.status = 204;
    await row(0).getByText("Delivered").waitFor();
    const [first, second] = sink.got.slice(1, 3).map(({ headers }) => headers["aegis-delivery"]);
    expect(first === second, "both attempts carry one id");
  });

  await act("a comment is told by ids alone, and once more on request under the same id", async () => {
    const log = page.url();
    const seen = sink.got.length;
    await page.goto(`/tests/${number}`);
    await page.getByRole("combobox", { name: "Comment" }).fill("The tickets hear of this.");
    await page.getByRole("button", { name: "Comment", exact: true }).click();
    const told = await nextOf(seen, "the comment");
    const body = JSON.parse(told.body);
    expect(body.kind === "COMMENT_POSTED" && String(body.subject.number) === String(number), `told: ${told.body}`);
    expect(!/tickets/.test(told.body), "the words of the comment stay inside");
    expect(isSigned(told, secret), "it is signed");
    await page.goto(log);
    await row(0).getByText("COMMENT_POSTED").waitFor();
    await row(0).getByRole("button", { name: "Replay COMMENT_POSTED" }).click();
    const again = await nextOf(seen + 1, "the replay");
    expect(again.headers["aegis-delivery"] === body.id, "the replay carries the same id");
    expect(again.body.equals(told.body) && isSigned(again, secret), "and the same bytes, signed anew");
    await row(0).getByText("Delivered").waitFor();
    await row(0).getByRole("button", { name: "COMMENT_POSTED", exact: true }).click();
    await page.getByText(body.id).first().waitFor();
  });
  await browser.inspect(page, "webhook");

  await act("a new secret takes the place of the old one", async () => {
    const dialog = await choose("New secret");
    await browser.inspect(page, "new secret");
    await dialog.getByRole("button", { name: "Make a new secret" }).click();
    const fresh = await dialog.getByLabel("Secret", { exact: true }).innerText();
    expect(fresh !== secret, "it is another one");
    await dialog.getByRole("button", { name: "Done" }).click();
    const seen = sink.got.length;
    await page.getByRole("button", { name: "Send a ping" }).click();
    const ping = await nextOf(seen, "the ping");
    expect(isSigned(ping, fresh) && !isSigned(ping, secret), "only the new secret signs");
  });

  await act("what is switched off sends nothing, and what is deleted is gone", async () => {
    const off = await choose("Switch off");
    await off.getByRole("button", { name: "Switch off" }).click();
    await page.getByText(/^It is switched off/).waitFor();
    expect((await page.getByRole("button", { name: "Send a ping" }).count()) === 0, "no ping is offered");
    await browser.inspect(page, "webhook off");
    const gone = page.url();
    const deletion = await choose("Delete");
    await deletion.getByRole("button", { name: "Delete" }).click();
    await page.waitForURL("**/webhooks");
    await page.getByRole("heading", { name: "No webhooks yet" }).waitFor();
    await page.goto(gone);
    await page.getByRole("heading", { name: "No such webhook" }).waitFor();
  });
}
