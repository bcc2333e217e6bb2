/** Reading the beginning of a file, and giving it a shape to look at. */

/** Read of a text at most. */
export const limitBytes = 1024 * 1024;
/** Rows of a table at most. */
export const limitRows = 1_000;
/** Columns of a table at most. */
export const limitColumns = 50;

export interface Head {
  text: string;
  /** The file goes on. */
  cut: boolean;
}

/** The first bytes of an answer as text; the rest is not fetched. */
export async function readHead(response: Response, limit = limitBytes): Promise<Head> {
  const reader = response.body?.getReader();
  if (!reader) return { text: "", cut: false };
  const pieces: Uint8Array[] = [];
  let size = 0;
  let cut = false;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    size += value.length;
    if (size > limit) {
      cut = true;
      await reader.cancel();
      break;
    }
  }
  const bytes = new Uint8Array(Math.min(size, limit));
  let at = 0;
  for (const piece of pieces) {
    const part = piece.subarray(0, bytes.length - at);
    bytes.set(part, at);
    at += part.length;
  }
  return { text: decode(bytes, cut), cut };
}

/** UTF-8, or UTF-16 with a mark: what the server takes as text. A character cut at the end is left out. */
function decode(bytes: Uint8Array, cut: boolean): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes, { stream: cut });
}

export interface Table {
  head: string[];
  rows: string[][];
  /** There are more rows or columns than are shown. */
  cut: boolean;
}

/** Comma-separated values (RFC 4180), or the same with semicolons or tabs, whichever the first line has most of. */
export function readTable(text: string, limit = limitRows): Table {
  const firstLine = text.slice(0, text.search(/\r?\n|$/));
  const count = (mark: string) => firstLine.split(mark).length;
  const mark = [",", ";", "\t"].toSorted((left, right) => count(right) - count(left))[0] ?? ",";
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  let cut = false;
  const endRow = () => {
    row.push(cell);
    cell = "";
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === mark) {
      row.push(cell);
      cell = "";
    } else if (sign === "\n") {
      endRow();
      // The head is a row too.
      if (rows.length > limit) {
        cut = at < text.length - 1;
        break;
      }
    } else if (sign !== "\r") cell += sign;
  }
  if (cell !== "" || row.length > 0) endRow();
  const [head = [], ...body] = rows;
  const wide = rows.some((each) => each.length > limitColumns);
  return {
    head: head.slice(0, limitColumns),
    rows: body.slice(0, limit).map((each) => each.slice(0, limitColumns)),
    cut: cut || wide,
  };
}

/** Indented, or null when it is no whole JSON. */
export function prettyJson(text: string): string | null {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}
