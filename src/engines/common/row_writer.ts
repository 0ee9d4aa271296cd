/** Rows of a sample as SQL. */

import type { Cell, RowWriter } from "../live.ts";

/** How a dialect writes its parts. */
export interface RowSyntax {
  ident(name: string): string;
  value(cell: Exclude<Cell, null>): string;
  /** Stands before VALUES: what lets numbered columns take values. */
  readonly overriding: string;
  /** Moves the counter of a column behind its values; absent where none needs it. */
  counter?(table: string, column: string): string;
}

/** Writes rows by a dialect's syntax. */
export function rowWriterOf({ ident, value, overriding, counter }: RowSyntax): RowWriter {
  const text = (cell: Cell) => cell === null ? "NULL" : value(cell);
  const list = (pairs: readonly (readonly [string, Cell])[], between: string) =>
    pairs.map(([name, cell]) => `${ident(name)} = ${text(cell)}`).join(between);
  return {
    insert: ({ quoted }, columns, rows) => {
      const values = rows.map((row) => `  (${row.map(text).join(", ")})`).join(",\n");
      const names = columns.map(ident).join(", ");
      return `INSERT INTO ${quoted} (${names})${overriding} VALUES\n${values}`;
    },
    counters: ({ quoted, columns }) =>
      columns.flatMap(({ name, isNumbered }) =>
        isNumbered === true && counter !== undefined ? [counter(quoted, name)] : []
      ),
    update: ({ quoted }, set, key) =>
      `UPDATE ${quoted} SET ${list(set, ", ")} WHERE ${list(key, " AND ")}`,
  };
}
