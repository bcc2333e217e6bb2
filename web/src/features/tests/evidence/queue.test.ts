import { describe, expect, it, vi } from "vitest";
import { ApiError } from "@/api/client";
import { type NewFile, parallel, type Transport, UploadQueue, UploadRefused } from "./queue";

const file = (name: string): NewFile => ({ file: new File(["abc"], name), name, side: "RED", caption: "" });

/** A transport whose files arrive when the test says so. */
function slow() {
  const puts: { name: string; arrive: () => void; fail: (error: Error) => void }[] = [];
  const requests: { name: string; commandId: string }[] = [];
  const confirm = vi.fn<Transport["confirm"]>(() => Promise.resolve());
  const transport: Transport = {
    digest: () => Promise.resolve("ab"),
    request: ({ name, commandId }) => {
      requests.push({ name, commandId });
      return Promise.resolve({
        id: `upload of ${name}`,
        put: (onProgress, signal) =>
          new Promise<void>((resolve, reject) => {
            onProgress(1);
            signal.addEventListener("abort", () => reject(new Error("aborted")));
            puts.push({ name, arrive: resolve, fail: reject });
          }),
      });
    },
    confirm,
  };
  return { queue: new UploadQueue(transport), puts, requests, confirm };
}

const states = (queue: UploadQueue) => queue.items().map((item) => `${item.name} ${item.state}`);

describe("the queue of uploads", () => {
  it("sends at most three at once, and the next when one is in", async () => {
    const { queue, puts, confirm } = slow();
    queue.add(["1", "2", "3", "4", "5"].map(file));
    await vi.waitFor(() => expect(puts).toHaveLength(parallel));
    expect(states(queue)).toEqual(["1 sending", "2 sending", "3 sending", "4 waiting", "5 waiting"]);
    puts[1]?.arrive();
    await vi.waitFor(() => expect(puts.map((put) => put.name)).toEqual(["1", "2", "3", "4"]));
    expect(confirm.mock.calls.map(([id]) => id)).toEqual(["upload of 2"]);
    expect(queue.added()).toBe(1);
    expect(states(queue)).toEqual(["1 sending", "3 sending", "4 sending", "5 waiting"]);
  });

  it("names the same upload when a broken one is tried again", async () => {
    const { queue, puts, requests } = slow();
    queue.add([file("a")]);
    await vi.waitFor(() => expect(puts).toHaveLength(1));
    puts[0]?.fail(new ApiError("NETWORK", "The upload was interrupted."));
    await vi.waitFor(() => expect(queue.items()[0]).toMatchObject({ state: "failed", problem: "The upload was interrupted." }));
    queue.retry(queue.items()[0]?.key ?? "");
    await vi.waitFor(() => expect(puts).toHaveLength(2));
    expect(new Set(requests.map((request) => request.commandId)).size).toBe(1);
  });

  it("confirms without sending again when only the confirmation got lost", async () => {
    const { queue, puts, confirm } = slow();
    confirm.mockRejectedValueOnce(new ApiError("NETWORK", "The server could not be reached."));
    queue.add([file("a")]);
    await vi.waitFor(() => expect(puts).toHaveLength(1));
    puts[0]?.arrive();
    await vi.waitFor(() => expect(states(queue)).toEqual(["a failed"]));
    queue.retry(queue.items()[0]?.key ?? "");
    await vi.waitFor(() => expect(queue.added()).toBe(1));
    expect(puts).toHaveLength(1);
    const ids = confirm.mock.calls.map(([, commandId]) => commandId);
    expect(ids[0]).toBe(ids[1]);
  });

  it("starts anew after a refusal", async () => {
    const { queue, puts, requests, confirm } = slow();
    confirm.mockRejectedValueOnce(new UploadRefused("The file is not a picture."));
    queue.add([file("a")]);
    await vi.waitFor(() => expect(puts).toHaveLength(1));
    puts[0]?.arrive();
    await vi.waitFor(() => expect(queue.items()[0]?.problem).toBe("The file is not a picture."));
    queue.retry(queue.items()[0]?.key ?? "");
    await vi.waitFor(() => expect(puts).toHaveLength(2));
    expect(new Set(requests.map((request) => request.commandId)).size).toBe(2);
  });

  it("breaks a cancelled upload off and forgets it", async () => {
    const { queue, puts, confirm } = slow();
    queue.add([file("a"), file("b")]);
    await vi.waitFor(() => expect(puts).toHaveLength(2));
    queue.cancel(queue.items()[0]?.key ?? "");
    expect(states(queue)).toEqual(["b sending"]);
    puts[1]?.arrive();
    await vi.waitFor(() => expect(queue.added()).toBe(1));
    expect(confirm).toHaveBeenCalledTimes(1);
    expect(queue.busy).toBe(false);
  });
});
