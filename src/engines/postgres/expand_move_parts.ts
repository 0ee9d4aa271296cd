/** Pieces of SQL about the two tables of a move. */

import type { ExpandedColumn, MoveSide } from "../../core/expansion.ts";
import { rowConditions } from "../common/moves.ts";
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

/** Conditions on rows of the two tables. */
export const { areNull, belongs } = rowConditions(ident);
