/** The rows of a table that is recreated (partitioned, no longer partitioned, a child): they are saved in another table and restored. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import type { PreservedRows } from "../../../object_kind.ts";
import { joinName, lastName } from "../../names.ts";
import {
  type Column,
  columnOf,
  type Constraint,
  dependentsOf,
  type PostgresContext,
  type PostgresObject,
  type PostgresSnapshot,
  type Table,
  tableOf,
} from "../../objects.ts";
import { ident, reference } from "../../quote.ts";
import { isCreated } from "../clauses/action.ts";
import { freeName, partitionedAbove, schemaOf } from "../clauses/relation.ts";
import { planned } from "../clauses/statement.ts";
import { lossOf, usingClause } from "./column/alter_type.ts";
import { chooseBackfill } from "./column/backfill.ts";
import { isGenerated, staysGenerated } from "./column/generated.ts";
import { continueIdentity } from "./column/identity.ts";
import { continueOwned } from "./sequence.ts";
import { rowReason } from "../../../common/statement.ts";
import { askAboutRows } from "../../../common/data_choice.ts";

/**
 * How the rows are preserved; null where that cannot be: the type of a column is dropped, policies hide rows from the owner, or a partition
 * takes rows with it. Rows of partitions go with those of the partitioned table.
 */
export function preservedRows(
  before: Table,
  after: Table,
  context: PostgresContext,
): PreservedRows | null {
  if (replacedAbove(before, context) !== undefined || !areCopied(before, after, context)) {
    return null;
  }
  const copied = columnsOf(before, context, "from").filter((column) =>
    !staysGenerated(column, context) && typesStay(column, context)
  );
  const sources = partitionsOf(before, context.from);
  const holders = partitionsOf(after, context.to);
  const waiting = reference(
    joinName(schemaOf(after.name), freeName(after.name, "_rows", context)),
  );
  const only = before.facts.partition_by === undefined ? "ONLY " : "";
  const columns = copied.map((column) => {
    const text = textType(column, context);
    const name = nameOfColumn(column);
    return text === null ? name : `${name}::${text} AS ${name}`;
  });
  return {
    sources: sources.map(({ id }) => id),
    targets: [after, ...holders].flatMap((table) => [
      table.id,
      ...columnsOf(table, context, "to").flatMap(({ id, dependsOn }) => [
        id,
        ...dependsOn.filter((need) => need.startsWith("enum:")),
      ]),
    ]),
    createdAfter: laterThanRows([after, ...holders], context),
    save: [planned(
      before,
      `CREATE TABLE ${waiting} AS SELECT ${columns.join(", ")} FROM ${only}${
        reference(before.name)
      }`,
      rowReason("save_rows", before),
    )],
    restore: [
      insertion(after, copied, waiting, context),
      ...continueSequences(after, context),
      planned(after, `DROP TABLE ${waiting}`, rowReason("drop_saved_rows", after)),
    ],
  };
}

function areWanted(after: Table, context: PostgresContext): boolean {
  const answer = askAboutRows({
    id: `rows:${after.name}`,
    question: `Table ${after.name} must be recreated: what becomes of its rows?`,
    evidence: { table: after.name },
    options: [
      {
        id: "keep",
        label: "They are copied and restored; the migration fails when one does not fit",
      },
      { id: "discard", label: "They are lost" },
    ],
    fallback: "keep",
  }, context);
  return answer?.option !== "discard";
}

/** True for a table that is recreated with its rows, by itself or with the table that it is a partition of. */
export function preservesRows(before: Table, context: PostgresContext): boolean {
  const whole = replacedAbove(before, context);
  if (whole !== undefined) return preservesRows(whole, context);
  const after = tableOf(context.to, before.id);
  return context.action(before.id) === "replace" && after !== undefined &&
    areCopied(before, after, context);
}

function areCopied(before: Table, after: Table, context: PostgresContext): boolean {
  return canBeCopied(before, after, context) && areWanted(after, context);
}

/** What a table that is recreated with its rows loses all the same. */
export function lostValues(before: Table, context: PostgresContext): readonly string[] {
  return columnsOf(before, context, "from").flatMap((column) => {
    if (isGenerated(column)) return [];
    const after = columnOf(context.to, column.id);
    if (after === undefined) return [`the values of column ${column.name}`];
    return lossOf(column, after, context) ?? [];
  });
}

function insertion(
  after: Table,
  copied: readonly Column[],
  waiting: string,
  context: PostgresContext,
): PlannedStatement {
  const targets: string[] = [];
  const values: string[] = [];
  let isAlways = false;
  for (const column of columnsOf(after, context, "to")) {
    if (isGenerated(column)) continue;
    const name = nameOfColumn(column);
    const source = copied.find(({ id }) => id === column.id);
    const value = source === undefined
      ? valueOf(column, context)
      : textType(source, context) !== null
      ? `${name}::${column.facts.type}`
      : usingClause(source, column, context) ?? name;
    if (value === null) continue;
    targets.push(name);
    values.push(value);
    isAlways ||= column.facts.identity?.generation === "always";
  }
  const overriding = isAlways ? " OVERRIDING SYSTEM VALUE" : "";
  return planned(
    after,
    `INSERT INTO ${reference(after.name)} (${targets.join(", ")})${overriding} SELECT ${
      values.join(", ")
    } FROM ${waiting}`,
    rowReason("restore_rows", after),
    { rewrites: after.name },
  );
}

/** What a new column gets in the rows that are there; null for what it gets by itself. */
function valueOf(column: Column, context: PostgresContext): string | null {
  if (!isRequired(column, context)) return null;
  const fill = chooseBackfill(column, context);
  if (fill.by === "numbers") return "row_number() OVER ()";
  return fill.by === "value" || fill.by === "expression" ? fill.expression : null;
}

function isRequired(column: Column, context: PostgresContext): boolean {
  return column.facts.not_null === true && column.facts.identity === undefined &&
    !context.to.objects.has(`default:${column.name}`);
}

/** Sequences that are recreated continue behind the values of the rows. */
function continueSequences(after: Table, context: PostgresContext): readonly PlannedStatement[] {
  return columnsOf(after, context, "to").flatMap((column) => {
    if (!context.from.objects.has(column.id)) return [];
    const identity = column.facts.identity;
    return [
      ...identity === undefined ? [] : continueIdentity(column, identity, context),
      ...context.members(context.to, column.id)
        .filter((member) => member.kind === "sequence")
        .filter(({ id }) => isCreated(id, context))
        .flatMap((sequence) => continueOwned(sequence, column)),
    ];
  });
}

function canBeCopied(before: Table, after: Table, context: PostgresContext): boolean {
  if (before.facts.force_row_security === true || after.facts.force_row_security === true) {
    return false;
  }
  const shared = columnsOf(before, context, "from").filter((column) => {
    const now = columnOf(context.to, column.id);
    return now !== undefined && !isGenerated(now);
  });
  if (shared.length === 0 || !shared.every((column) => typesStay(column, context))) return false;
  const staying = new Set(partitionsOf(after, context.to).map(({ id }) => id));
  return partitionsOf(before, context.from).every(({ id }) =>
    context.action(id) !== "replace" || staying.has(id)
  );
}

/** True when all types that a column needs are the same all the time, or its values can be kept as text meanwhile. */
function typesStay(column: Column, context: PostgresContext): boolean {
  return textType(column, context) !== null ||
    column.dependsOn.every((id) =>
      id.startsWith("table:") && id === column.parent || id.startsWith("column:") ||
      context.action(id) === "keep"
    );
}

/** The type in which the values of an enumeration that is altered are kept; null for columns of other types. */
function textType(column: Column, context: PostgresContext): string | null {
  const after = columnOf(context.to, column.id);
  const type = column.facts.type.replace(/\[\]$/, "");
  const enumeration = column.dependsOn.find((id) =>
    id.startsWith("enum:") && [type, `public.${type}`].includes(id.slice("enum:".length))
  );
  if (enumeration === undefined || context.action(enumeration) !== "alter") return null;
  if (after?.facts.type !== column.facts.type) return null;
  return column.facts.type === type ? "text" : "text[]";
}

/** The partitioned table above a partition that is recreated itself: it preserves all rows. */
function replacedAbove(before: Table, context: PostgresContext): Table | undefined {
  return partitionedAbove(before, context.from).find(({ id }) => context.action(id) === "replace");
}

/** All partitions of a table, over all generations. */
function partitionsOf(table: Table, snapshot: PostgresSnapshot): readonly Table[] {
  if (table.facts.partition_by === undefined) return [];
  return dependentsOf(snapshot, table.id).filter((other) => other.kind === "table")
    .filter((other) => other.facts.partition_of?.parent === table.name)
    .flatMap((partition) => [partition, ...partitionsOf(partition, snapshot)]);
}

/**
 * What looks at rows when it is made, or only at those that come after it: foreign keys, triggers, rules, materialized views, and
 * checks that old rows may break.
 */
function laterThanRows(tables: readonly Table[], context: PostgresContext): readonly string[] {
  const reached = new Map<string, PostgresObject>(tables.map((table) => [table.id, table]));
  for (const [id] of reached) {
    for (const dependent of dependentsOf(context.to, id)) reached.set(dependent.id, dependent);
  }
  return [...reached.values()].filter((object) =>
    isCreated(object.id, context) &&
    (LATER.has(object.kind) || (object.kind === "constraint" && looksAtRows(object)))
  ).map(({ id }) => id);
}

function looksAtRows({ facts }: Constraint): boolean {
  return facts.type === "foreign key" || facts.not_valid === true;
}

const LATER: ReadonlySet<string> = new Set(["trigger", "rule", "materialized view"]);

function columnsOf(
  table: Table,
  context: PostgresContext,
  side: "from" | "to",
): readonly Column[] {
  return context.members(context[side], table.id).filter((member) => member.kind === "column");
}

function nameOfColumn(column: Column): string {
  return ident(lastName(column.name));
}
