import { useMemo, useRef, useState } from "react";

export interface Selection {
  /** The chosen ids among those shown, in their order. */
  chosen: readonly string[];
  has: (id: string) => boolean;
  /** Chooses or lets go; with `range`, everything from the last one on does the same. */
  toggle: (id: string, range?: boolean) => void;
  all: () => void;
  clear: () => void;
}

/** Which rows of a list are chosen. Rows that are no longer shown are not chosen any more. */
export function useSelection(shown: readonly string[], limit = 100): Selection {
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const anchor = useRef<string | null>(null);
  const chosen = useMemo(() => shown.filter((id) => marked.has(id)).slice(0, limit), [shown, marked, limit]);
  const held = useMemo(() => new Set(chosen), [chosen]);
  return {
    chosen,
    has: (id) => held.has(id),
    toggle: (id, range = false) => {
      const wanted = !held.has(id);
      const from = range && anchor.current !== null ? shown.indexOf(anchor.current) : -1;
      const to = shown.indexOf(id);
      const ids = from < 0 ? [id] : shown.slice(Math.min(from, to), Math.max(from, to) + 1);
      anchor.current = id;
      const next = new Set(held);
      for (const each of ids) {
        if (wanted) next.add(each);
        else next.delete(each);
      }
      setMarked(next);
    },
    all: () => setMarked(new Set(shown.slice(0, limit))),
    clear: () => setMarked(new Set()),
  };
}
