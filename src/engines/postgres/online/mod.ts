/**
 * Planned statements as ones that let others read and write meanwhile: what reads or writes all rows of a table that was there before
 * does so under a lock that blocks neither, and what needs a stronger lock is quick and does not wait for it for long.
 */

import type { Operation } from "../../../core/operation.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import type { OnlineContext } from "../../engine.ts";
import { operations } from "../operations/mod.ts";
import { reference } from "../quote.ts";
import { onlineAlterTable, type OnlineInput } from "./alter_table.ts";
import { concurrentIndex } from "./concurrent_index.ts";
import { isPartitioned, Known } from "./known.ts";
import { partitionedIndex } from "./partitions.ts";
import { type Unit, withLateUnits } from "./order.ts";

/** Statements that leave the same as the planned ones. */
export async function online(
  statements: readonly PlannedStatement[],
  context: OnlineContext,
): Promise<readonly PlannedStatement[]> {
  const known = new Known(context.from);
  const units: Unit[] = [];
  let touchesOld = false;
  for (const statement of statements) {
    const found = await operations(statement.sql);
    touchesOld ||= found.some((operation) => isOnOld(operation, known));
    units.push(...unitsOf(statement, found, { known, context }));
  }
  const ordered = withLateUnits(gathered(units), context);
  const { lockTimeout } = context;
  if (!touchesOld || lockTimeout === 0) return ordered;
  const settings = [`SET LOCAL lock_timeout = '${timeText(lockTimeout)}'`];
  return ordered.map((statement) =>
    isDefinition(statement.sql) ? { ...statement, settings } : statement
  );
}

function unitsOf(
  statement: PlannedStatement,
  found: readonly Operation[],
  input: OnlineInput,
): readonly Unit[] {
  const kept: Unit = { statements: [statement], isLate: false };
  const [operation] = found;
  if (operation === undefined || !statement.transactional) return [kept];
  if (input.context.kept.has(statement)) return [kept];
  if (operation.kind === "index" && operation.action === "create") {
    return [createIndex(statement, operation, input) ?? kept];
  }
  if (operation.kind === "index" && operation.action === "drop" && found.length === 1) {
    return [dropIndex(statement, operation, input) ?? kept];
  }
  if (operation.kind === "table" && input.known.table(operation.on) !== null) {
    if (operation.action === "update" && statement.reason.action === "backfill") {
      const own = { ...statement, transactional: false, ownTransaction: true } as const;
      return [{ ...kept, statements: [own] }];
    }
    return onlineAlterTable(statement, found, input) ?? [kept];
  }
  return [kept];
}

function createIndex(
  statement: PlannedStatement,
  { on, name, isConcurrent, isConditional }: Operation,
  { known, context }: OnlineInput,
): Unit | null {
  const table = known.table(on);
  if (table !== null && isPartitioned(table) && name !== undefined && !isConcurrent) {
    return partitionedIndex(statement, `${schemaOf(on)}.${name}`, { known, context });
  }
  const takesIt = table === null ? known.hasRows(on) : !isPartitioned(table);
  if (context.files === "transaction" || !takesIt || isConcurrent || isConditional) return null;
  const sql = statement.sql.replace(/^(CREATE\s+(?:UNIQUE\s+)?INDEX)\s/i, "$1 CONCURRENTLY ");
  if (sql === statement.sql || name === undefined) return null;
  return {
    statements: concurrentIndex({ ...statement, sql }, reference(joined(schemaOf(on), name))),
    isLate: true,
  };
}

function schemaOf(table: string): string {
  return table.includes(".") ? table.slice(0, table.lastIndexOf(".")) : "public";
}

function dropIndex(
  statement: PlannedStatement,
  { on, isCascade, isConcurrent }: Operation,
  { known, context }: OnlineInput,
): Unit | null {
  const index = known.tableOfIndex(on);
  // The way back is quick as it is, and may then stand with others in one transaction.
  if (context.undoes !== null) return null;
  if (context.files === "transaction" || index === null || isCascade || isConcurrent) return null;
  if (index.isPart || (index.table !== null && isPartitioned(index.table))) return null;
  const sql = statement.sql.replace(
    /^DROP\s+INDEX\s+(?:IF\s+EXISTS\s+)?/i,
    "DROP INDEX CONCURRENTLY IF EXISTS ",
  );
  return { statements: [{ ...statement, sql, transactional: false }], isLate: true };
}

/** A backfill comes behind the CHECK that refuses what it fills, so that none is written in between. */
function gathered(units: readonly Unit[]): readonly Unit[] {
  const out: Unit[] = [];
  for (const unit of units) {
    const last = out.at(-1)?.statements[0];
    const [first, ...rest] = unit.statements;
    const isBackfill = last?.ownTransaction === true && last.reason.action === "backfill";
    if (!isBackfill || first === undefined || unit.fills !== true) {
      out.push(unit);
      continue;
    }
    out.splice(-1, 1, { ...unit, statements: [first, last, ...rest] });
  }
  return out;
}

function isOnOld({ action, kind, on, constraints, constraint }: Operation, known: Known): boolean {
  if (["insert", "update", "delete", "set", "other"].includes(action)) return false;
  if (kind === "index" && action === "drop") return known.tableOfIndex(on) !== null;
  const referred = [constraint, ...(constraints ?? [])].map((one) => one?.references ?? "");
  return [on, ...referred].some((name) => known.hasRows(name));
}

/** False for what takes no lock on a table that readers and writers wait for: changes of rows, and settings. */
function isDefinition(sql: string): boolean {
  return /^\s*(?:ALTER|CREATE|DROP|TRUNCATE|COMMENT)\b/i.test(sql);
}

function joined(schema: string, name: string): string {
  return [schema, name].map((part) => `"${part.replaceAll('"', '""')}"`).join(".");
}

/** As Postgres writes it: `2s`, `500ms`. */
function timeText(milliseconds: number): string {
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}
