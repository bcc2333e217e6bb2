import { type RefObject, useState } from "react";
import { Button } from "./Button";

/** Takes a text to the clipboard; where the browser does not let a page do that, it marks what shows it instead. */
export function CopyButton({ text, shownIn }: { text: string; shownIn: RefObject<HTMLElement | null> }) {
  const [outcome, setOutcome] = useState<"copied" | "marked" | null>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome("copied");
    } catch {
      // Without HTTPS there is no clipboard, and these texts are shown once.
      if (shownIn.current) window.getSelection()?.selectAllChildren(shownIn.current);
      setOutcome("marked");
    }
  };
  return (
    <>
      <Button icon={outcome === "copied" ? "check" : "copy"} onClick={() => void copy()}>
        {outcome === "copied" ? "Copied" : "Copy"}
      </Button>
      <span role="status" className={outcome === "marked" ? "muted" : "visually-hidden"}>
        {outcome === "copied" && "Copied to the clipboard"}
        {outcome === "marked" && "Marked: copy it with the keyboard."}
      </span>
    </>
  );
}
