import { afterEach, describe, expect, it, vi } from "vitest";
import { fetchExport, fileName } from "./download";

const answer = (body: BodyInit, init: ResponseInit) =>
  vi.stubGlobal("fetch", vi.fn().mockResolvedValue(new Response(body, init)));
const ask = (onBytes: (bytes: number) => void = () => undefined) =>
  fetchExport("/audit/export?format=csv", onBytes, new AbortController().signal);

afterEach(() => vi.unstubAllGlobals());

describe("an export", () => {
  it("comes with the server's name for it, and says how much has come", async () => {
    answer("at,source\r\n", { headers: { "content-disposition": 'attachment; filename="aegis-audit-1.csv"' } });
    const heard: number[] = [];
    const { name, body } = await ask((bytes) => heard.push(bytes));
    expect(name).toBe("aegis-audit-1.csv");
    expect(body.size).toBe(11);
    expect(heard).toEqual([11]);
  });

  it("that is refused says why", async () => {
    answer('{"errors":[{"message":"Not yours.","extensions":{"code":"FORBIDDEN"}}]}', { status: 403 });
    await expect(ask()).rejects.toMatchObject({ code: "FORBIDDEN" });
    answer("<html>", { status: 502 });
    await expect(ask()).rejects.toThrow("The export was refused with status 502.");
  });

  it("that breaks off is no file", async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array([1]));
      },
      pull(controller) {
        controller.error(new Error("connection lost"));
      },
    });
    answer(body, {});
    await expect(ask()).rejects.toThrow("broke off");
  });

  it("has a name whatever the server says", () => {
    expect(fileName(null)).toBe("aegis-audit");
    expect(fileName('attachment; filename="../../x"')).toBe("aegis-audit");
  });
});
