/** Files that come to a page as people bring them: dropped, pasted, chosen. */

/** The smallest picture there is: one pixel, as PNG. */
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

export const picture = (name) => ({ name, type: "image/png", base64: pixel });
export const text = (name, type, content) => ({ name, type, base64: Buffer.from(content).toString("base64") });

const carried = (page, files) =>
  page.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const { name, type, base64 } of all) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type }));
    }
    return transfer;
  }, files);

/** Drags files over an element and lets them go; `over` looks at it while they hover. */
export async function drop(page, target, files, over) {
  const dataTransfer = await carried(page, files);
  await target.dispatchEvent("dragenter", { dataTransfer });
  await target.dispatchEvent("dragover", { dataTransfer });
  await over?.();
  await target.dispatchEvent("drop", { dataTransfer });
}

/** Pastes files anywhere on the page. */
export async function paste(page, files) {
  const transfer = await carried(page, files);
  await page.evaluate((clipboardData) => {
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, transfer);
}
