/** The browser, its windows, and what every page in them is held to. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { check, expect, Finding } from "./report.mjs";

const program = "/usr/bin/chromium";
const widths = [1440, 390];
const themes = ["light", "dark"];
const limitMs = 30_000;

/** What went wrong in any window: console errors, exceptions, refused requests. */
const troubles = [];

export async function openBrowser({ address, pictures }) {
  if (!existsSync(program)) {
    throw new Finding(`Chromium is missing at ${program}. Install it (on Debian: apt-get install chromium).`);
  }
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  const browser = await chromium.launch({
    executablePath: program,
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

  return {
    /** A window of its own: cookies, storage and connections of nobody else, unless it continues a session. */
    async open(name, continued) {
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
      listen(page, name);
      windows.set(name, page);
      return page;
    },
    async close(page) {
      for (const [name, open] of windows) if (open === page) windows.delete(name);
      await page.context().close();
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
        for (const width of widths) {
          await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
          for (const theme of themes) {
            await page.emulateMedia({ colorScheme: theme });
            if (reloading) await page.reload();
            await page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme);
            await settle(page);
            await page.screenshot({ path: path.join(pictures, `${fileName(name)}-${theme}-${width}.png`) });
            found.push(...(await violations(page)).map((text) => `${theme} at ${width}: ${text}`));
            const size = await page.evaluate(() => ({
              content: document.documentElement.scrollWidth,
              window: document.documentElement.clientWidth,
            }));
            if (size.content > size.window) {
              found.push(`${theme} at ${width}: the page is ${size.content} wide in a window of ${size.window}`);
            }
          }
        }
        await page.emulateMedia({ colorScheme: themes[0] });
        await page.setViewportSize({ width: widths[0], height: 900 });
        expect(found.length === 0, found.join("\n"));
      });
    },
    troubles: () => troubles,
    close: () => browser.close(),
  };
}

const fileName = (name) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");

function listen(page, name) {
  const note = (text) => troubles.push(`${name} at ${new URL(page.url()).pathname}: ${text}`);
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

/** Waits until nothing moves or loads. */
async function settle(page) {
  await page.waitForFunction(
    () =>
      document.querySelector(".skeleton, .matrix-skeleton") === null &&
      document.getAnimations().every((animation) => animation.playState !== "running"),
  );
}

async function violations(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa"]).analyze();
  return violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}, ${nodes.length} times, first ${nodes[0].html.slice(0, 200)}\n  ${nodes[0].failureSummary?.replaceAll("\n", " ")}`,
  );
}
