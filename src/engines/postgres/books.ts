/** Tables of runners' books as SQL. */

import type { BookEdit, BookValues } from "../../core/book_edit.ts";
import { editSql } from "../common/book_edit.ts";
import type { BookRow, FoundTable, RowsQuery } from "../live.ts";
import { ident, literal } from "./quote.ts";

/** A change of books as a statement. */
export function editText(
  table: Pick<FoundTable, "table" | "schema">,
  edit: BookEdit,
): string {
  return editSql(tableText(table), edit, {
    ident,
    value: valueText,
    bytes: (hex) => `pg_catalog.decode('${hex}', 'hex')`,
    // An operator that fits better may stand in any schema of the search path.
    equals: "OPERATOR(pg_catalog.=)",
  });
}

/** No runner has more migrations. */
const MOST_ROWS = 100_000;

/** The query for rows of a table of books, all values as text. */
export function rowsQuery(
  table: Pick<FoundTable, "table" | "schema">,
  { columns, bytes = [], orderBy }: RowsQuery,
): string {
  const list = [
    ...columns.map((name) => `t.${ident(name)}::text AS ${ident(name)}`),
    ...bytes.map((name) => `pg_catalog.encode(t.${ident(name)}, 'hex') AS ${ident(name)}`),
  ];
  const order = orderBy.map((name) => `t.${ident(name)}`).join(", ");
  return `SELECT ${list.join(", ")} FROM ${
    tableText(table)
  } t ORDER BY ${order} LIMIT ${MOST_ROWS}`;
}

/** Its rows as text. */
export function bookRows(rows: readonly Record<string, unknown>[]): readonly BookRow[] {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]),
    )
  );
}

/** A table as SQL, with its schema. */
function tableText({ table, schema }: Pick<FoundTable, "table" | "schema">): string {
  return schema === null ? ident(table) : `${ident(schema)}.${ident(table)}`;
}

function valueText(value: BookValues[string]): string {
  if (value === null) return "NULL";
  if (value instanceof Date) return literal(value.toISOString());
  if (typeof value === "object") return `ARRAY[${value.map(literal).join(", ")}]::text[]`;
  return typeof value === "string" ? literal(value) : String(value);
}
