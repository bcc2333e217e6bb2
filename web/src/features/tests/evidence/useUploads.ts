import { useEffect, useRef, useSyncExternalStore } from "react";
import { type UploadItem, UploadQueue } from "./queue";
import { transportFor } from "./transport";

const queues = new Map<string, UploadQueue>();

/** Leaving the site would break uploads off: the browser asks first. */
function guard(event: BeforeUnloadEvent) {
  if ([...queues.values()].some((queue) => queue.busy)) event.preventDefault();
}

function queueOf(testId: string): UploadQueue {
  let queue = queues.get(testId);
  if (!queue) {
    if (queues.size === 0) window.addEventListener("beforeunload", guard);
    queue = new UploadQueue(transportFor(testId));
    queues.set(testId, queue);
  }
  return queue;
}

/** The uploads of a test; `onAdded` is called when one has come in. */
export function useUploads(testId: string, onAdded: () => void): { queue: UploadQueue; items: readonly UploadItem[] } {
  const queue = queueOf(testId);
  const items = useSyncExternalStore(queue.subscribe, queue.items);
  const added = useSyncExternalStore(queue.subscribe, queue.added);
  const seen = useRef(added);
  const latest = useRef(onAdded);
  useEffect(() => {
    latest.current = onAdded;
  });
  useEffect(() => {
    if (seen.current !== added) latest.current();
    seen.current = added;
  }, [added]);
  return { queue, items };
}
