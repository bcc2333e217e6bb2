/** Fetching an export and handing it to the browser as a file. */
import { ApiError, guardHeaders, toApiError } from "@/api/client";

interface Refusal {
  errors?: Parameters<typeof toApiError>[0];
}

/**
 * Fetched here and not by a link: a link would lead away to the words of a refusal, and save a file that broke off
 * in its middle as if it were whole. `onBytes` hears how much has come.
 */
export async function fetchExport(
  address: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<{ name: string; body: Blob }> {
  let response: Response;
  try {
    response = await fetch(address, { credentials: "same-origin", headers: guardHeaders, signal });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new ApiError("NETWORK", "The server could not be reached.");
  }
  if (!response.ok) throw await refusalOf(response);
  const type = response.headers.get("content-type") ?? "application/octet-stream";
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  try {
    const reader = response.body?.getReader();
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      parts.push(part.value);
      bytes += part.value.byteLength;
      onBytes(bytes);
    }
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new ApiError("NETWORK", "The file broke off before its end, and was not saved.");
  }
  return { name: fileName(response.headers.get("content-disposition")), body: new Blob(parts, { type }) };
}

async function refusalOf(response: Response): Promise<ApiError> {
  const answer = (await response.json().catch(() => ({}))) as Refusal;
  return answer.errors?.length
    ? toApiError(answer.errors)
    : new ApiError("INTERNAL", `The export was refused with status ${response.status}.`);
}

/** The name that the server gave the file. */
export function fileName(disposition: string | null): string {
  return /filename="([^"/\\]+)"/.exec(disposition ?? "")?.[1] ?? "aegis-audit";
}

/** Has the browser keep it. */
export function save({ name, body }: { name: string; body: Blob }): void {
  const address = URL.createObjectURL(body);
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  // The browser has taken hold of it once the click is through.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
