/** CREATE TABLE with all that it can carry, as a person would write it. */

import { sameJson } from "../../../../changes.ts";
import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { PlanContext } from "../../../object_kind.ts";
import { lastName } from "../../names.ts";
import { ident, reference } from "../../quote.ts";
import { optionList } from "../clauses/options.ts";
import { flag, majorOf, record } from "../clauses/relation.ts";
import { planned, text, texts } from "../clauses/statement.ts";
import { inheritedDifferences } from "./column/add.ts";
import { columnExtras } from "./column/attributes.ts";
import { columnClause, defaultExpression, isSerial, notNullClause } from "./column/clause.ts";
import { notNullStatement } from "./column/not_null.ts";
import { notNullName, takenNotNullName } from "./column/not_null_name.ts";
import { isInherited, parentColumns } from "./inheritance.ts";
import { constraintExtras } from "./key/constraint.ts";
import { columnConstraint, tableConstraint } from "./key/constraint_clause.ts";
import { createSequence, ownSequence, sequenceExtras } from "./sequence.ts";

/** CREATE TABLE, and what its columns, constraints and sequences need besides. */
export function createTable(
  table: SchemaObject,
  members: readonly SchemaObject[],
  context: PlanContext,
): readonly PlannedStatement[] {
  const parts = sorted(members);
  const before: PlannedStatement[] = [];
  const after: PlannedStatement[] = [];
  for (const { sequences, serial } of parts.columns) {
    for (const sequence of sequences) {
      if (sequence !== serial) {
        before.push(createSequence(sequence));
        after.push(...ownSequence(sequence));
      }
      after.push(...sequenceExtras(sequence, context));
    }
  }
  for (const { column } of parts.columns) {
    if (isFromParent(column)) after.push(...ofParent(table, column, context));
    else if (isInherited(column)) after.push(...ownOfParent(column, context));
    if (flag(column, "not_null_not_valid")) after.push(notNullStatement(column, context));
    after.push(...columnExtras(column, context));
  }
  for (const constraint of parts.constraints) {
    after.push(...constraintExtras(null, constraint, context));
  }
  return [
    ...before,
    planned(table, tableText(table, parts, context), `Table ${table.name} is new`),
    ...after,
  ];
}

interface ColumnPart {
  readonly column: SchemaObject;
  readonly value: SchemaObject | undefined;
  /** Those that the column owns. */
  readonly sequences: readonly SchemaObject[];
  /** The one of them that makes it a serial column. */
  readonly serial: SchemaObject | undefined;
}

interface Parts {
  readonly columns: readonly ColumnPart[];
  readonly constraints: readonly SchemaObject[];
}

function sorted(members: readonly SchemaObject[]): Parts {
  const values = new Map<string, SchemaObject>();
  for (const member of members) {
    if (member.kind === "default") values.set(member.parent ?? "", member);
  }
  const columns = members.filter(({ kind }) => kind === "column").map((column) => {
    const value = values.get(column.id);
    const sequences = members.filter(({ kind, parent }) =>
      kind === "sequence" && parent === column.id
    );
    const serial = sequences.find((sequence) => isSerial(column, sequence, value));
    return { column, value, sequences, serial };
  });
  const constraints = members.filter(({ kind }) => kind === "constraint")
    .sort((a, b) => weight(a) - weight(b) || (a.id < b.id ? -1 : 1));
  return { columns, constraints };
}

/** Primary key first, then unique, exclude, foreign keys, checks. */
function weight(constraint: SchemaObject): number {
  const order = ["primary key", "unique", "exclude", "foreign key", "check"];
  return order.indexOf(text(constraint, "type") ?? "");
}

function tableText(table: SchemaObject, parts: Parts, context: PlanContext): string {
  const unlogged = flag(table, "unlogged") ? "UNLOGGED " : "";
  const head = `CREATE ${unlogged}TABLE ${reference(table.name)}`;
  const partition = record(table, "partition_of");
  const type = text(table, "of");
  const inherits = texts(table, "inherits");
  const items = elements(table, parts, context);
  const list = items.length === 0 ? "" : ` (\n${items.map((item) => `  ${item}`).join(",\n")}\n)`;
  const by = text(table, "partition_by");
  const method = text(table, "access_method");
  const options = [
    ...texts(table, "options").length === 0 ? [] : [optionList(texts(table, "options"))],
    ...texts(table, "toast_options").length === 0
      ? []
      : [optionList(texts(table, "toast_options"), "toast.")],
  ];
  const tablespace = text(table, "tablespace");
  return [
    partition !== null
      ? `${head} PARTITION OF ${reference(String(partition.parent))}${list} ${partition.bound}`
      : type !== null
      ? `${head} OF ${reference(type)}${list}`
      : `${head}${list === "" ? " ()" : list}`,
    inherits.length === 0 ? "" : `INHERITS (${inherits.map(reference).join(", ")})`,
    by === null ? "" : `PARTITION BY ${by}`,
    method === null ? "" : `USING ${ident(method)}`,
    options.length === 0 ? "" : `WITH (${options.join(", ")})`,
    tablespace === null ? "" : `TABLESPACE ${ident(tablespace)}`,
  ].filter((part) => part !== "").join(" ");
}

function elements(table: SchemaObject, parts: Parts, context: PlanContext): readonly string[] {
  const placed = new Set<string>();
  const keyed = new Set(
    parts.constraints.filter(({ facts }) => facts.type === "primary key")
      .flatMap((constraint) => texts(constraint, "columns")),
  );
  const lines: string[] = [];
  for (const { column, value, serial } of parts.columns) {
    const name = lastName(column.name);
    if (isFromParent(column)) {
      const own = partitionColumn(table, column, value, context);
      if (own !== null) lines.push(own);
      if (namesNotNull(column, context)) {
        lines.push(
          `CONSTRAINT ${ident(notNullName(column))} NOT NULL ${ident(lastName(column.name))}`,
        );
      }
      continue;
    }
    const own = isTyped(table) ? [] : parts.constraints.flatMap((constraint) => {
      const columns = texts(constraint, "columns");
      if (columns.length !== 1 || columns[0] !== name || placed.has(constraint.id)) return [];
      const sql = columnConstraint(constraint, context);
      if (sql === null) return [];
      placed.add(constraint.id);
      return [sql];
    });
    const clause = {
      column,
      nullable: inheritsNotNull(column, context),
      default: value,
      serial: serial !== undefined,
      notNullName: takenNotNullName(column, context),
      constraints: own,
      impliedNotNull: keyed.has(name),
    };
    if (isTyped(table)) {
      const options = [
        notNullClause(clause),
        value === undefined ? "" : `DEFAULT ${defaultExpression(value, column)}`,
      ].filter((option) => option !== "");
      if (options.length > 0) lines.push(`${ident(name)} WITH OPTIONS ${options.join(" ")}`);
      continue;
    }
    lines.push(columnClause(clause));
  }
  for (const constraint of parts.constraints) {
    if (!placed.has(constraint.id)) lines.push(tableConstraint(constraint, context));
  }
  return lines;
}

/** True for a column that is the child's own as well but not so its not-null constraint. */
function inheritsNotNull(column: SchemaObject, context: PlanContext): boolean {
  return majorOf(context) >= 18 && isInherited(column) && !flag(column, "not_null_local") &&
    parentColumns(context.to, column).some((parent) => flag(parent, "not_null"));
}

/** From version 18 on an inherited not-null constraint may be the child's own as well, or go by another name than the parent's. */
function namesNotNull(column: SchemaObject, context: PlanContext): boolean {
  if (majorOf(context) < 18 || !flag(column, "not_null")) return false;
  if (flag(column, "not_null_no_inherit") || flag(column, "not_null_not_valid")) return false;
  const [parent] = parentColumns(context.to, column).filter((above) => flag(above, "not_null"));
  return flag(column, "not_null_local") ||
    (parent !== undefined && notNullName(parent) !== notNullName(column));
}

/** What a partition says of a column in its own CREATE TABLE: a default that the parent has not; else null. */
function partitionColumn(
  table: SchemaObject,
  column: SchemaObject,
  value: SchemaObject | undefined,
  context: PlanContext,
): string | null {
  if (record(table, "partition_of") === null || value === undefined) return null;
  const [parent] = parentColumns(context.to, column);
  if (parent === undefined) return null;
  const above = context.to.objects.get(`default:${parent.name}`);
  return sameJson(above?.facts.expression ?? null, value.facts.expression ?? null)
    ? null
    : `${ident(lastName(column.name))} DEFAULT ${defaultExpression(value, column)}`;
}

/** A column that is the child's own as well takes the default of its parent unless it has one itself. */
function ownOfParent(column: SchemaObject, context: PlanContext): readonly PlannedStatement[] {
  if (context.to.objects.has(`default:${column.name}`)) return [];
  return inheritedDifferences(column, context).filter(({ sql }) => sql.endsWith(" DROP DEFAULT"));
}

function ofParent(
  table: SchemaObject,
  column: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const statements = inheritedDifferences(column, context).filter(({ sql }) =>
    !(namesNotNull(column, context) && / NOT NULL\b/.test(sql))
  );
  const partition = record(table, "partition_of") !== null;
  return partition ? statements.filter(({ sql }) => !/ SET DEFAULT /.test(sql)) : statements;
}

function isFromParent(column: SchemaObject): boolean {
  return isInherited(column) && !flag(column, "local");
}

function isTyped(table: SchemaObject): boolean {
  return text(table, "of") !== null;
}
