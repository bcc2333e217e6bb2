import { afterEach, describe, expect, it, vi } from "vitest";
import { newId } from "./ids";

afterEach(() => vi.unstubAllGlobals());

describe("ids of commands", () => {
  it("are random UUIDs, on plain HTTP too", () => {
    const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(newId()).toMatch(pattern);
    const own = crypto;
    vi.stubGlobal("crypto", { getRandomValues: (bytes: Uint8Array<ArrayBuffer>) => own.getRandomValues(bytes) });
    expect(newId()).toMatch(pattern);
    expect(newId()).not.toBe(newId());
  });
});
