/** Pieces of SQL about the two tables of a move. */

import type { Move, MoveSide } from "../../core/expansion.ts";
import { rowConditions } from "../common/moves.ts";
import { differs } from "./expand_values.ts";
import { quote, quotePath } from "./quote.ts";

/** Holds a row that is taken out. */
export const TAKEN = "aim_taken";
/** The variable that is set while triggers of a move leave rows alone. */
export const GUARD = "@aim_alike";
/** Sets it for statements that write both tables. */
export const STILL = `SET ${GUARD} = 1`;
/** Ends that. */
export const WRITING = `SET ${GUARD} = NULL`;

/** Conditions on rows of the two tables. */
export const { areNull, belongs } = rowConditions(quote);

/** What rows of the other side have for the columns of one, as `join_1`, `value_1` and `has_values`: values name columns as they are. */
export function had(side: MoveSide, other: MoveSide, range = "TRUE"): string {
  const isNull = other.columns.map(({ name }) => `${quote(name)} IS NULL`).join(" AND ");
  return `(SELECT ${
    [
      ...other.joined.map((name, at) => `${quote(name)} AS join_${at + 1}`),
      ...side.columns.map(({ value }, at) => `${value} AS value_${at + 1}`),
      `NOT (${isNull}) AS has_values`,
    ].join(", ")
  } FROM ${quotePath(other.table)} WHERE ${range})`;
}

/** Pairs of rows whose sides differ: neither can be had from the other. */
export function pairs({ old, fresh }: Move): string {
  const on = ({ joined }: MoveSide, row: string, name: string) =>
    joined.map((column, at) => `${row}.${quote(column)} = ${name}.join_${at + 1}`).join(" AND ");
  const unequal = ({ columns }: MoveSide, row: string, name: string) =>
    columns.map((column, at) =>
      differs(`${row}.${quote(column.name)}`, `${name}.value_${at + 1}`, column.type)
    ).join(" OR ");
  return `SELECT 1 FROM ${quotePath(old.table)} AS one JOIN ${quotePath(fresh.table)} AS two ON ${
    belongs(old, fresh, ["one", "two"])
  } JOIN ${had(old, fresh)} AS for_old ON ${on(old, "one", "for_old")} JOIN ${
    had(fresh, old)
  } AS for_new ON ${on(fresh, "two", "for_new")} WHERE (${unequal(old, "one", "for_old")}) AND (${
    unequal(fresh, "two", "for_new")
  })`;
}
