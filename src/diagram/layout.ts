/** Where the tables of a picture stand: layered, each below what it refers to. */

import { Graph, layout as place } from "@dagrejs/dagre";
import type { Diagram, DiagramLink, DiagramTable } from "./diagram.ts";
import { besideTables } from "./service_layout.ts";
import { sizeOf, SIZES } from "./sizes.ts";

/** A table with its place, in pixels. */
export interface PlacedTable {
  readonly table: DiagramTable;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A link with the points of its line. */
export interface PlacedLink {
  readonly link: DiagramLink;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** A picture that can be drawn. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly tables: readonly PlacedTable[];
  readonly links: readonly PlacedLink[];
}

/** Places a picture; services stand beside the tables that they use. Tables that nothing joins stand in rows below the others. */
export function layout({ tables, links, services }: Diagram): Layout {
  if (services !== undefined) return besideTables({ tables, links, services });
  const joined = new Set(links.flatMap(({ from, to }) => from === to ? [] : [from, to]));
  const graph = new Graph({ multigraph: true });
  graph.setGraph({
    rankdir: "LR",
    nodesep: SIZES.gap,
    ranksep: SIZES.gap * 2,
    marginx: 0,
    marginy: 0,
    ...(tables.length > MANY ? { ranker: "longest-path" } : {}),
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const table of tables) {
    if (joined.has(table.name)) graph.setNode(table.name, { ...sizeOf(table) });
  }
  for (const [at, { from, to }] of links.entries()) {
    if (from !== to) graph.setEdge(to, from, {}, String(at));
  }
  if (joined.size > 0) place(graph);
  const placed = new Map<string, PlacedTable>();
  for (const table of tables) {
    if (!joined.has(table.name)) continue;
    const { x, y, width, height } = graph.node(table.name) as {
      x: number;
      y: number;
      width: number;
      height: number;
    };
    placed.set(table.name, { table, x: x - width / 2, y: y - height / 2, width, height });
  }
  const isWrapped = tables.length > MANY;
  if (isWrapped) wrap(placed);
  const right = Math.max(0, ...[...placed.values()].map(({ x, width }) => x + width));
  let bottom = Math.max(0, ...[...placed.values()].map(({ y, height }) => y + height));
  if (bottom > 0) bottom += SIZES.gap;
  const rest = tables.filter(({ name }) => !joined.has(name));
  const below = inRows(rest, { top: bottom, width: Math.max(right, 1000) });
  for (const one of below) placed.set(one.table.name, one);
  const all = tables.flatMap(({ name }) => placed.get(name) ?? []);
  return {
    width: Math.max(1, ...all.map(({ x, width }) => x + width)),
    height: Math.max(1, ...all.map(({ y, height }) => y + height)),
    tables: all,
    links: links.map((link, at) => ({
      link,
      points: isWrapped && link.from !== link.to
        ? straight(link, placed)
        : pointsOf(link, graph, placed, String(at)),
    })),
  };
}

/** From so many tables on the best ranks cost more time than they save of the lines' length. */
const MANY = 150;

/** Breaks layers of many tables into columns side by side, in their order, so that the whole is about as wide as a screen. */
function wrap(placed: Map<string, PlacedTable>): void {
  const all = [...placed.values()];
  const area = all.reduce(
    (sum, { width, height }) => sum + (width + SIZES.gap * 2) * (height + SIZES.gap),
    0,
  );
  const most = Math.sqrt(area / ASPECT);
  const layers = Map.groupBy(all, ({ x, width }) => Math.round(x + width / 2));
  let left = 0;
  for (const [, layer] of [...layers].sort(([a], [b]) => a - b)) {
    let [top, widest] = [0, 0];
    for (const one of layer.sort((a, b) => a.y - b.y)) {
      if (top > 0 && top + one.height > most) {
        [left, top, widest] = [left + widest + SIZES.gap * 2, 0, 0];
      }
      placed.set(one.table.name, { ...one, x: left, y: top });
      top += one.height + SIZES.gap;
      widest = Math.max(widest, one.width);
    }
    left += widest + SIZES.gap * 2;
  }
}

/** Width by height of a picture of many tables. */
const ASPECT = 1.7;

/** A line between the sides of two tables that face each other. */
function straight(
  { from, to }: DiagramLink,
  placed: ReadonlyMap<string, PlacedTable>,
): PlacedLink["points"] {
  const [a, b] = [placed.get(to), placed.get(from)];
  if (a === undefined || b === undefined) return [];
  const middle = ({ y, height }: PlacedTable) => y + height / 2;
  const isBefore = a.x + a.width <= b.x;
  return [
    { x: isBefore ? a.x + a.width : a.x, y: middle(a) },
    { x: isBefore ? b.x : b.x + b.width, y: middle(b) },
  ];
}

function inRows(
  tables: readonly DiagramTable[],
  { top, width: most }: { readonly top: number; readonly width: number },
): readonly PlacedTable[] {
  let [x, y, tallest] = [0, top, 0];
  return tables.map((table) => {
    const { width, height } = sizeOf(table);
    if (x > 0 && x + width > most) [x, y, tallest] = [0, y + tallest + SIZES.gap, 0];
    const place = { table, x, y, width, height };
    x += width + SIZES.gap;
    tallest = Math.max(tallest, height);
    return place;
  });
}

function pointsOf(
  { from, to }: DiagramLink,
  graph: Graph,
  placed: ReadonlyMap<string, PlacedTable>,
  name: string,
): PlacedLink["points"] {
  if (from === to) {
    const own = placed.get(from);
    if (own === undefined) return [];
    const right = own.x + own.width;
    const [top, low] = [own.y + SIZES.head / 2, own.y + SIZES.head + SIZES.row];
    const out = right + SIZES.gap / 2;
    return [
      { x: right, y: top },
      { x: out, y: top },
      { x: out, y: low },
      { x: right, y: low },
    ];
  }
  const edge = graph.edge({ v: to, w: from, name }) as {
    points?: readonly { readonly x: number; readonly y: number }[];
  } | undefined;
  return edge?.points ?? [];
}
