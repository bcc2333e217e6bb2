import { useEffect, useRef } from "react";
import { pastedName } from "./kinds";
import type { Chosen } from "./StagedFiles";

/** Hands on what is pasted anywhere on the page, as long as it is files and not text for a field. */
export function usePastedFiles(enabled: boolean, onFiles: (files: Chosen[]) => void): void {
  const latest = useRef(onFiles);
  useEffect(() => {
    latest.current = onFiles;
  });
  useEffect(() => {
    if (!enabled) return;
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      // Office programs copy text together with its picture: in a field the text is meant.
      const typing = (event.target as HTMLElement).closest?.("input, textarea");
      if (typing && event.clipboardData?.types.includes("text/plain")) return;
      event.preventDefault();
      latest.current(files.map((file) => ({ file, name: pastedName(file, new Date()), caption: "" })));
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  }, [enabled]);
}
