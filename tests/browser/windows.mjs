/** The browser, its windows, and what every page in them is held to. */
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import axe from "axe-core";
import { chromium } from "playwright-core";
import { check, expect } from "./report.mjs";

const widths = [1440, 390];
const themes = ["light", "dark"];
const limitMs = 30_000;

/** What went wrong in any window: console errors, exceptions, refused requests. */
const troubles = [];
/** Whether what goes wrong just now is meant to. */
let expected = false;

export async function openBrowser({ address, pictures }) {
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env.AEGIS_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const windows = new Map();
  const { origin } = new URL(address);
  let opened = 0;

  return {
    /**
     * A window of its own: cookies, storage and connections of nobody else, unless it continues a session. Each
     * stands at an address of its own, so that none uses up the sign-ins of another.
     */
    async open(name, continued) {
      opened += 1;
      const client = `198.51.100.${opened}`;
      const context = await browser.newContext({
        baseURL: address,
        viewport: { width: widths[0], height: 900 },
        colorScheme: "light",
        reducedMotion: "reduce",
        locale: "en-GB",
        timezoneId: "Europe/Berlin",
        ...(continued ? { storageState: await continued.context().storageState() } : {}),
      });
      context.setDefaultTimeout(limitMs);
      await context.addInitScript(() => {
        document.addEventListener("securitypolicyviolation", (event) => {
          console.error(`The content security policy refused ${event.effectiveDirective} ${event.blockedURI}`);
        });
      });
      const page = await context.newPage();
      await comeFrom(page, origin, client);
      listen(page, name);
      windows.set(name, page);
      return page;
    },
    /** Every window as it stands, for whoever looks for the cause of a failure. */
    async lookAround() {
      for (const [name, page] of windows) {
        const file = path.join(pictures, `failed-${fileName(name)}.png`);
        await page.screenshot({ path: file }).catch(() => undefined);
        console.log(`      ${name} stands at ${page.url()}, see ${file}`);
      }
    },
    /**
     * Both themes, wide and narrow: no accessibility violation, nothing wider than the page, a
     * picture. Pages before the sign-in take the theme when they load: `reloading`.
     */
    async inspect(page, name, { reloading = false } = {}) {
      await check(`${name}: axe and width, light and dark, at ${widths.join(" and ")}`, async () => {
        const found = [];
        try {
          for (const width of widths) {
            await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
            for (const theme of themes) {
              await page.emulateMedia({ colorScheme: theme });
              if (reloading) await page.reload();
              found.push(...(await look(page, theme, width, path.join(pictures, `${fileName(name)}-${theme}-${width}.png`))));
            }
          }
        } finally {
          await page.emulateMedia({ colorScheme: themes[0] });
          await page.setViewportSize({ width: widths[0], height: 900 });
        }
        expect(found.length === 0, found.join("\n"));
      });
    },
    troubles: () => troubles,
    /** While a connection is cut on purpose, failures are no findings. */
    expectTrouble(is) {
      expected = is;
    },
    close: () => browser.close(),
  };
}

/**
 * Says to the server where a window stands, as a proxy in front of it would. Nobody else is told: to a store of files
 * of another origin the header would be one to ask permission for.
 */
async function comeFrom(page, origin, client) {
  const devtools = await page.context().newCDPSession(page);
  devtools.on("Fetch.requestPaused", ({ requestId, request }) => {
    const headers = Object.entries({ ...request.headers, "X-Forwarded-For": client }).map(([name, value]) => ({ name, value }));
    // A page that is left takes its requests along.
    devtools.send("Fetch.continueRequest", { requestId, headers }).catch(() => undefined);
  });
  await devtools.send("Fetch.enable", { patterns: [{ urlPattern: `${origin}/*`, requestStage: "Request" }] });
}

const fileName = (name) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");

function listen(page, name) {
  const note = (text) => {
    if (!expected) troubles.push(`${name} at ${new URL(page.url()).pathname}: ${text}`);
  };
  page.on("console", (message) => {
    if (message.type() === "error") note(`console: ${message.text()} ${message.location().url ?? ""}`);
  });
  page.on("pageerror", (error) => note(`exception: ${error.stack ?? error}`));
  page.on("response", (response) => {
    if (response.status() >= 400) note(`${response.status()} for ${response.request().method()} ${response.url()}`);
  });
  page.on("requestfailed", (request) => {
    // Pages give up streams and questions they no longer need.
    const reason = request.failure()?.errorText;
    if (reason !== "net::ERR_ABORTED") note(`${reason} for ${request.method()} ${request.url()}`);
  });
}

/** Takes a picture and says what is wrong with the page as it stands. */
async function look(page, theme, width, picture) {
  await page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme);
  await settle(page);
  await page.screenshot({ path: picture });
  const found = await violations(page);
  const size = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }));
  if (size.content > size.window) found.push(`the page is ${size.content} wide in a window of ${size.window}`);
  const inner = await page.evaluate(() => {
    const scroller = document.querySelector("main.page");
    return scroller ? scroller.scrollWidth - scroller.clientWidth : 0;
  });
  if (inner > 0) found.push(`what the page holds is ${inner} wider than it is`);
  return found.map((text) => `${theme} at ${width}: ${text}`);
}

/** Waits until nothing moves or loads. */
async function settle(page) {
  await page.waitForFunction(
    () =>
      document.querySelector(".skeleton, .matrix-skeleton") === null &&
      document.getAnimations().every((animation) => animation.playState !== "running"),
  );
}

async function violations(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, {
      runOnly: { type: "tag", values: ["wcag2a", "wcag2aa"] },
      resultTypes: ["violations"],
    });
    return violations.map(({ id, help, nodes }) => ({ id, help, count: nodes.length, first: nodes[0] }));
  });
  return found.map(
    ({ id, help, count, first }) =>
      `${id}: ${help}, ${count} times, first ${first.html.slice(0, 200)}\n  ${first.failureSummary?.replaceAll("\n", " ")}`,
  );
}
