/** Keyboard movement over the cells. Works on the document, so that an arrow key renders nothing. */

const pageStep = 10;
const typingPauseMs = 700;

export const cellSelector = "[role=gridcell]";

/** Cells of each shown column, top to bottom. */
export function columnsIn(grid: HTMLElement): HTMLElement[][] {
  return [...grid.querySelectorAll<HTMLElement>("[data-column]")].map((column) => [
    ...column.querySelectorAll<HTMLElement>(cellSelector),
  ]);
}

/** Makes this cell the one that Tab reaches. */
export function adopt(grid: HTMLElement, cell: HTMLElement): void {
  for (const other of grid.querySelectorAll<HTMLElement>(`${cellSelector}[tabindex="0"]`)) {
    if (other !== cell) other.tabIndex = -1;
  }
  cell.tabIndex = 0;
}

export function move(grid: HTMLElement, from: HTMLElement, key: string, withControl: boolean): HTMLElement | null {
  const columns = columnsIn(grid);
  const x = columns.findIndex((column) => column.includes(from));
  const column = columns[x];
  if (!column) return null;
  const y = column.indexOf(from);
  switch (key) {
    case "ArrowDown":
      return column[y + 1] ?? null;
    case "ArrowUp":
      return column[y - 1] ?? null;
    case "ArrowRight":
      return beside(columns.slice(x + 1), y);
    case "ArrowLeft":
      return beside(columns.slice(0, x).reverse(), y);
    case "PageDown":
      return column[Math.min(column.length - 1, y + pageStep)] ?? null;
    case "PageUp":
      return column[Math.max(0, y - pageStep)] ?? null;
    case "Home":
      return (withControl ? columns.find((cells) => cells.length > 0) : column)?.[0] ?? null;
    case "End":
      return (withControl ? columns.findLast((cells) => cells.length > 0) : column)?.at(-1) ?? null;
    default:
      return null;
  }
}

/** The nearest column with cells; where it is shorter, its last cell. */
function beside(columns: HTMLElement[][], y: number): HTMLElement | null {
  const column = columns.find((cells) => cells.length > 0);
  return column?.[Math.min(y, column.length - 1)] ?? null;
}

/** Finds cells by typed letters: the start of an id, of a name, or of a word in a name. */
export function createTypeahead() {
  let typed = "";
  let last = 0;
  return (grid: HTMLElement, from: HTMLElement, letter: string, now: number): HTMLElement | null => {
    const fresh = now - last > typingPauseMs;
    typed = (fresh ? "" : typed) + letter.toLowerCase();
    last = now;
    const cells = columnsIn(grid).flat();
    const at = cells.indexOf(from);
    // A first letter moves on; further letters may keep the cell that already fits.
    const ordered = [...cells.slice(at + (fresh ? 1 : 0)), ...cells.slice(0, at + (fresh ? 1 : 0))];
    const starts = ordered.find(
      (cell) =>
        cell.dataset.attackId?.toLowerCase().startsWith(typed) || cell.dataset.name?.toLowerCase().startsWith(typed),
    );
    return starts ?? ordered.find((cell) => cell.dataset.name?.toLowerCase().includes(` ${typed}`)) ?? null;
  };
}
