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

export interface Edge {
  from: string;
  to: string;
  /** Free places it passes through on its way over several columns, so that it crosses no test. */
  via: { column: number; row: number }[];
}

export interface Layout {
  nodes: Placed[];
  edges: Edge[];
  columns: number;
  rows: number;
  /** Those that wait for nothing and that nothing waits for. */
  alone: string[];
}

/** How often the order within the columns is bettered. */
const sweeps = 4;
/** Places kept free for lines; what goes beyond runs behind the tests. */
const waypointLimit = 1_000;

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


  // A line over several columns has a place of its own in each, which takes part in the ordering.
  const near = { before: new Map<string, string[]>(), after: new Map<string, string[]>() };
  const link = (from: string, to: string) => {
    near.after.set(from, [...(near.after.get(from) ?? []), to]);
    near.before.set(to, [...(near.before.get(to) ?? []), from]);
  };
  const ways = linked.flatMap((to) => (before.get(to) ?? []).map((from) => ({ from, to, through: [] as string[] })));
  let waypoints = 0;
  for (const way of ways) {
    let last = way.from;
    for (let at = (columnOf.get(way.from) ?? 0) + 1; at < (columnOf.get(way.to) ?? 0); at += 1) {
      if (waypoints >= waypointLimit) break;
      waypoints += 1;
      const place = `${way.from} ${way.to} ${at}`;
      way.through.push(place);
      columns[at]?.push(place);
      link(last, place);
      last = place;
    }
    link(last, way.to);
  }

  const rowOf = new Map(columns.flatMap((ids) => ids.map((id, row) => [id, row] as const)));
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const forth = sweep % 2 === 0;
    const middle = (id: string) => {
      const neighbours = (forth ? near.before : near.after).get(id) ?? [];
      if (neighbours.length === 0) return rowOf.get(id) ?? 0;
      return neighbours.reduce((sum, each) => sum + (rowOf.get(each) ?? 0), 0) / neighbours.length;
    };
    for (const ids of forth ? columns : columns.toReversed()) {
      ids.sort((left, right) => middle(left) - middle(right));
      ids.forEach((id, row) => rowOf.set(id, row));
    }
  }

  return {
    nodes: linked.map((id) => ({ id, column: columnOf.get(id) ?? 0, row: rowOf.get(id) ?? 0 })),
    edges: ways.map(({ from, to, through }) => {
      const first = (columnOf.get(from) ?? 0) + 1;
      return { from, to, via: through.map((place, index) => ({ column: first + index, row: rowOf.get(place) ?? 0 })) };
    }),
    columns: columns.length,
    rows: Math.max(0, ...columns.map((ids) => ids.length)),
    alone: items.map((item) => item.id).filter(isAlone),
  };
}
