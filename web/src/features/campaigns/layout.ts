/** Where the tests of a campaign stand when what waits for what is drawn. Pure. */

export interface Item {
  id: string;
  dependsOn: readonly string[];
}

export interface Placed {
  id: string;
  column: number;
  row: number;
}

export interface Layout {
  nodes: Placed[];
  edges: { from: string; to: string }[];
  columns: number;
  rows: number;
  /** Those that wait for nothing and that nothing waits for. */
  alone: string[];
}

/** How often the order within the columns is bettered. */
const sweeps = 4;

/**
 * Layers from left to right: each test stands one column after the last of what it waits for. Within
 * a column tests stand near their neighbours, so that lines cross little.
 */
export function layoutOf(items: readonly Item[]): Layout {
  const known = new Set(items.map((item) => item.id));
  const before = new Map(items.map((item) => [item.id, item.dependsOn.filter((id) => known.has(id))]));
  const after = new Map<string, string[]>(items.map((item) => [item.id, []]));
  for (const [id, dependencies] of before) for (const each of dependencies) after.get(each)?.push(id);

  const columnOf = new Map<string, number>();
  const column = (id: string, path: ReadonlySet<string>): number => {
    const found = columnOf.get(id);
    if (found !== undefined) return found;
    // The server refuses cycles; a broken answer must not hang the page.
    const waits = (before.get(id) ?? []).filter((each) => !path.has(each));
    const inside = new Set(path).add(id);
    const own = waits.length === 0 ? 0 : 1 + Math.max(...waits.map((each) => column(each, inside)));
    columnOf.set(id, own);
    return own;
  };
  const isAlone = (id: string) => before.get(id)?.length === 0 && after.get(id)?.length === 0;
  const linked = items.filter((item) => !isAlone(item.id)).map((item) => item.id);
  const columns: string[][] = [];
  for (const id of linked) (columns[column(id, new Set())] ??= []).push(id);

  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const forth = sweep % 2 === 0;
    const place = new Map(columns.flatMap((ids) => ids.map((id, row) => [id, row] as const)));
    const middle = (id: string) => {
      const neighbours = (forth ? before : after).get(id) ?? [];
      if (neighbours.length === 0) return place.get(id) ?? 0;
      return neighbours.reduce((sum, each) => sum + (place.get(each) ?? 0), 0) / neighbours.length;
    };
    for (const ids of forth ? columns : columns.toReversed()) {
      ids.sort((left, right) => middle(left) - middle(right));
      ids.forEach((id, row) => place.set(id, row));
    }
  }

  return {
    nodes: columns.flatMap((ids, at) => ids.map((id, row) => ({ id, column: at, row }))),
    edges: linked.flatMap((id) => (before.get(id) ?? []).map((from) => ({ from, to: id }))),
    columns: columns.length,
    rows: Math.max(0, ...columns.map((ids) => ids.length)),
    alone: items.map((item) => item.id).filter(isAlone),
  };
}
