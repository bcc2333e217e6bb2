/** Counts what held and what did not. */

let passed = 0;
let failed = 0;
const start = performance.now();

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** A finding that is no fault of the test's own: shown without a stack. */
export class Finding extends Error {}

/** Ends a story whose failure has been reported. */
export class Ended extends Error {}

async function run(name, work) {
  const began = performance.now();
  try {
    await work();
    passed += 1;
    console.log(`ok    ${name} (${seconds(began)})`);
    return true;
  } catch (error) {
    failed += 1;
    const text = (error instanceof Finding ? error.message : (error.stack ?? String(error))).replaceAll(/\u001b\[\d+m/g, "");
    console.log(`FAIL  ${name} (${seconds(began)})\n${text.replaceAll(/^/gm, "      ")}`);
    return false;
  }
}

/** What the rest of the story needs: when it fails, the story ends. */
export async function act(name, work) {
  if (!(await run(name, work))) throw new Ended(name);
}

/** What the rest does not need: when it fails, the story goes on. */
export async function check(name, work) {
  await run(name, work);
}

export function expect(holds, message) {
  if (!holds) throw new Finding(message);
}

/** Asks again until the answer is good, and says what the last one was when time is up. */
export async function until(what, ask, good = Boolean, limitMs = 30_000) {
  const end = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (performance.now() > end) {
      throw new Finding(`${what}: not within ${limitMs / 1000} s; last seen: ${JSON.stringify(answer)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The last line, and whether all is well. */
export function total() {
  console.log(`${passed} passed, ${failed} failed (${seconds(start)})`);
  return failed === 0;
}
