/** What a dialect does so that columns take over from others while both are written. */

import type { Expansion, MoveSide } from "../core/expansion.ts";
import type { PlannedStatement } from "../core/statement.ts";

/** What is done to columns that take over from others, in the form of the dialect. */
export interface ExpandingWays {
  /** The new columns, where their table was there before, and what keeps both sides alike. */
  add(expansion: Expansion): readonly PlannedStatement[];
  /** The way back of `add`. */
  remove(expansion: Expansion): readonly PlannedStatement[];
  /** Fills the rows that are there, in batches that are committed; can be run again. */
  backfill(expansion: Expansion): readonly PlannedStatement[];
  /** The old columns go, or their table, and what keeps them alike; the new ones get their names where the type changed. */
  swap(expansion: Expansion): readonly PlannedStatement[];
  /** The way back of `swap`, but for what else the old columns had: indexes, defaults, constraints. Of a table that went: its rows. */
  unswap(expansion: Expansion): readonly PlannedStatement[];
  /** Makes the sides of all rows alike while the triggers stand: for rows that were put in beside them. */
  align(expansion: Expansion): readonly string[];
  /** A query for the `count` of rows whose sides differ. */
  unlike(expansion: Expansion): string;
  /** Writes of code that knows one side alone. */
  clients(expansion: Expansion): { readonly old: string; readonly fresh: string };
}

/** How columns take over from others while both are written. */
export interface Expanding extends ExpandingWays {
  /** A value as one of another type, where it is compared with such or assigned. */
  convert(value: string, type: string): string;
  /** A statement that does nothing. */
  readonly nothing: string;
  /** A name as SQL. */
  quote(name: string): string;
  /** How code takes a row out of a table of a move and puts it in again. */
  readonly rowsAnew: RowsAnew;
}

/** A row is taken out, kept in a temporary table, and put in again. */
export interface RowsAnew {
  /** By its place in the order of the primary key, from 0. */
  takeOut(side: MoveSide, at: number): readonly string[];
  /** With these columns of it alone. */
  putBack(side: MoveSide, columns: readonly string[]): string;
  /** Makes its row of the other side, or changes the one that is there. */
  putInOther(side: MoveSide, from: MoveSide, options: { readonly orUpdate: boolean }): string;
  /** Ends the temporary table. */
  readonly done: string;
}
