/** Pieces of SQL about the two tables of a move. */

import type { ExpandedColumn, MoveSide } from "../../core/expansion.ts";
import { ident } from "./quote.ts";

/** What the columns of a side get from a row of the other, whose columns are named as they are. */
export function valuesFrom(
  columns: readonly ExpandedColumn[],
  other: MoveSide,
  row: string,
): string {
  return `SELECT ${columns.map(({ value }) => value).join(", ")} FROM (SELECT ${
    other.columns.map(({ name }) => `${row}.${ident(name)} AS ${ident(name)}`).join(", ")
  }) AS written`;
}

/** Whether a row has no value in any moved column. */
export function areNull({ columns }: MoveSide, row: string): string {
  return columns.map(({ name }) => `${row}.${ident(name)} IS NULL`).join(" AND ");
}

/** Whether two rows belong together. */
export function belongs(
  one: MoveSide,
  other: MoveSide,
  rows: readonly [one: string, other: string],
): string {
  return one.joined.map((name, at) =>
    `${rows[0]}.${ident(name)} = ${rows[1]}.${ident(other.joined[at] ?? "")}`
  ).join(" AND ");
}
