/**
 * Uploads that do not go smoothly: a connection that breaks in the middle, a person who thinks
 * better of it, and a store of files that the browser cannot reach.
 */
import { drop } from "./files.mjs";
import { act, expect, until } from "./report.mjs";

const megabytes = (count) => Buffer.alloc(count * 1024 * 1024, "no events were found on this host\n").toString("base64");
const log = (name, count) => ({ name, type: "text/plain", base64: megabytes(count) });

export async function uploadWithTrouble({ browser, page, side, evidence, store }) {
  const staged = page.getByRole("form", { name: "Files to add" });
  const item = (name) => page.getByRole("list", { name: "Uploads" }).getByRole("listitem").filter({ hasText: name });
  const standing = (name) => evidence().filter({ hasText: name });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  /** So slow that a file is still on its way when somebody looks; null lifts it. */
  const slowly = (bytesPerSecond, offline = false) =>
    devtools.send("Network.emulateNetworkConditions", {
      offline,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: bytesPerSecond ?? -1,
    });
  const send = async (...files) => {
    await drop(page, side(), files);
    await staged.getByRole("button", { name: /^Upload/ }).click();
  };
  const sent = async (name) => {
    const bar = item(name).getByRole("progressbar");
    return (await bar.count()) > 0 ? Number(await bar.getAttribute("aria-valuenow")) : 0;
  };

  await act("the bytes go straight to the store of files, and the file is added", async () => {
    const before = store.puts();
    await send(log("straight.log", 1));
    await standing("straight.log").waitFor();
    expect(store.puts() === before + 1, `${store.puts() - before} files came to the store by the browser`);
  });

  await act("an upload is cancelled halfway, and leaves nothing behind", async () => {
    await slowly(400_000);
    await send(log("cancelled.log", 4));
    await until("the file is under way", () => sent("cancelled.log"), (done) => done > 0);
    await browser.inspect(page, "upload under way");
    await page.getByRole("button", { name: "Cancel cancelled.log" }).click();
    await item("cancelled.log").waitFor({ state: "detached" });
    expect((await standing("cancelled.log").count()) === 0, "nothing was added");
    await slowly(null);
  });

  await act("a connection that breaks halfway is told, and a retry goes on to the end", async () => {
    browser.expectTrouble(true);
    await slowly(400_000);
    await send(log("broken.log", 4));
    await until("the file is under way", () => sent("broken.log"), (done) => done > 0);
    await slowly(400_000, true);
    await store.close();
    await item("broken.log").getByRole("alert").waitFor();
    const words = await item("broken.log").getByRole("alert").innerText();
    expect(/interrupted/.test(words), `it says: ${words}`);
    await browser.inspect(page, "upload broken off");
    await store.open();
    await slowly(null);
    await item("broken.log").getByRole("button", { name: "Retry" }).click();
    await standing("broken.log").waitFor();
    browser.expectTrouble(false);
  });

  await act("where the browser cannot reach the store, the bytes go through Aegis", async () => {
    browser.expectTrouble(true);
    const before = store.puts();
    await store.close();
    await send(log("detour.log", 1));
    await standing("detour.log").waitFor();
    expect(store.puts() === before, "nothing came to the store by the browser");
    await store.open();
    browser.expectTrouble(false);
  });
  await devtools.detach();
}
