import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { CoverageLabel } from "@/components/Status";
import { formatInstant } from "@/time";
import { cellSelector } from "./navigation";
import type { Cell } from "./operations";

const appearMs = 220;
const leaveMs = 140;

/**
 * The card beside the cell under the pointer or the focus. It listens on the grid itself and
 * keeps its own state, so that moving over 887 cells renders this card and nothing else.
 */
export function HoverCard({ grid, cells }: { grid: HTMLElement | null; cells: ReadonlyMap<string, Cell> }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const card = useRef<HTMLDivElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    if (!grid) return;
    const later = (target: HTMLElement | null, pause: number) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setAnchor(target), pause);
    };
    const over = (event: Event) => {
      const cell = (event.target as HTMLElement).closest<HTMLElement>(cellSelector);
      if (cell) later(cell, appearMs);
      else later(null, leaveMs);
    };
    const leave = () => later(null, leaveMs);
    const focused = (event: FocusEvent) => {
      const cell = event.target as HTMLElement;
      // Focus that a click gave says nothing the pointer has not said already.
      if (cell.matches(`${cellSelector}:focus-visible`)) later(cell, appearMs);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === "Escape") later(null, 0);
    };
    grid.addEventListener("pointerover", over);
    grid.addEventListener("pointerleave", leave);
    grid.addEventListener("focusin", focused);
    grid.addEventListener("focusout", leave);
    grid.addEventListener("scroll", leave, { passive: true });
    document.addEventListener("keydown", key);
    return () => {
      clearTimeout(timer.current);
      grid.removeEventListener("pointerover", over);
      grid.removeEventListener("pointerleave", leave);
      grid.removeEventListener("focusin", focused);
      grid.removeEventListener("focusout", leave);
      grid.removeEventListener("scroll", leave);
      document.removeEventListener("keydown", key);
    };
  }, [grid]);

  useLayoutEffect(() => {
    if (!anchor || !card.current) return;
    const cell = anchor.getBoundingClientRect();
    const own = card.current.getBoundingClientRect();
    const fitsRight = cell.right + own.width + 12 < window.innerWidth;
    const left = fitsRight ? cell.right + 6 : Math.max(8, cell.left - own.width - 6);
    const top = Math.min(Math.max(8, cell.top - 4), window.innerHeight - own.height - 8);
    card.current.style.left = `${left}px`;
    card.current.style.top = `${Math.max(8, top)}px`;
  }, [anchor]);

  const cell = anchor ? cells.get(anchor.dataset.attackId ?? "") : undefined;
  if (!anchor?.isConnected || !cell) return null;
  const subCount = Number(anchor.dataset.subCount ?? 0);
  return (
    <div
      ref={card}
      className="hover-card"
      role="tooltip"
      onPointerEnter={() => clearTimeout(timer.current)}
      onPointerLeave={() => setAnchor(null)}
    >
      <header>
        <strong>{cell.name}</strong>
        <span>{cell.attackId}</span>
      </header>
      <p className="hover-card-status">
        <CoverageLabel status={cell.status} />
        {cell.openWork && <span className="hover-card-open">open work</span>}
      </p>
      <dl>
        <dt>Tests validated</dt>
        <dd>
          {cell.validatedTests} of {cell.tests}
        </dd>
        {subCount > 0 && (
          <>
            <dt>Sub-techniques</dt>
            <dd>{subCount}</dd>
          </>
        )}
        <dt>Platforms</dt>
        <dd>{cell.platforms.join(", ") || "none named"}</dd>
      </dl>
      <p className="hover-card-foot">
        {cell.changedAt && cell.changedPosition != null
          ? `Last change: ${formatInstant(cell.changedAt)}, position\u00a0${cell.changedPosition.toLocaleString("en")}`
          : "Never tested"}
      </p>
    </div>
  );
}
