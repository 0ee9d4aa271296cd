/** Dates of zeros, which MySQL's usual mode takes in no definition, not even in one that is there already. */

import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import { statement } from "../common/statement.ts";
import { factsOf } from "./facts.ts";
import { LET_ZERO_DATES, OWN_MODES } from "./session.ts";
import { checkFacts } from "./ddl/member.ts";

/**
 * Statements on tables that hold such dates in a default or an expression, on either side, between those that let the session take
 * them and that give it its own modes back. Those that stand together share them.
 */
export function lettingZeroDates(
  statements: readonly PlannedStatement[],
  from: Snapshot,
  to: Snapshot,
): readonly PlannedStatement[] {
  const tables = new Map([...tablesWithZeros(from), ...tablesWithZeros(to)]);
  if (tables.size === 0) return statements;
  const out: PlannedStatement[] = [];
  let open: SchemaObject | null = null;
  for (const one of statements) {
    const table = tableOf(one, tables);
    if (open !== null && table === null) out.push(set(open, OWN_MODES));
    if (open === null && table !== null) out.push(set(table, LET_ZERO_DATES));
    open = table;
    out.push(one);
  }
  if (open !== null) out.push(set(open, OWN_MODES));
  return out;
}

function set(table: SchemaObject, sql: string): PlannedStatement {
  return statement(sql, table, {
    action: "describe",
    text:
      `Table ${table.name} is defined with a date of zeros, which the server's own modes refuse`,
  });
}

/** The first of the tables that a statement defines or writes to; null where it is about none of them. */
function tableOf(
  { sql, serves }: PlannedStatement,
  tables: ReadonlyMap<string, SchemaObject>,
): SchemaObject | null {
  if (!/^(?:ALTER TABLE|CREATE TABLE|RENAME TABLE|UPDATE)\b/.test(sql)) return null;
  for (const id of serves) {
    const table = tables.get(id);
    if (table !== undefined) return table;
  }
  return null;
}

/** Tables by their own ids and by those of their members. */
function tablesWithZeros(snapshot: Snapshot): ReadonlyMap<string, SchemaObject> {
  const found = new Set<string>();
  for (const object of snapshot.objects.values()) {
    if (object.parent !== null && hasZeros(object)) found.add(object.parent);
  }
  const tables = new Map<string, SchemaObject>();
  if (found.size === 0) return tables;
  for (const object of snapshot.objects.values()) {
    const id = object.kind === "table" ? object.id : object.parent ?? "";
    const table = snapshot.objects.get(id);
    if (table !== undefined && found.has(id)) tables.set(object.id, table);
  }
  return tables;
}

function hasZeros(object: SchemaObject): boolean {
  if (object.kind === "column") {
    const { type, default: standard = "", generated = "" } = factsOf(object, "column");
    const isExpression = standard.startsWith("(") || /^(?:date|timestamp)/.test(type);
    return isExpression && ZEROS.test(standard) || ZEROS.test(generated);
  }
  return ZEROS.test(checkFacts(object)?.expression ?? "");
}

/** `'0000-00-00`, `'2024-00-01`, `'2024-01-00`. */
const ZEROS = /'(?:\d{4}-00-\d\d|\d{4}-\d\d-00)/;
