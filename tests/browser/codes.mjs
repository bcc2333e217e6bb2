/** One-time passwords as an authenticator app computes them (RFC 6238), and sign-ins. */
import { createHmac } from "node:crypto";

const stepSeconds = 30;
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The code of now, or of so many steps of 30 s later. */
export function codeOf(secret, stepsAhead = 0) {
  let bits = "";
  for (const letter of secret.replaceAll(/[\s=]/g, "")) bits += alphabet.indexOf(letter).toString(2).padStart(5, "0");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / stepSeconds) + stepsAhead));
  const digest = createHmac("sha1", key).update(counter).digest();
  const at = digest[19] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

export async function signIn(page, username, password) {
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** The second step of a sign-in. */
export async function giveCode(page, code) {
  await page.getByLabel("Code", { exact: true }).fill(code);
  await page.getByRole("button", { name: "Confirm" }).click();
}

/** Sets a second factor up where it is offered, from the password on; its secret and the recovery codes. */
export async function setUp(place, password, { atSecret, atCodes } = {}) {
  await place.getByLabel("Your password").fill(password);
  await place.getByRole("button", { name: "Continue" }).click();
  const secret = (await place.getByLabel("Secret", { exact: true }).innerText()).replaceAll(" ", "");
  await atSecret?.();
  await place.getByLabel("Code of the app").fill(codeOf(secret));
  await place.getByRole("button", { name: "Confirm" }).click();
  const codes = await recoveryCodesIn(place);
  await atCodes?.();
  await place.getByLabel("I have kept these codes").check();
  await place.getByRole("button", { name: "Done" }).click();
  return { secret, codes };
}

/** The recovery codes that are shown once. */
export async function recoveryCodesIn(place) {
  const list = place.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await list.first().waitFor();
  return list.allInnerTexts();
}
