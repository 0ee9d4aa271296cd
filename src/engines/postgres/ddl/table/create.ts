/** CREATE TABLE with all that it can carry, as written by hand. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import type { ConstraintType } from "../../catalog/constraint.ts";
import { lastName } from "../../names.ts";
import {
  type Column,
  type Constraint,
  type Default,
  defaultOf,
  type PostgresContext,
  type PostgresObject,
  type Sequence,
  type Table,
} from "../../objects.ts";
import { ident, reference } from "../../quote.ts";
import { optionList } from "../clauses/options.ts";
import { majorOf, serverMajor } from "../clauses/relation.ts";
import { planned } from "../clauses/statement.ts";
import { inheritedDifferences } from "./column/add.ts";
import { columnAttributes } from "./column/attributes.ts";
import { columnClause, defaultExpression, isSerial, notNullClause } from "./column/clause.ts";
import { notNullStatement } from "./column/not_null.ts";
import { authorsNotNullName, explicitNotNullName, notNullName } from "./column/not_null_name.ts";
import { isInherited, parentColumns } from "./inheritance.ts";
import { constraintMetadata } from "./key/constraint.ts";
import { columnConstraint, tableConstraint } from "./key/constraint_clause.ts";
import { createSequence, sequenceMetadata, setOwnedBy } from "./sequence.ts";
import { created } from "../../../common/statement.ts";

/** CREATE TABLE, and what its columns, constraints and sequences need besides. */
export function createTable(
  table: Table,
  members: readonly PostgresObject[],
  context: PostgresContext,
): readonly PlannedStatement[] {
  const parts = sorted(members);
  const before: PlannedStatement[] = [];
  const after: PlannedStatement[] = [];
  for (const { sequences, serial } of parts.columns) {
    for (const sequence of sequences) {
      if (sequence !== serial) {
        before.push(createSequence(sequence));
        after.push(...setOwnedBy(sequence));
      }
      after.push(...sequenceMetadata(sequence, context));
    }
  }
  for (const { column } of parts.columns) {
    if (isFromParent(column)) after.push(...ofParent(table, column, context));
    else if (isInherited(column)) after.push(...ownOfParent(column, context));
    if (column.facts.not_null_not_valid === true) after.push(notNullStatement(column, context));
    after.push(...columnAttributes(column, context));
  }
  for (const constraint of parts.constraints) {
    after.push(...constraintMetadata(null, constraint, context));
  }
  return [
    ...before,
    planned(table, tableText(table, parts, context), created(table)),
    ...after,
  ];
}

interface ColumnPart {
  readonly column: Column;
  readonly value: Default | undefined;
  /** Those that the column owns. */
  readonly sequences: readonly Sequence[];
  /** The one of them that makes it a serial column. */
  readonly serial: Sequence | undefined;
}

interface Parts {
  readonly columns: readonly ColumnPart[];
  readonly constraints: readonly Constraint[];
}

function sorted(members: readonly PostgresObject[]): Parts {
  const values = new Map<string, Default>();
  for (const member of members) {
    if (member.kind === "default") values.set(member.parent ?? "", member);
  }
  const columns = members.filter((member) => member.kind === "column").map((column) => {
    const value = values.get(column.id);
    const sequences = members.filter((member) => member.kind === "sequence")
      .filter(({ parent }) => parent === column.id);
    const serial = sequences.find((sequence) => isSerial(column, sequence, value));
    return { column, value, sequences, serial };
  });
  const constraints = members.filter((member) => member.kind === "constraint")
    .sort((a, b) => weight(a) - weight(b) || (a.id < b.id ? -1 : 1));
  return { columns, constraints };
}

/** Primary key first, then unique, exclude, foreign keys, checks. */
function weight(constraint: Constraint): number {
  const order: readonly ConstraintType[] = [
    "primary key",
    "unique",
    "exclude",
    "foreign key",
    "check",
  ];
  return order.indexOf(constraint.facts.type);
}

function tableText(table: Table, parts: Parts, context: PostgresContext): string {
  const unlogged = table.facts.unlogged === true ? "UNLOGGED " : "";
  const head = `CREATE ${unlogged}TABLE ${reference(table.name)}`;
  const partition = table.facts.partition_of;
  const type = table.facts.of;
  const inherits = table.facts.inherits ?? [];
  const items = elements(table, parts, context);
  const list = items.length === 0 ? "" : ` (\n${items.map((item) => `  ${item}`).join(",\n")}\n)`;
  const by = table.facts.partition_by;
  const method = table.facts.access_method;
  const options = [
    ...(table.facts.options ?? []).length === 0 ? [] : [optionList(table.facts.options ?? [])],
    ...(table.facts.toast_options ?? []).length === 0
      ? []
      : [optionList(table.facts.toast_options ?? [], "toast.")],
  ];
  const tablespace = table.facts.tablespace;
  return [
    partition !== undefined
      ? `${head} PARTITION OF ${reference(partition.parent)}${list} ${partition.bound}`
      : type !== undefined
      ? `${head} OF ${reference(type)}${list}`
      : `${head}${list === "" ? " ()" : list}`,
    inherits.length === 0 ? "" : `INHERITS (${inherits.map(reference).join(", ")})`,
    by === undefined ? "" : `PARTITION BY ${by}`,
    method === undefined ? "" : `USING ${ident(method)}`,
    options.length === 0 ? "" : `WITH (${options.join(", ")})`,
    tablespace === undefined ? "" : `TABLESPACE ${ident(tablespace)}`,
  ].filter((part) => part !== "").join(" ");
}

function elements(table: Table, parts: Parts, context: PostgresContext): readonly string[] {
  const placed = new Set<string>();
  const keyed = new Set(
    parts.constraints.filter(({ facts }) => facts.type === "primary key")
      .flatMap((constraint) => constraint.facts.columns ?? []),
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
      const columns = constraint.facts.columns ?? [];
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
      notNullName: explicitNotNullName(column, context),
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
function inheritsNotNull(column: Column, context: PostgresContext): boolean {
  return serverMajor(context) >= 18 && isInherited(column) &&
    column.facts.not_null_local !== true &&
    parentColumns(context.to, column).some((parent) => parent.facts.not_null === true);
}

/** From version 18 on an inherited not-null constraint may go by another name than the parent's, where the author gave it one. */
function namesNotNull(column: Column, context: PostgresContext): boolean {
  if (majorOf(context) < 18 || column.facts.not_null !== true) return false;
  if (column.facts.not_null_no_inherit === true || column.facts.not_null_not_valid === true) {
    return false;
  }
  const [parent] = parentColumns(context.to, column).filter((above) =>
    above.facts.not_null === true
  );
  const name = authorsNotNullName(column);
  if (parent === undefined) return column.facts.not_null_local === true && name !== undefined;
  return name !== authorsNotNullName(parent) ||
    (name !== undefined && column.facts.not_null_local === true);
}

/** What a partition says of a column in its own CREATE TABLE: a default that the parent has not; else null. */
function partitionColumn(
  table: Table,
  column: Column,
  value: Default | undefined,
  context: PostgresContext,
): string | null {
  if (table.facts.partition_of === undefined || value === undefined) return null;
  const [parent] = parentColumns(context.to, column);
  if (parent === undefined) return null;
  return defaultOf(context.to, parent)?.facts.expression === value.facts.expression
    ? null
    : `${ident(lastName(column.name))} DEFAULT ${defaultExpression(value, column)}`;
}

/** A column that is the child's own as well takes the default of its parent unless it has one itself. */
function ownOfParent(column: Column, context: PostgresContext): readonly PlannedStatement[] {
  if (context.to.objects.has(`default:${column.name}`)) return [];
  return inheritedDifferences(column, context).filter(({ sql }) => sql.endsWith(" DROP DEFAULT"));
}

function ofParent(
  table: Table,
  column: Column,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const statements = inheritedDifferences(column, context).filter(({ sql }) =>
    !(namesNotNull(column, context) && / NOT NULL\b/.test(sql))
  );
  const partition = table.facts.partition_of !== undefined;
  return partition ? statements.filter(({ sql }) => !/ SET DEFAULT /.test(sql)) : statements;
}

function isFromParent(column: Column): boolean {
  return isInherited(column) && column.facts.local !== true;
}

function isTyped(table: Table): boolean {
  return table.facts.of !== undefined;
}
