import { type KeyboardEvent, type RefObject, useEffect, useRef } from "react";

/**
 * Keys of a list: down and up move between its rows, Home and End go to its ends; Enter is the
 * row's own. Down enters the list from the page itself and, given `entrance`, from its search field.
 */
export function useRowKeys<List extends HTMLElement>(
  rowSelector: string,
  entrance?: string,
): { ref: RefObject<List | null>; onKeyDown: (event: KeyboardEvent) => void } {
  const ref = useRef<List>(null);
  const rows = () => [...(ref.current?.querySelectorAll<HTMLElement>(rowSelector) ?? [])];

  useEffect(() => {
    const enter = (event: globalThis.KeyboardEvent) => {
      const from = event.target as HTMLElement;
      if (event.key !== "ArrowDown" || event.altKey || event.ctrlKey || event.metaKey) return;
      if (from !== document.body && !(entrance && from.matches(entrance))) return;
      const first = ref.current?.querySelector<HTMLElement>(rowSelector);
      if (!first) return;
      event.preventDefault();
      first.focus();
    };
    document.addEventListener("keydown", enter);
    return () => document.removeEventListener("keydown", enter);
  }, [rowSelector, entrance]);

  const onKeyDown = (event: KeyboardEvent) => {
    const all = rows();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
    const next = all[targets[event.key] ?? -1];
    if (!next || at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    next.focus();
  };
  return { ref, onKeyDown };
}
