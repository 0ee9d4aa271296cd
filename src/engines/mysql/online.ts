/**
 * Planned statements that say how little they may block: each ALTER TABLE asserts the least ALGORITHM and LOCK that the server took for
 * it, so that it fails at once where another server would copy the table.
 */

import type { MeasuredStatement } from "../../core/measured.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import { lastName } from "../../core/name.ts";
import type { OnlineContext } from "../engine.ts";
import { tokenize } from "./catalog/cursor.ts";
import { readAlterTable } from "./operations/alter_table.ts";

/** The statements with what was measured of them, waiting no longer for a lock than they are told. */
export function onlineOf(
  dialect: "mysql" | "mariadb",
): (
  statements: readonly PlannedStatement[],
  context: OnlineContext,
) => Promise<readonly PlannedStatement[]> {
  return (statements, { from, measured, lockTimeout }) => {
    const list = statements.map((statement, index) =>
      asserting(statement, measured[index] ?? null, dialect)
    );
    const old = tablesOf(from);
    const touchesOld = statements.some(({ sql }) => namesOf(sql).some((name) => old.has(name)));
    if (lockTimeout === 0 || !touchesOld) return Promise.resolve(list);
    const seconds = Math.max(1, Math.ceil(lockTimeout / 1000));
    return Promise.resolve(
      segmentsOf(list).flatMap(([first, ...rest]) => {
        if (first === undefined) return [];
        const { beginsFile, ...bare } = first;
        const begin = setting(String(seconds));
        return [
          beginsFile === true ? { ...begin, beginsFile } : begin,
          ...[bare, ...rest],
          setting("DEFAULT"),
        ];
      }),
    );
  };
}

/** The statements of each file. */
function segmentsOf(
  statements: readonly PlannedStatement[],
): readonly (readonly PlannedStatement[])[] {
  const found: PlannedStatement[][] = [[]];
  for (const statement of statements) {
    if (statement.beginsFile === true) found.push([]);
    found.at(-1)?.push(statement);
  }
  return found;
}

function asserting(
  statement: PlannedStatement,
  measured: MeasuredStatement | null,
  dialect: "mysql" | "mariadb",
): PlannedStatement {
  const alter = readAlterTable(tokenize(statement.sql));
  if (alter === null || alter.algorithm !== null || measured?.algorithm === undefined) {
    return statement;
  }
  if (/\bPARTITION/i.test(statement.sql)) return statement;
  const { algorithm, lock } = measured;
  // MySQL takes no LOCK beside INSTANT.
  const hasLock = lock !== undefined && !(dialect === "mysql" && algorithm === "INSTANT");
  const clauses = [`ALGORITHM=${algorithm}`, ...(hasLock ? [`LOCK=${lock}`] : [])];
  const isTall = statement.sql.includes("\n");
  return {
    ...statement,
    sql: `${statement.sql},${isTall ? "\n  " : " "}${clauses.join(isTall ? ",\n  " : ", ")}`,
  };
}

function setting(value: string): PlannedStatement {
  return {
    sql: `SET SESSION lock_wait_timeout = ${value}`,
    serves: [],
    reason: {
      action: "describe",
      text: value === "DEFAULT"
        ? "Waiting for locks is as it was"
        : `Statements wait ${value} s for a lock`,
    },
    transactional: true,
  };
}

function tablesOf({ objects }: Snapshot): ReadonlySet<string> {
  return new Set(
    [...objects.values()].filter(({ kind }) => kind === "table").map(({ name }) => lastName(name)),
  );
}

/** The tables that a statement alters or drops. */
function namesOf(sql: string): readonly string[] {
  const alter = readAlterTable(tokenize(sql));
  if (alter !== null) return [alter.table];
  const [, dropped] = /^DROP TABLE `?([^`\s]+)`?/i.exec(sql) ?? [];
  return dropped === undefined ? [] : [dropped];
}
