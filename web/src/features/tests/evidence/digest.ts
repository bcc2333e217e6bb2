/** The SHA-256 of a file, before it is sent. */

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Read at a time where the browser does not hash by itself. */
const pieceBytes = 2 * 1024 * 1024;

/** Hex. Browsers hash by themselves only over HTTPS and on localhost; elsewhere a small library does, fetched when needed. */
export async function sha256(file: Blob, signal: AbortSignal): Promise<string> {
  const subtle = (crypto as { subtle?: SubtleCrypto }).subtle;
  if (subtle) {
    const digest = await subtle.digest("SHA-256", await file.arrayBuffer());
    signal.throwIfAborted();
    return hex(new Uint8Array(digest));
  }
  const { sha256: library } = await import("@noble/hashes/sha2.js");
  const hash = library.create();
  for (let from = 0; from < file.size; from += pieceBytes) {
    // Waiting for each piece leaves the page time to answer.
    const piece = await file.slice(from, from + pieceBytes).arrayBuffer();
    signal.throwIfAborted();
    hash.update(new Uint8Array(piece));
  }
  return hex(hash.digest());
}
