import { useLayoutEffect, useMemo, useState } from "react";
import { twoLines } from "./hyphenate";

/** What stands beside the name in a cell, in CSS pixels: see `.cell` in matrix.css. */
const besideName = 19;
const besideCount = 4;
const subIndent = 8;
const narrowest = 90;
/** For where text cannot be measured. */
const usualLetter = 5.9;
const letterSpacing = -0.11;

export type CellText = (name: string, subCount: number, sub: boolean) => [string, string];

/** Fits names into the cells of a grid, for the width its columns have now. */
export function useCellText(grid: HTMLElement | null): CellText {
  const [width, setWidth] = useState(narrowest);
  useLayoutEffect(() => {
    if (!grid) return;
    const read = () => {
      const column = grid.querySelector("[data-column]")?.clientWidth;
      if (column) setWidth(column);
    };
    read();
    if (typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(read);
    observer.observe(grid);
    return () => observer.disconnect();
  }, [grid]);

  return useMemo(() => createCellText(measureIn(grid), width), [grid, width]);
}

function createCellText(measure: (text: string) => number, width: number): CellText {
  const known = new Map<string, [string, string]>();
  return (name, subCount, sub) => {
    const count = subCount > 0 ? besideCount + measure(String(subCount)) : 0;
    const room = Math.floor(width - besideName - (sub ? subIndent : 0) - count);
    const key = `${room} ${name}`;
    const lines = known.get(key) ?? twoLines(name, room, measure);
    known.set(key, lines);
    return lines;
  };
}

function measureIn(grid: HTMLElement | null): (text: string) => number {
  // jsdom has the element without its drawing.
  const context = typeof CanvasRenderingContext2D === "undefined" ? null : document.createElement("canvas").getContext("2d");
  if (!grid || !context) return (text) => text.length * usualLetter;
  const style = getComputedStyle(grid);
  context.font = `${style.getPropertyValue("--text-xs").trim() || "11px"} ${style.fontFamily}`;
  return (text) => context.measureText(text).width + text.length * letterSpacing;
}
