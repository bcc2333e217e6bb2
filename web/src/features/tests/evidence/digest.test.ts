import { webcrypto } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { sha256 } from "./digest";

afterEach(() => vi.unstubAllGlobals());

/** jsdom's files cannot be read in pieces; Node's can. */
const file = () => new Blob([new Uint8Array(5_000_000).fill(7)]);
const { signal } = new AbortController();

describe("the digest of a file", () => {
  it("is the same whether the browser or the library makes it", async () => {
    const { Blob: NodeBlob } = await import("node:buffer");
    vi.stubGlobal("Blob", NodeBlob);
    vi.stubGlobal("crypto", { subtle: webcrypto.subtle });
    const own = await sha256(file(), signal);
    vi.stubGlobal("crypto", {});
    expect(await sha256(file(), signal)).toBe(own);
    expect(await sha256(new NodeBlob(["abc"]) as Blob, signal)).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });
});
