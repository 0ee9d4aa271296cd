/** The rows of a table that is dropped and made again (partitioned, no longer partitioned, a child): they wait in another table. */

import { answerFlag } from "../../../../choice_flags.ts";
import type { PlannedStatement, SchemaObject, Snapshot } from "../../../../schema.ts";
import type { KeptRows, PlanContext } from "../../../object_kind.ts";
import { relationsOf } from "../../../planner/relations.ts";
import { joinName, lastName } from "../../names.ts";
import { ident, reference } from "../../quote.ts";
import { arrives } from "../clauses/action.ts";
import { flag, record, schemaOf, spareName, wholesOf } from "../clauses/relation.ts";
import { planned } from "../clauses/statement.ts";
import { lossOf, usingClause } from "./column/alter_type.ts";
import { filling } from "./column/backfill.ts";
import { isGenerated, staysGenerated } from "./column/generated.ts";
import { continueNumbers } from "./column/identity.ts";
import { ownedNumbersGoOn } from "./sequence.ts";

/**
 * How the rows are kept; null where that cannot be: the type of a column goes, policies hide rows from the owner, or a partition
 * takes rows with it. Rows of partitions go with those of the partitioned table.
 */
export function keptRows(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): KeptRows | null {
  if (replacedWhole(before, context) !== undefined || !areCopied(before, after, context)) {
    return null;
  }
  const copied = columnsOf(before, context, "from").filter((column) =>
    !staysGenerated(column, context) && typesStay(column, context)
  );
  const sources = partitionsOf(before, context.from);
  const holders = partitionsOf(after, context.to);
  const waiting = reference(
    joinName(schemaOf(after.name), spareName(after.name, "_rows", context)),
  );
  const { name } = after;
  const only = before.facts.partition_by === undefined ? "ONLY " : "";
  const columns = copied.map(nameOfColumn);
  return {
    sources: sources.map(({ id }) => id),
    holders: [after, ...holders].flatMap((table) => [
      table.id,
      ...columnsOf(table, context, "to").map(({ id }) => id),
    ]),
    later: laterThanRows([after, ...holders], context),
    aside: [planned(
      before,
      `CREATE TABLE ${waiting} AS SELECT ${columns.join(", ")} FROM ${only}${
        reference(before.name)
      }`,
      `The rows of ${name} wait here while the table is made again`,
    )],
    back: [
      insertion(after, copied, waiting, context),
      ...goOn(after, context),
      planned(after, `DROP TABLE ${waiting}`, `The rows of ${name} are back`),
    ],
  };
}

function areWanted(after: SchemaObject, context: PlanContext): boolean {
  const id = `rows:${after.name}`;
  const answer = context.choose({
    id,
    kind: "data",
    question: `Table ${after.name} must be made again: what becomes of its rows?`,
    evidence: { table: after.name },
    options: [
      {
        id: "keep",
        label: "They are copied and put back; the server refuses when one does not fit",
        flag: answerFlag(id, "keep"),
      },
      { id: "discard", label: "They are lost", flag: answerFlag(id, "discard") },
    ],
    fallback: "keep",
  });
  return answer?.option !== "discard";
}

/** True for a table that is made again with its rows, by itself or with the table that it is a partition of. */
export function keepsRows(before: SchemaObject, context: PlanContext): boolean {
  const whole = replacedWhole(before, context);
  if (whole !== undefined) return keepsRows(whole, context);
  const after = context.to.objects.get(before.id);
  return context.fate(before.id) === "replace" && after !== undefined &&
    areCopied(before, after, context);
}

function areCopied(before: SchemaObject, after: SchemaObject, context: PlanContext): boolean {
  return canBeCopied(before, after, context) && areWanted(after, context);
}

/** What a table that is made again with its rows loses all the same. */
export function lostValues(before: SchemaObject, context: PlanContext): readonly string[] {
  return columnsOf(before, context, "from").flatMap((column) => {
    if (isGenerated(column)) return [];
    const after = context.to.objects.get(column.id);
    if (after === undefined) return [`the values of column ${column.name}`];
    return lossOf(column, after, context) ?? [];
  });
}

function insertion(
  after: SchemaObject,
  copied: readonly SchemaObject[],
  waiting: string,
  context: PlanContext,
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
      : usingClause(source, column, context) ?? name;
    if (value === null) continue;
    targets.push(name);
    values.push(value);
    isAlways ||= record(column, "identity")?.generation === "always";
  }
  const overriding = isAlways ? " OVERRIDING SYSTEM VALUE" : "";
  return planned(
    after,
    `INSERT INTO ${reference(after.name)} (${targets.join(", ")})${overriding} SELECT ${
      values.join(", ")
    } FROM ${waiting}`,
    `The rows of ${after.name} are put back`,
    { rewrites: after.name },
  );
}

/** What a new column gets in the rows that are there; null for what it gets by itself. */
function valueOf(column: SchemaObject, context: PlanContext): string | null {
  if (!isRequired(column, context)) return null;
  const fill = filling(column, context);
  if (fill.by === "numbers") return "row_number() OVER ()";
  return fill.by === "value" || fill.by === "expression" ? fill.expression : null;
}

function isRequired(column: SchemaObject, context: PlanContext): boolean {
  return flag(column, "not_null") && record(column, "identity") === null &&
    !context.to.objects.has(`default:${column.name}`);
}

/** Sequences that are made again begin behind the numbers that the rows have. */
function goOn(after: SchemaObject, context: PlanContext): readonly PlannedStatement[] {
  return columnsOf(after, context, "to").flatMap((column) => {
    if (!context.from.objects.has(column.id)) return [];
    const identity = record(column, "identity");
    return [
      ...identity === null ? [] : continueNumbers(column, identity, context),
      ...context.members(context.to, column.id)
        .filter(({ id, kind }) => kind === "sequence" && arrives(id, context))
        .flatMap((sequence) => ownedNumbersGoOn(sequence, column)),
    ];
  });
}

function canBeCopied(before: SchemaObject, after: SchemaObject, context: PlanContext): boolean {
  if (flag(before, "force_row_security") || flag(after, "force_row_security")) return false;
  const shared = columnsOf(before, context, "from").filter((column) => {
    const now = context.to.objects.get(column.id);
    return now !== undefined && !isGenerated(now);
  });
  if (shared.length === 0 || !shared.every((column) => typesStay(column, context))) return false;
  const staying = new Set(partitionsOf(after, context.to).map(({ id }) => id));
  return partitionsOf(before, context.from).every(({ id }) =>
    context.fate(id) !== "replace" || staying.has(id)
  );
}

/** True when all types that a column needs are the same all the time. */
function typesStay(column: SchemaObject, context: PlanContext): boolean {
  return column.needs.every((id) =>
    id.startsWith("table:") && id === column.parent || id.startsWith("column:") ||
    context.fate(id) === "keep"
  );
}

/** The table that a partition is a part of and that is made again itself: it takes care of all rows. */
function replacedWhole(before: SchemaObject, context: PlanContext): SchemaObject | undefined {
  return wholesOf(before, context.from).find(({ id }) => context.fate(id) === "replace");
}

/** All partitions of a table, over all generations. */
function partitionsOf(table: SchemaObject, snapshot: Snapshot): readonly SchemaObject[] {
  if (table.facts.partition_by === undefined) return [];
  return (relationsOf(snapshot).dependents.get(table.id) ?? [])
    .filter((other) => record(other, "partition_of")?.parent === table.name)
    .flatMap((partition) => [partition, ...partitionsOf(partition, snapshot)]);
}

/**
 * What looks at rows when it is made, or only at those that come after it: foreign keys, triggers, rules, materialized views, and
 * checks that old rows may break.
 */
function laterThanRows(tables: readonly SchemaObject[], context: PlanContext): readonly string[] {
  const { dependents } = relationsOf(context.to);
  const reached = new Map(tables.map((table) => [table.id, table]));
  for (const [id] of reached) {
    for (const dependent of dependents.get(id) ?? []) reached.set(dependent.id, dependent);
  }
  return [...reached.values()].filter((object) =>
    arrives(object.id, context) &&
    (LATER.has(object.kind) || object.facts.type === "foreign key" || flag(object, "not_valid"))
  ).map(({ id }) => id);
}

const LATER: ReadonlySet<string> = new Set(["trigger", "rule", "materialized view"]);

function columnsOf(
  table: SchemaObject,
  context: PlanContext,
  side: "from" | "to",
): readonly SchemaObject[] {
  return context.members(context[side], table.id).filter(({ kind }) => kind === "column");
}

function nameOfColumn(column: SchemaObject): string {
  return ident(lastName(column.name));
}
