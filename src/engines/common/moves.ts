/** What moves of columns to another table have in common in the dialects that know them. */

import type { Expansion, Move, MoveSide } from "../../core/expansion.ts";
import { lastName } from "../../core/name.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import type { ExpandingWays } from "../expanding.ts";

/** What is done within a table, or between two. */
export function withinOrBetween(within: ExpandingWays, moving: ExpandingWays): ExpandingWays {
  const ways = ({ move }: Expansion) => move === undefined ? within : moving;
  return {
    add: (expansion) => ways(expansion).add(expansion),
    remove: (expansion) => ways(expansion).remove(expansion),
    backfill: (expansion) => ways(expansion).backfill(expansion),
    swap: (expansion) => ways(expansion).swap(expansion),
    unswap: (expansion) => ways(expansion).unswap(expansion),
    align: (expansion) => ways(expansion).align(expansion),
    unlike: (expansion) => ways(expansion).unlike(expansion),
    clients: (expansion) => ways(expansion).clients(expansion),
  };
}

/** The tables of a move. Throws for an expansion within a table. */
export function moveOf({ move }: Expansion): Move {
  if (move === undefined) throw new Error("Cannot move columns within a table");
  return move;
}

/** A statement of a move. */
export function moveStep(
  expansion: Expansion,
  sql: string,
  facts: Partial<PlannedStatement> = {},
): PlannedStatement {
  const { old, fresh } = moveOf(expansion);
  const side = ({ table, columns }: MoveSide) =>
    `${lastName(table)}.${columns.map(({ name }) => name).join(", ")}`;
  const text = `${side(old)} and ${side(fresh)} hold the same`;
  return { sql, serves: [], reason: { action: "describe", text }, transactional: true, ...facts };
}

/** Conditions on rows of a move, with names as `quote` writes them. */
export function rowConditions(quote: (name: string) => string) {
  return {
    /** Whether a row has no value in any moved column. */
    areNull: ({ columns }: MoveSide, row: string): string =>
      columns.map(({ name }) => `${row}.${quote(name)} IS NULL`).join(" AND "),
    /** Whether two rows belong together. */
    belongs: (
      one: MoveSide,
      other: MoveSide,
      rows: readonly [one: string, other: string],
    ): string =>
      one.joined.map((name, at) =>
        `${rows[0]}.${quote(name)} = ${rows[1]}.${quote(other.joined[at] ?? "")}`
      ).join(" AND "),
  };
}
