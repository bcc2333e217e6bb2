/**
 * Files on their way to the evidence of one test. It lives outside the page, so that walking
 * to another page does not break an upload off; React reads it through `subscribe` and `items`.
 */
import { ApiError } from "@/api/client";
import { newId } from "@/api/ids";
import type { Side } from "@/gql/graphql";

/** Uploads at the same time. */
export const parallel = 3;

export interface NewFile {
  file: File;
  name: string;
  side: Side;
  caption: string;
}

export type UploadState = "waiting" | "hashing" | "sending" | "confirming" | "failed";

export interface UploadItem extends NewFile {
  key: string;
  state: UploadState;
  sent: number;
  /** Why it failed. */
  problem: string | null;
}

/** A refusal by a rule: sending the same again would end the same way, unless the test changes. */
export class UploadRefused extends Error {}

export interface Transport {
  digest: (file: File, signal: AbortSignal) => Promise<string>;
  /** Asks for a place; the id of the upload and how to put the bytes there. The same `commandId` names the same upload. */
  request: (
    file: NewFile & { sha256: string; commandId: string },
    signal: AbortSignal,
  ) => Promise<{ id: string; put: (onProgress: (sent: number) => void, signal: AbortSignal) => Promise<void> }>;
  confirm: (uploadId: string, commandId: string, signal: AbortSignal) => Promise<void>;
}

/** What is remembered of an upload between two tries. */
interface Memory {
  requestId: string;
  confirmId: string;
  /** The bytes are there; only the confirmation is missing. */
  uploadId: string | null;
}

export class UploadQueue {
  #items: readonly UploadItem[] = [];
  #added = 0;
  readonly #memories = new Map<string, Memory>();
  readonly #running = new Map<string, AbortController>();
  readonly #listeners = new Set<() => void>();
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  /** What is not in yet, oldest first. */
  readonly items = (): readonly UploadItem[] => this.#items;
  /** How many came in since the page was loaded: a change means that the test has new evidence. */
  readonly added = (): number => this.#added;

  get busy(): boolean {
    return this.#items.some((item) => item.state !== "failed");
  }

  add(files: readonly NewFile[]): void {
    const items = files.map((file): UploadItem => ({ ...file, key: newId(), state: "waiting", sent: 0, problem: null }));
    for (const item of items) {
      this.#memories.set(item.key, { requestId: newId(), confirmId: newId(), uploadId: null });
    }
    this.#set([...this.#items, ...items]);
    this.#pump();
  }

  retry(key: string): void {
    this.#change(key, { state: "waiting", sent: 0, problem: null });
    this.#pump();
  }

  /** Breaks it off, or takes a failed one out of sight. */
  cancel(key: string): void {
    this.#running.get(key)?.abort();
    this.#memories.delete(key);
    this.#set(this.#items.filter((item) => item.key !== key));
  }

  #pump(): void {
    for (const item of this.#items) {
      if (this.#running.size >= parallel) return;
      if (item.state === "waiting" && !this.#running.has(item.key)) void this.#run(item);
    }
  }

  async #run(item: UploadItem): Promise<void> {
    const control = new AbortController();
    this.#running.set(item.key, control);
    try {
      await this.#send(item, control.signal);
      if (!control.signal.aborted) {
        this.#added += 1;
        this.#memories.delete(item.key);
        this.#set(this.#items.filter((other) => other.key !== item.key));
      }
    } catch (error) {
      if (!control.signal.aborted) this.#change(item.key, { state: "failed", problem: inWords(error) });
    } finally {
      this.#running.delete(item.key);
      this.#pump();
    }
  }

  async #send(item: UploadItem, signal: AbortSignal): Promise<void> {
    const memory = this.#memories.get(item.key);
    if (!memory) return;
    if (memory.uploadId === null) {
      this.#change(item.key, { state: "hashing" });
      const sha256 = await this.#transport.digest(item.file, signal);
      this.#change(item.key, { state: "sending" });
      const upload = await this.#transport.request({ ...item, sha256, commandId: memory.requestId }, signal);
      await upload.put((sent) => this.#change(item.key, { sent }), signal);
      memory.uploadId = upload.id;
    }
    this.#change(item.key, { state: "confirming", sent: item.file.size });
    try {
      await this.#transport.confirm(memory.uploadId, memory.confirmId, signal);
    } catch (error) {
      // Refused, it was not kept: the next try is a new one from its beginning.
      if (error instanceof UploadRefused) {
        Object.assign(memory, { requestId: newId(), confirmId: newId(), uploadId: null });
      }
      throw error;
    }
  }

  #change(key: string, change: Partial<UploadItem>): void {
    this.#set(this.#items.map((item) => (item.key === key ? { ...item, ...change } : item)));
  }

  #set(items: readonly UploadItem[]): void {
    this.#items = items;
    for (const listener of this.#listeners) listener();
  }
}

function inWords(error: unknown): string {
  if (error instanceof UploadRefused) return error.message;
  if (error instanceof ApiError) return error.message;
  // A file that was moved or changed since it was chosen cannot be read any more.
  return "The file could not be read. Choose it again.";
}
