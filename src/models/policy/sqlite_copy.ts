/** Copies of rows in SQLite's parse trees. */

import type { Copy } from "./draft_copies.ts";
import type { Node } from "../../parsers/sqlite.ts";
import { children, nameOf, record, walk } from "./sqlite_tree.ts";

/** The copy that a query makes into a table, or null for one that reads nothing. `node` is the INSERT or CREATE TABLE around it. */
export function sqliteCopy(query: unknown, node: Node): Copy | null {
  const select = record(query);
  const first = firstTable(select.from_clause);
  const reads: string[] = first === null ? [] : [first];
  walk(query, (inner) => {
    if (inner.type === "TableRef") reads.push(nameOf(inner.table_name));
  });
  walk(node.with_ctes, (inner) => {
    if (inner.type === "TableRef") reads.push(nameOf(inner.table_name));
  });
  if (reads.length === 0 && isNone(select.from_clause)) return null;
  const skips = /IGNORE|REPLACE/.test(`${node.keyword} ${node.conflict_action}`);
  const columns = children(node.columns).map(({ column }) => nameOf(column));
  return {
    reads,
    isWhole: first !== null && !skips && select.type === "SelectStmt" &&
      NARROWING.every((key) => select[key] === undefined) && isNone(node.with_ctes) &&
      isNone(node.upsert) && !/DISTINCT/.test(String(select.flags)),
    values: children(select.columns).map(valueOf),
    columns: node.type === "InsertStmt" && columns.length > 0 ? columns : null,
  };
}

/** What makes a query give other rows than its table has. */
const NARROWING = ["where_clause", "groupby", "having", "limit_clause"];

/** The table whose rows all come through, or null: alone, or on the left of outer joins. */
function firstTable(item: unknown): string | null {
  const from = record(item);
  if (from.type === "TableRef") return nameOf(from.table_name);
  return from.type === "JoinClause" && from.join_type === "LEFT" ? firstTable(from.left) : null;
}

function valueOf(
  { alias, expr, flags }: Readonly<Record<string, unknown>>,
): Copy["values"][number] {
  const { type, column } = record(expr);
  const isStar = /STAR/.test(String(flags));
  const isColumn = isStar || type === "ColumnRef";
  const named = isNone(alias) ? (type === "ColumnRef" ? nameOf(column) : "") : nameOf(alias);
  return { name: named === "" ? null : named, isColumn };
}

function isNone(value: unknown): boolean {
  return value === undefined || value === null;
}
