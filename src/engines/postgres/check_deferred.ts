/** Constraints that wait for the end of a transaction: the server refuses to alter a table while they wait for changes of its rows. */

import type { Plan } from "../../core/plan.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import { statement } from "../common/statement.ts";
import { relationName } from "./ddl/clauses/relation.ts";
import { type PostgresObject, type PostgresSnapshot, postgresSnapshot } from "./objects.ts";
import { reference } from "./quote.ts";

/** The plan, with all deferred constraints checked at once from where rows of a table change that a later statement alters. */
export function checkDeferred(plan: Plan, snapshots: readonly Snapshot[]): Plan {
  const tables = deferringTables(snapshots.map(postgresSnapshot));
  if (tables.size === 0) return plan;
  const statements: PlannedStatement[] = [];
  let isSet = false;
  for (const [at, one] of plan.statements.entries()) {
    if (!one.transactional) isSet = false;
    const table = isSet ? undefined : changedTable(one.sql, tables);
    if (table !== undefined && isAltered(table, plan.statements.slice(at + 1))) {
      const object = { kind: "table", name: table.name };
      statements.push({
        ...statement("SET CONSTRAINTS ALL IMMEDIATE", [], { action: "check_deferred", object }),
        serves: one.serves,
      });
      isSet = true;
    }
    statements.push(one);
  }
  return { ...plan, statements };
}

/** A table, as statements write it. */
interface Deferring {
  readonly name: string;
  readonly sql: string;
}

/** Tables whose changes a deferred constraint or trigger looks at, by their names as SQL. */
function deferringTables(snapshots: readonly PostgresSnapshot[]): ReadonlyMap<string, Deferring> {
  const tables = new Map<string, Deferring>();
  const add = (name: string) => tables.set(reference(name), { name, sql: reference(name) });
  for (const snapshot of snapshots) {
    for (const object of snapshot.objects.values()) {
      if (!isDeferred(object)) continue;
      add(relationName(object));
      if (object.kind === "constraint" && object.facts.references !== undefined) {
        add(object.facts.references);
      }
    }
  }
  return tables;
}

function isDeferred(object: PostgresObject): boolean {
  if (object.kind === "constraint") return object.facts.deferred === true;
  return object.kind === "trigger" && object.facts.definition?.includes(DEFERRED) === true;
}

const DEFERRED = "INITIALLY DEFERRED";

function changedTable(
  sql: string,
  tables: ReadonlyMap<string, Deferring>,
): Deferring | undefined {
  const start = /^(?:UPDATE|INSERT INTO|DELETE FROM)\s+(?:ONLY\s+)?/.exec(sql)?.[0];
  if (start === undefined) return undefined;
  return [...tables.values()].find((table) =>
    sql.startsWith(table.sql, start.length) &&
    /^(?:[\s(;]|$)/.test(sql.slice(start.length + table.sql.length))
  );
}

/** True when one of the statements, in the same transaction, names the table and is not about its rows. */
function isAltered({ sql: name }: Deferring, statements: readonly PlannedStatement[]): boolean {
  for (const { sql, transactional } of statements) {
    if (!transactional) return false;
    if (!/^(?:UPDATE|INSERT|DELETE|SELECT|COMMENT)\b/.test(sql) && sql.includes(name)) return true;
  }
  return false;
}
