/** ALTER TABLE of a table that was there before: what reads all of its rows does so under a lock that blocks neither reads nor writes. */

import type { Operation } from "../../../core/operation.ts";
import { objectId } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { generatedName } from "../generated_name.ts";
import { joinName, lastName, splitName } from "../names.ts";
import type { Table } from "../objects.ts";
import { ident, reference } from "../quote.ts";
import { alterText, readAlterTable } from "./actions.ts";
import type { OnlineContext } from "../../engine.ts";
import { concurrentIndex } from "./concurrent_index.ts";
import { isPartitioned, type Known } from "./known.ts";
import { partitionedForeignKey, partitionedKey } from "./partitioned_constraints.ts";
import { attachStatements } from "./partitions.ts";
import type { Unit } from "./order.ts";

/** What a statement is written by, and what was there before. */
export interface OnlineInput {
  readonly known: Known;
  readonly context: OnlineContext;
}

/** The statement as several, in parts that may stand apart; null where it is as well as it can be. */
export function onlineAlterTable(
  statement: PlannedStatement,
  found: readonly Operation[],
  input: OnlineInput,
): readonly Unit[] | null {
  const alter = readAlterTable(statement.sql);
  const table = input.known.table(found[0]?.on ?? "");
  if (alter === null || table === null || alter.actions.length !== found.length) return null;
  const { head } = alter;
  const kept: string[] = [];
  const keptIds: string[] = [];
  const units: Unit[] = [];
  for (const [index, action] of alter.actions.entries()) {
    const operation = found[index];
    const serves = servedBy(operation?.name, statement);
    const unit = operation === undefined
      ? null
      : unitOf(operation, action, { ...input, table, head, statement: { ...statement, serves } });
    if (unit === null) {
      kept.push(action);
      keptIds.push(...serves);
    } else units.push(unit);
  }
  if (units.length === 0) return null;
  const { comment } = statement;
  if (kept.length > 0) {
    const serves = [...new Set(keptIds)];
    return [
      { statements: [{ ...statement, sql: alterText(head, kept), serves }], isLate: false },
      ...units,
    ];
  }
  if (comment === undefined) return units;
  return units.map((unit, at) =>
    at > 0 ? unit : {
      ...unit,
      statements: unit.statements.map((one, index) => index > 0 ? one : { ...one, comment }),
    }
  );
}

/** Ids of the objects that one action of several is about: those of the name that it gives. */
function servedBy(name: string | undefined, { serves }: PlannedStatement): readonly string[] {
  const own = serves.filter((id) => lastName(id.slice(id.indexOf(":") + 1)) === name);
  return own.length === 0 ? serves : own;
}

interface ActionInput extends OnlineInput {
  readonly table: Table;
  readonly head: string;
  readonly statement: PlannedStatement;
}

function unitOf(operation: Operation, action: string, input: ActionInput): Unit | null {
  switch (operation.action) {
    case "add-constraint":
      return constraintUnit(operation, action, input);
    case "set-not-null":
      return {
        statements: notNullStatements(operation.name ?? "", input),
        isLate: false,
        fills: true,
      };
    case "validate-constraint":
      return { statements: [own([action], input)], isLate: true };
    case "drop-constraint":
      return dropKeyUnit(operation.name ?? "", action, input);
    case "attach-partition":
      return attachStatements(operation.name ?? "", action, input);
    case "detach-partition":
      return detachUnit(action, input);
    default:
      return null;
  }
}

/** Since 14; the files of other runners than these could not each be undone, since a check of the bound stays behind. */
function detachUnit(
  action: string,
  { table, context, known, head, statement }: ActionInput,
): Unit | null {
  if (context.files !== "statements" || majorOf(context.deployedVersion) < 14) return null;
  if (context.undoes !== null || known.defaultPartition(table) !== null) return null;
  const sql = `${head} ${action}`;
  return {
    statements: [{
      ...statement,
      sql: `${sql} CONCURRENTLY`,
      comment: `Where this was interrupted, run ${sql} FINALIZE instead`,
      transactional: false,
    }],
    isLate: false,
  };
}

function constraintUnit(
  { constraint }: Operation,
  action: string,
  input: ActionInput,
): Unit | null {
  if (constraint === undefined || constraint.index !== null || constraint.name === null) {
    return null;
  }
  const { type, isUnvalidated } = constraint;
  const isRow = type === "check" || type === "foreign key";
  if (isRow && !isUnvalidated && !/\bNOT\s+ENFORCED\b/i.test(action)) {
    // Since 18 that of a partitioned table can be validated later as well.
    if (
      isPartitioned(input.table) && type === "foreign key" &&
      majorOf(input.context.deployedVersion) < 18
    ) return partitionedForeignKey(constraint.name, action, input);
    const name = ident(constraint.name);
    return {
      statements: [
        own([`DROP CONSTRAINT IF EXISTS ${name}`, `${action} NOT VALID`], input),
        own([`VALIDATE CONSTRAINT ${name}`], input),
      ],
      isLate: true,
    };
  }
  return type === "unique" || type === "primary key"
    ? keyUnit(constraint.name, constraint.columns, action, input)
    : null;
}

const KEY =
  /^ADD\s+CONSTRAINT\s+(?:"(?:[^"]|"")+"|\S+)\s+(UNIQUE|PRIMARY\s+KEY)(\s+NULLS\s+NOT\s+DISTINCT)?\s*(\([^()]*\))(\s*INCLUDE\s*\([^()]*\))?(\s+(?:NOT\s+)?DEFERRABLE.*)?$/is;

/** The index of a key is built while others write, and the key takes it over. */
function keyUnit(
  name: string,
  columns: readonly string[],
  action: string,
  input: ActionInput,
): Unit | null {
  const { table, context, known, statement: { reason } } = input;
  const [, type, nulls = "", list = "", included = "", deferral = ""] = KEY.exec(action) ?? [];
  if (type === undefined || context.files === "transaction") return null;
  if (/\bWITHOUT\s+OVERLAPS\b/i.test(list)) return null;
  if (isPartitioned(table)) {
    const isFull = columns.every((column) => !known.isNullable(table, column));
    return deferral !== "" || type.toUpperCase() !== "UNIQUE" && !isFull ? null : partitionedKey(
      { name, type, list: `${nulls} ${list}${included}`, action },
      input,
    );
  }
  // Going back, the files that such a runner needs could not each be undone.
  if (context.files === "message" && context.undoes !== null) return null;
  const nullable = type.toUpperCase() === "UNIQUE"
    ? []
    : columns.filter((column) => known.isNullable(table, column));
  const sql = `CREATE UNIQUE INDEX CONCURRENTLY ${ident(name)} ON ${
    reference(table.name)
  } ${list}${included}${nulls}`;
  const use = `ADD CONSTRAINT ${ident(name)} ${type} USING INDEX ${ident(name)}${deferral}`;
  const built = concurrentIndex(
    { sql, serves: [indexId(table, name)], reason, transactional: false },
    indexReference(table, name),
  );
  return {
    statements: [
      ...nullable.flatMap((column) =>
        notNullStatements(column, {
          ...input,
          statement: { ...input.statement, serves: [memberId("column", table, column)] },
        })
      ),
      ...built,
      own([use], input),
    ],
    isLate: nullable.length === 0,
  };
}

/** Where a key took over an index of a file before, that file's state is one with the index. */
function dropKeyUnit(
  name: string,
  action: string,
  { table, context, head, statement }: ActionInput,
): Unit | null {
  const { serves, reason } = statement;
  if (context.files !== "message") return null;
  const id = indexId(table, name);
  const built = context.undoes?.find(({ sql, serves: others }) =>
    sql.startsWith("CREATE UNIQUE INDEX CONCURRENTLY ") && others.includes(id)
  );
  if (built === undefined) return null;
  const statements: readonly PlannedStatement[] = [
    { ...statement, sql: `${head} ${action}` },
    { sql: built.sql.replace(" CONCURRENTLY", ""), serves, reason, transactional: true },
    {
      sql: `DROP INDEX ${indexReference(table, name)}`,
      serves: [id],
      reason,
      transactional: true,
    },
  ];
  return { statements, isLate: false };
}

/** A CHECK that is validated proves that there is no NULL, so that SET NOT NULL reads nothing; from 18 on NOT NULL can be validated itself. */
function notNullStatements(column: string, input: ActionInput): readonly PlannedStatement[] {
  const { table, context } = input;
  const bare = lastName(table.name);
  const isNew = majorOf(context.deployedVersion) >= 18;
  const name = ident(generatedName(bare, column, isNew ? "not_null" : "is_not_null"));
  const constraint = isNew ? `NOT NULL ${ident(column)}` : `CHECK (${ident(column)} IS NOT NULL)`;
  const checked = [
    own([
      `DROP CONSTRAINT IF EXISTS ${name}`,
      `ADD CONSTRAINT ${name} ${constraint} NOT VALID`,
    ], input),
    own([`VALIDATE CONSTRAINT ${name}`], input),
  ];
  if (isNew) return checked;
  return [
    ...checked,
    own([`ALTER COLUMN ${ident(column)} SET NOT NULL`, `DROP CONSTRAINT ${name}`], input),
  ];
}

/** Actions in a statement and a transaction of their own. */
function own(
  actions: readonly string[],
  { head, statement: { serves, reason, failsOn } }: ActionInput,
): PlannedStatement {
  return {
    sql: alterText(head, actions),
    serves,
    reason,
    transactional: false,
    ownTransaction: true,
    ...failsOn === undefined ? {} : { failsOn },
  };
}

function indexId(table: Table, name: string): string {
  return objectId("index", joinName(splitName(table.name)[0] ?? "public", name));
}

function memberId(kind: string, table: Table, name: string): string {
  return objectId(kind, joinName(...splitName(table.name), name));
}

function indexReference(table: Table, name: string): string {
  return reference(joinName(splitName(table.name)[0] ?? "public", name));
}

function majorOf(version: string | null): number {
  return Number(/^\d+/.exec(version ?? "")?.[0] ?? 0);
}
