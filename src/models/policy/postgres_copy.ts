/** Copies of rows in Postgres' parse trees. */

import type { Copy } from "./draft_copies.ts";
import type { Tree } from "../../parsers/postgres.ts";
import { list, nameOf, record, relationName, walk } from "../../parsers/postgres_tree.ts";

/** The copy that a query makes into a table, or null for one that reads nothing. `node` is the INSERT or CREATE TABLE around it. */
export function postgresCopy(query: unknown, node: Tree): Copy | null {
  const select = record(record(query).SelectStmt);
  const from = list(select.fromClause);
  const first = from.length === 1 ? firstTable(from[0]) : null;
  const reads: string[] = first === null ? [] : [first];
  walk([query, node.withClause], (type, inner) => {
    if (type === "RangeVar" && inner.relname !== undefined) reads.push(relationName(inner));
  });
  if (reads.length === 0 && from.length === 0) return null;
  const columns = list(node.cols).map((column) => String(record(record(column).ResTarget).name));
  return {
    reads,
    isWhole: first !== null && node.onConflictClause === undefined &&
      node.withClause === undefined &&
      NARROWING.every((key) => select[key] === undefined) && select.op === "SETOP_NONE",
    values: list(select.targetList).map((target) => valueOf(record(record(target).ResTarget))),
    columns: columns.length > 0 ? columns : null,
  };
}

/** What makes a query give other rows than its table has. */
const NARROWING = [
  "whereClause",
  "groupClause",
  "havingClause",
  "limitCount",
  "limitOffset",
  "distinctClause",
  "withClause",
];

/** The table whose rows all come through, or null: alone, or on the left of outer joins. */
function firstTable(item: unknown): string | null {
  const { RangeVar, JoinExpr } = record(item);
  if (RangeVar !== undefined) return relationName(RangeVar);
  const { jointype, larg } = record(JoinExpr);
  return jointype === "JOIN_LEFT" ? firstTable(larg) : null;
}

function valueOf({ name, val }: Tree): Copy["values"][number] {
  const { fields } = record(record(val).ColumnRef);
  const own = fields === undefined ? "" : nameOf(fields);
  return {
    name: name === undefined ? own || null : String(name),
    isColumn: fields !== undefined,
  };
}
