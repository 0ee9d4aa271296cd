/** Tables of runners' books as SQL. */

import type { BookEdit } from "../../core/book_edit.ts";
import { editSql } from "../common/book_edit.ts";
import type { BookRow, FoundTable, RowsQuery } from "../live.ts";
import { literal } from "./quote.ts";

/** The query for rows of a table of books, all values as text. */
export function rowsQuery(
  table: Pick<FoundTable, "table" | "schema">,
  { columns, bytes = [], orderBy }: RowsQuery,
): string {
  const list = [
    ...columns.map((name) => `CAST(t.${ident(name)} AS CHAR) AS ${ident(name)}`),
    ...bytes.map((name) => `LOWER(HEX(t.${ident(name)})) AS ${ident(name)}`),
  ];
  const order = orderBy.map((name) => `t.${ident(name)}`).join(", ");
  return `SELECT ${list.join(", ")} FROM ${tableText(table)} t ORDER BY ${order} LIMIT 100000`;
}

/** Its rows as text. */
export function bookRows(rows: readonly Record<string, unknown>[]): readonly BookRow[] {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]),
    )
  );
}

/** A change of books as a statement. */
export function editText(table: Pick<FoundTable, "table" | "schema">, edit: BookEdit): string {
  return editSql(tableText(table), edit, {
    ident,
    value: (value) => {
      if (value === null) return "NULL";
      if (value instanceof Date) return literal(value.toISOString().replace("T", " ").slice(0, -1));
      if (typeof value === "object") return literal(value.join(" "));
      if (typeof value === "string") return literal(value);
      return typeof value === "boolean" ? value ? "1" : "0" : String(value);
    },
    bytes: (hex) => `x'${hex}'`,
  });
}

/** A table as SQL, with its database. */
export function tableText({ table, schema }: Pick<FoundTable, "table" | "schema">): string {
  return schema === null ? ident(table) : `${ident(schema)}.${ident(table)}`;
}

/** A name as SQL. */
export function ident(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
