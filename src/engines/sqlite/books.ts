/** Tables of runners' books as SQL. */

import type { BookEdit, BookValues } from "../../core/book_edit.ts";
import { editSql } from "../common/book_edit.ts";
import type { FoundTable, RowsQuery } from "../live.ts";
import { literal } from "./quote.ts";

/** The query for rows of a table of books, all values as text. */
export function rowsQuery(table: string, { columns, bytes = [], orderBy }: RowsQuery): string {
  const list = [
    ...columns.map((name) => `CAST(${ident(name)} AS TEXT) AS ${ident(name)}`),
    ...bytes.map((name) => `lower(hex(${ident(name)})) AS ${ident(name)}`),
  ];
  const order = orderBy.map((name) => `t.${ident(name)}`).join(", ");
  return `SELECT ${list.join(", ")} FROM ${ident(table)} t ORDER BY ${order} LIMIT 100000`;
}

/** A change of books as a statement. */
export function editText({ table }: Pick<FoundTable, "table">, edit: BookEdit): string {
  return editSql(ident(table), edit, { ident, value: valueText, bytes: (hex) => `x'${hex}'` });
}

/** A name as SQL. */
export function ident(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function valueText(value: BookValues[string]): string {
  if (value === null) return "NULL";
  if (value instanceof Date) return literal(value.toISOString().replace("Z", "+00:00"));
  if (typeof value === "object") return literal(value.join(" "));
  if (typeof value === "string") return literal(value);
  return typeof value === "boolean" ? value ? "1" : "0" : String(value);
}
