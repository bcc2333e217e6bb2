import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { IconButton } from "./Button";

/**
 * A modal dialog on the browser's own element: focus stays inside, Escape closes, focus
 * returns. Mount it to open it. (Libraries that lock scrolling inject style elements,
 * which the content security policy refuses.)
 */
export function Dialog({
  title,
  wide = false,
  guard,
  onClose,
  children,
}: {
  title: string;
  wide?: boolean;
  /** Asked before Escape or the cross closes: false keeps what was typed. */
  guard?: () => boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  // Before the element leaves the page: a dialog that is gone already gives no focus back.
  useLayoutEffect(() => {
    const dialog = ref.current;
    const opener = document.activeElement;
    dialog?.showModal();
    // The browser would choose the cross, which comes first; people came for what is in the body.
    (dialog && firstToFill(dialog))?.focus();
    return () => {
      dialog?.close();
      // What opened it may have gone with it, as a button whose step is done: then the page has the focus.
      requestAnimationFrame(() => {
        const lost = document.activeElement === null || document.activeElement === document.body;
        if (lost && !opener?.isConnected) document.getElementById("content")?.focus();
      });
    };
  }, []);

  const leave = () => {
    if (!guard || guard()) onClose();
  };

  return (
    <dialog
      ref={ref}
      className={`dialog ${wide ? "dialog-wide" : ""}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        leave();
      }}
    >
      <header className="dialog-head">
        <h2 id={titleId}>{title}</h2>
        <IconButton label="Close" icon="close" onClick={leave} />
      </header>
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}

/** The first control, or where that is filled in already the first that must be and is not. */
function firstToFill(dialog: HTMLElement): HTMLElement | undefined {
  const [first, ...others] = dialog.querySelectorAll<HTMLElement>(".dialog-body :is(input, textarea, select, button)");
  const filled = first instanceof HTMLInputElement && first.type === "text" && first.value !== "";
  const empty = others.find((control) => control.matches(":required:invalid"));
  return filled ? (empty ?? first) : first;
}
