/** Where services and tables stand: the tables in a column, services on its left and, where they are many, on its right as well. */

import type { Diagram, DiagramLink, DiagramTable } from "./diagram.ts";
import type { Layout, PlacedLink, PlacedTable } from "./layout.ts";
import { sizeOf, SIZES } from "./sizes.ts";

/** Pixels between columns, which the lines cross, and between boxes of one. */
const ACROSS = 220;
const BETWEEN = 14;
/** More services stand on both sides. */
const ONE_SIDE = 8;

/** Rounds in which each side is ordered by what it is joined with on the other. */
const ROUNDS = 6;

/** Places a picture of services. */
export function besideTables(
  { tables, links, services }: Required<Diagram>,
): Layout {
  const { callers, used } = ordered({ tables, links, services });
  const isBoth = callers.length > ONE_SIDE;
  const sides = [
    callers.filter((_, at) => !isBoth || at % 2 === 0),
    used,
    callers.filter((_, at) => isBoth && at % 2 === 1),
  ];
  const heights = sides.map((side) =>
    side.reduce((sum, table) => sum + sizeOf(table).height + BETWEEN, -BETWEEN)
  );
  const height = Math.max(1, ...heights);
  const placed = new Map<string, PlacedTable>();
  let x = 0;
  for (const [at, side] of sides.entries()) {
    if (side.length === 0) continue;
    const width = Math.max(...side.map((table) => sizeOf(table).width));
    const free = BETWEEN + (height - (heights[at] ?? 0)) / (side.length + 1);
    let y = free - BETWEEN;
    for (const table of side) {
      const own = sizeOf(table).height;
      placed.set(table.name, { table, x, y, width, height: own });
      y += own + free;
    }
    x += width + ACROSS;
  }
  return {
    width: Math.max(1, x - ACROSS),
    height,
    tables: tables.flatMap(({ name }) => placed.get(name) ?? []),
    links: linksBetween(links, placed),
  };
}

/** Both kinds so that what is joined stands at about the same height. */
function ordered({ tables, links, services }: Required<Diagram>): {
  readonly callers: readonly DiagramTable[];
  readonly used: readonly DiagramTable[];
} {
  let callers = tables.filter(({ name }) => services.has(name));
  let used = tables.filter(({ name }) => !services.has(name));
  const partners = new Map<string, string[]>();
  for (const { from, to } of links) {
    partners.set(from, [...partners.get(from) ?? [], to]);
    partners.set(to, [...partners.get(to) ?? [], from]);
  }
  const by = (side: readonly DiagramTable[], other: readonly DiagramTable[]) => {
    const places = new Map(other.map(({ name }, at) => [name, at / Math.max(1, other.length)]));
    const mean = ({ name }: DiagramTable) => {
      const all = (partners.get(name) ?? []).map((one) => places.get(one) ?? 0);
      return all.length === 0 ? 1 : all.reduce((sum, one) => sum + one, 0) / all.length;
    };
    return side.map((table) => ({ table, at: mean(table) })).sort((a, b) => a.at - b.at)
      .map(({ table }) => table);
  };
  for (let round = 0; round < ROUNDS; round++) {
    used = by(used, callers);
    callers = by(callers, used);
  }
  return { callers, used };
}

/** A line from the service's row to the table's side; those that end there stand apart, in the order of where they begin. */
function linksBetween(
  links: readonly DiagramLink[],
  placed: ReadonlyMap<string, PlacedTable>,
): readonly PlacedLink[] {
  const ends = new Map<DiagramLink, PlacedLink["points"]>();
  for (const [to, own] of Map.groupBy(links, (link) => link.to)) {
    const table = placed.get(to);
    if (table === undefined) continue;
    const starts = own.flatMap((link) => {
      const from = placed.get(link.from);
      if (from === undefined) return [];
      return [{ link, isLeft: from.x < table.x, from, y: rowOf(from, link) }];
    });
    for (const isLeft of [true, false]) {
      const side = starts.filter((one) => one.isLeft === isLeft).sort((a, b) => a.y - b.y);
      for (const [at, { link, from, y }] of side.entries()) {
        ends.set(link, [
          { x: isLeft ? from.x + from.width : from.x, y },
          {
            x: isLeft ? table.x : table.x + table.width,
            y: table.y + table.height * (at + 1) / (side.length + 1),
          },
        ]);
      }
    }
  }
  return links.map((link) => ({ link, points: ends.get(link) ?? [] }));
}

/** The middle of the first row of a service that names what it uses of a table. */
function rowOf({ table, y }: PlacedTable, { rows = [] }: DiagramLink): number {
  const at = Math.max(0, table.columns.findIndex(({ name }) => rows.includes(name)));
  return y + SIZES.head + (at + 0.5) * SIZES.row;
}
