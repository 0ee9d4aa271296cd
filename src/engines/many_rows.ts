/** What a dialect knows of tables of many rows: statements cut into batches, tables made to measure statements on. */

import type { TableShape } from "../core/shape.ts";

/** How statements that move rows are cut for large tables. */
export interface Moving {
  /** Rows of one batch. */
  readonly rows: number;
  /** The table, as written, whose rows a statement changes in a way that may be cut; null for any other statement. */
  target(sql: string): string | null;
  /** A statement that does the same in batches, each committed, and can be run again; or why it cannot be cut. */
  batch(
    sql: string,
    table: TableShape,
  ): { readonly sql: string } | { readonly reason: string };
}

/** How tables of many made rows are had. */
export interface Sampling {
  /** Of the table that `make` makes, about. */
  readonly bytesPerRow: number;
  /** Statements that make a table `aim_sample` of so many rows. */
  make(rows: number): readonly string[];
  /** Statements over that table that write all rows anew, read them all, and build an index over them. */
  readonly rewrite: string;
  readonly scan: string;
  readonly build: string;
  /** Statements that put so many rows into a table; the server may refuse them, where it has checks that made values do not pass. */
  fill(table: TableShape, rows: number): readonly string[];
}
