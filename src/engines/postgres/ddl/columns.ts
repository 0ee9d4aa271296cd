/** Columns: carried by CREATE TABLE, or added, altered and dropped on their own. */

import { sameJson } from "../../../changes.ts";
import type { PlannedStatement, SchemaObject } from "../../../schema.ts";
import type { Alteration, ObjectKind, PlanContext } from "../../object_kind.ts";
import { lastName } from "../names.ts";
import { ident } from "../quote.ts";
import { type BelongingRefs, belongings } from "./belongings.ts";
import {
  columnClause,
  defaultExpression,
  fdwOption,
  inBrackets,
  isSerial,
} from "./column_clause.ts";
import {
  becomesNotNull,
  dropNotNull,
  keyMakesNotNull,
  notNullPath,
  notNullStatement,
  setNotNull,
  takenNotNullName,
} from "./column_null.ts";
import {
  changesType,
  isPartitionKey,
  obstacles,
  resetsDefault,
  typeStatements,
} from "./column_type.ts";
import { filling, fillStatements } from "./filling.ts";
import { dropIdentity, identityExtras, setIdentity } from "./identity.ts";
import {
  defaultValue,
  factValue,
  heirs,
  isInherited,
  parentAlters,
  parentColumns,
  spareHeirs,
  type ValueOf,
} from "./inheritance.ts";
import { optionStatements } from "./options.ts";
import { ownerName } from "./owner.ts";
import { askForOrder } from "./column_order.ts";
import { alterRelation, flag, majorOf, record, relationName, relationOf } from "./relation.ts";
import { createSequence, ownSequence, sequenceExtras } from "./sequences.ts";
import { planned, text } from "./statement.ts";
import { isMoving, movesAlong } from "./table_moves.ts";

/** Columns of tables and foreign tables. */
export const columns: ObjectKind = {
  kind: "column",
  rank: 30,
  asksRename: true,
  slots: (column) => flag(column, "not_null") ? [`constraint ${notNullPath(column)}`] : [],
  inline: (_, parent) => parent.kind === "table" || parent.kind === "foreign table",
  create: (column, members, context) =>
    followsType(column, context)
      ? [...typedDifferences(column, members, context), ...columnExtras(column, context)]
      : comesFromParent(column, context)
      ? [...inheritedDifferences(column, context), ...columnExtras(column, context)]
      : addColumn(column, members, context),
  drop: (column, context) => {
    const kept = context.to.objects.get(column.parent ?? "")?.needs ?? [];
    const parents = parentColumns(context.from, column)
      .filter((parent) => kept.includes(parent.parent ?? ""));
    if (parents.some((parent) => goes(context, parent.id))) return [];
    if (followsType(column, context)) return [];
    return [planned(
      column,
      `${alterRelation(column)} DROP COLUMN ${ident(lastName(column.name))}`,
      `Column ${column.name} is gone`,
      record(column, "generated") === null
        ? { destroys: `the values of column ${column.name}`, reversible: "structure" }
        : { reversible: "column-order" },
    )];
  },
  alter: ({ before, after, facts }, context) => {
    if (facts.includes("position")) askForOrder(after, context);
    return alterColumn(before, after, context);
  },
  absorbedBy: (change, context) =>
    movesAlong(change, context)
      ? (change.op === "drop" ? change.before : change.after).parent
      : null,
  followsRename: (column) => isInherited(column),
  rename: (before, after) => [planned(
    after,
    `${alterRelation(before)} RENAME COLUMN ${ident(lastName(before.name))} TO ${
      ident(lastName(after.name))
    }`,
    `Column ${before.name} is called ${lastName(after.name)}`,
  )],
};

/** Drops, adds and alters the columns of a table that stays, one after the other. */
export function columnChanges(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): { readonly statements: readonly PlannedStatement[]; readonly rebuilds: readonly string[] } {
  const isColumn = ({ kind }: SchemaObject) => kind === "column";
  const statements: PlannedStatement[] = [];
  const rebuilds: string[] = [];
  const old = context.members(context.from, before.id).filter(isColumn);
  for (const column of old) {
    if (!context.to.objects.has(column.id)) statements.push(...columns.drop(column, context));
  }
  for (const column of context.members(context.to, after.id).filter(isColumn)) {
    const was = context.from.objects.get(column.id);
    if (was === undefined) {
      const value = context.to.objects.get(`default:${column.name}`);
      statements.push(...columns.create(column, value === undefined ? [] : [value], context));
      continue;
    }
    if (!sameJson(was.facts, column.facts)) {
      const alteration = alterColumn(was, column, context);
      if (alteration === "replace") {
        const value = context.to.objects.get(`default:${column.name}`);
        const members = value === undefined ? [] : [value];
        statements.push(...columns.drop(was, context), ...addColumn(column, members, context));
        continue;
      }
      statements.push(...alteration.statements);
      rebuilds.push(...alteration.rebuilds ?? []);
    }
    statements.push(...defaultChange(was, column, context));
  }
  return { statements, rebuilds };
}

/** The default of a column of a moving table, where the column itself has not set it. */
function defaultChange(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const value = context.to.objects.get(`default:${after.name}`);
  const same = defaultValue(context.from, before) === defaultValue(context.to, after);
  if (
    same || setsDefaultItself(after.id, context) || parentAlters(context, after.id, defaultValue) ||
    awaitsSequence(after, context)
  ) {
    return [];
  }
  return [planned(
    after,
    `${alterRelation(after)} ALTER COLUMN ${ident(lastName(after.name))} ${
      value === undefined ? "DROP DEFAULT" : `SET DEFAULT ${defaultExpression(value, after)}`
    }`,
    `Column ${after.name} has ${value === undefined ? "no" : "this"} default`,
  )];
}

/** True when a column that stays gets the default of a new sequence that it owns: the sequence needs the column, and the default the sequence. */
export function awaitsSequence(column: SchemaObject, context: PlanContext): boolean {
  if (!context.from.objects.has(column.id)) return false;
  const value = context.to.objects.get(`default:${column.name}`);
  return (value?.needs ?? []).some((id) =>
    !context.from.objects.has(id) && context.to.objects.get(id)?.facts.owned_by === column.name
  );
}

/** Storage, statistics, options, comment and privileges of a column that was just made. */
export function columnExtras(
  column: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const bare = { ...column, facts: { type: column.facts.type ?? "" } };
  return [
    ...settings(bare, column, context, true),
    ...belongings(null, column, columnRefs(column, context), context),
    ...identityExtras(null, column, context),
  ];
}

/** What a column that CREATE TABLE got from a parent is to have otherwise. */
export function inheritedDifferences(
  column: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const [parent] = parentColumns(context.to, column);
  if (parent === undefined) return [];
  const statements: PlannedStatement[] = [];
  const name = ident(lastName(column.name));
  const wanted = defaultValue(context.to, column);
  if (!sameJson(wanted, defaultValue(context.to, parent))) {
    statements.push(planned(
      column,
      `${alterRelation(column)} ALTER COLUMN ${name} ${
        wanted === null ? "DROP DEFAULT" : `SET DEFAULT ${wanted}`
      }`,
      `Column ${column.name} has another default than that of its parent`,
    ));
  }
  const wasNotNull = flag(parent, "not_null") && !flag(parent, "not_null_no_inherit");
  const own = flag(column, "not_null") && !wasNotNull && !keyMakesNotNull(column, context);
  if (own || flag(column, "not_null_local")) {
    statements.push(notNullStatement(column, context));
  }
  return statements;
}

/** What a column that came with an attribute of its table's type is to have besides. */
function typedDifferences(
  column: SchemaObject,
  members: readonly SchemaObject[],
  context: PlanContext,
): readonly PlannedStatement[] {
  const value = members.find(({ kind }) => kind === "default");
  return [
    ...value === undefined ? [] : [planned(
      value,
      `${alterRelation(column)} ALTER COLUMN ${ident(lastName(column.name))} SET DEFAULT ${
        text(value, "expression")
      }`,
      `Column ${column.name} has this default`,
    )],
    ...flag(column, "not_null") ? [notNullStatement(column, context)] : [],
  ];
}

function addColumn(
  column: SchemaObject,
  members: readonly SchemaObject[],
  context: PlanContext,
): readonly PlannedStatement[] {
  const sequences = members.filter(({ kind }) => kind === "sequence");
  const value = members.find(({ kind }) => kind === "default");
  const own = sequences.find((sequence) => isSerial(column, sequence, value));
  const serial = own !== undefined;
  const apart = sequences.filter((sequence) => sequence !== own).map(separateSequence);
  const required = flag(column, "not_null") && !serial && value === undefined &&
    record(column, "identity") === null && record(column, "generated") === null &&
    !flag(column, "not_null_not_valid") && context.from.objects.has(column.parent ?? "");
  const fill = required ? filling(column, context) : { by: "fail" } as const;
  const clause = columnClause({
    column,
    default: value,
    serial,
    nullable: fill.by !== "fail" && fill.by !== "value",
    ...fill.by === "value" ? { usual: fill.expression } : {},
    notNullName: takenNotNullName(column, context),
  });
  const rewrites = serial || record(column, "identity") !== null ||
    record(column, "generated")?.kind === "stored" ||
    isVolatile(text(value ?? column, "expression"));
  return [
    ...apart.flatMap((sequence) => sequence.before),
    planned(
      column,
      `${alterRelation(column)} ADD COLUMN ${clause}`,
      `Column ${column.name} is new`,
      rewrites ? { rewrites: relationName(column) } : {},
    ),
    ...fill.by === "value"
      ? [planned(
        column,
        `${alterRelation(column)} ALTER COLUMN ${ident(lastName(column.name))} DROP DEFAULT`,
        `The rows that exist have a value of ${column.name}; new ones must bring theirs`,
      )]
      : fillStatements(column, fill, true),
    ...(fill.by !== "fail" && fill.by !== "value") || flag(column, "not_null_not_valid")
      ? [notNullStatement(column, context)]
      : [],
    ...apart.flatMap((sequence) => sequence.after),
    ...columnExtras(column, context),
    ...sequences.flatMap((sequence) => sequenceExtras(sequence, context)),
  ];
}

/** A sequence that must exist before the default of the column that owns it. */
export function separateSequence(sequence: SchemaObject): {
  readonly before: readonly PlannedStatement[];
  readonly after: readonly PlannedStatement[];
} {
  return { before: [createSequence(sequence)], after: ownSequence(sequence) };
}

function alterColumn(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): Alteration | "replace" {
  if (becomesLocal(before, after, context)) {
    return { statements: [], rebuilds: [before.parent ?? ""] };
  }
  const generation = generatedChange(before, after, context);
  if (generation === "replace") return replaceColumn(before, context);
  const typed = changesType(before, after) && !parentAlters(context, after.id, TYPE) &&
    !followsType(after, context);
  const fills = becomesNotNull(before, after, context) && !keyMakesNotNull(after, context);
  const fill = becomesNotNull(before, after, context)
    ? filling(after, context)
    : { by: "fail" } as const;
  const value = context.to.objects.get(`default:${after.name}`);
  const early = fill.by === "default" && value !== undefined &&
    defaultValue(context.from, before) !== defaultValue(context.to, after);
  return {
    statements: [
      ...dropIdentity(before, after),
      ...dropNotNull(before, after, context),
      ...generation === "drop"
        ? [planned(
          after,
          `${alterRelation(after)} ALTER COLUMN ${ident(lastName(after.name))} DROP EXPRESSION`,
          `Column ${after.name} is no longer computed`,
          { reversible: "column-order" },
        )]
        : [],
      ...typed ? typeStatements(before, after, context) : [],
      ...generation === "set" ? [setExpression(after)] : [],
      ...early && !resetsDefault(before, after, context)
        ? [planned(
          after,
          `${alterRelation(after)} ALTER COLUMN ${ident(lastName(after.name))} SET DEFAULT ${
            text(value, "expression")
          }`,
          `Column ${after.name} has this default`,
        )]
        : [],
      ...fillStatements(after, fill, false),
      ...fills || flag(before, "not_null") || fill.by !== "fail"
        ? setNotNull(before, after, context)
        : flag(after, "not_null_not_valid")
        ? setNotNull(before, after, context)
        : [],
      ...setIdentity(before, after, context),
      ...settings(before, after, context),
      ...belongings(before, after, columnRefs(after, context), context),
    ],
    ...typed ? { rebuilds: obstacles(before, after, context) } : {},
    laterThan: leavingHeirs(before, after, context),
  };
}

/** Tables that have the column from this one no longer: they leave before it changes. */
function leavingHeirs(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): readonly string[] {
  const staying = new Set(heirs(context.to, after).map(({ id }) => id));
  return heirs(context.from, before)
    .filter(({ id, parent }) => !staying.has(id) && isMoving(context, parent ?? ""))
    .flatMap(({ parent }) => parent ?? []);
}

/** True when a column of a plain child that stays one becomes its own as well, or no longer; only a new CREATE TABLE does that. */
function becomesLocal(before: SchemaObject, after: SchemaObject, context: PlanContext): boolean {
  return isInherited(before) && isInherited(after) &&
    flag(before, "local") !== flag(after, "local") && !isMoving(context, after.parent ?? "");
}

/** True when the column itself has set its default already, before filling rows with it or after a new type. */
export function setsDefaultItself(id: string, context: PlanContext): boolean {
  const before = context.from.objects.get(id);
  const after = context.to.objects.get(id);
  if (before === undefined || after === undefined) return false;
  if (context.fate(id) !== "alter" && !isMoving(context, after.parent ?? "")) return false;
  if (resetsDefault(before, after, context)) return !parentAlters(context, id, TYPE);
  return becomesNotNull(before, after, context) && filling(after, context).by === "default";
}

/** What it takes to change how a column is computed. */
function generatedChange(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): "none" | "set" | "drop" | "replace" {
  const was = record(before, "generated");
  const is = record(after, "generated");
  if (sameJson(was, is)) return "none";
  if (parentAlters(context, after.id, factValue("generated"))) return "none";
  if (was === null || (is !== null && was.kind !== is.kind)) return "replace";
  if (is === null) return was.kind === "stored" && majorOf(context) >= 13 ? "drop" : "replace";
  return majorOf(context) >= 17 ? "set" : "replace";
}

function setExpression(after: SchemaObject): PlannedStatement {
  const generated = record(after, "generated");
  return planned(
    after,
    `${alterRelation(after)} ALTER COLUMN ${ident(lastName(after.name))} SET EXPRESSION AS (${
      inBrackets(String(generated?.expression))
    })`,
    `Column ${after.name} is computed in another way`,
    generated?.kind === "stored" ? { rewrites: relationName(after) } : {},
  );
}

/** A column cannot leave a table that is partitioned by it; then the table goes with it. */
function replaceColumn(before: SchemaObject, context: PlanContext): Alteration | "replace" {
  const table = before.parent === null ? undefined : context.from.objects.get(before.parent);
  return table !== undefined && isPartitionKey(table, before)
    ? { statements: [], rebuilds: [table.id] }
    : "replace";
}

/** Storage, compression, statistics target, options. */
function settings(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
  isNew = false,
): readonly PlannedStatement[] {
  const statements: PlannedStatement[] = [];
  const name = ident(lastName(after.name));
  const add = (fact: string, recursive: boolean, clause: string, why: string) => {
    if (recursive && parentAlters(context, after.id, factValue(fact))) return;
    const only = recursive && spareHeirs(context, after, factValue(fact));
    statements.push(
      planned(after, `${alterRelation(after, only)} ALTER COLUMN ${name} ${clause}`, why),
    );
  };
  const storage = text(after, "storage");
  const retyped = before.facts.type !== after.facts.type;
  if (before.facts.storage !== after.facts.storage || (retyped && storage !== null)) {
    const usual = majorOf(context) >= 16 ? "DEFAULT" : usualStorage(text(after, "type") ?? "");
    add(
      "storage",
      true,
      `SET STORAGE ${storage?.toUpperCase() ?? usual}`,
      `Column ${after.name} is stored in another way`,
    );
  }
  if (!isNew && before.facts.compression !== after.facts.compression) {
    add(
      "compression",
      false,
      `SET COMPRESSION ${text(after, "compression") ?? "default"}`,
      `Column ${after.name} is compressed in another way`,
    );
  }
  if (before.facts.statistics !== after.facts.statistics) {
    add(
      "statistics",
      true,
      `SET STATISTICS ${after.facts.statistics ?? -1}`,
      `Column ${after.name} has another statistics target`,
    );
  }
  statements.push(
    ...optionStatements(before, after, "options", `${alterRelation(after)} ALTER COLUMN ${name}`),
  );
  if (!isNew && !sameJson(before.facts.fdw_options ?? null, after.facts.fdw_options ?? null)) {
    add(
      "fdw_options",
      false,
      `OPTIONS (${changedFdwOptions(before, after).join(", ")})`,
      `Column ${after.name} has other options`,
    );
  }
  return statements;
}

function changedFdwOptions(before: SchemaObject, after: SchemaObject): readonly string[] {
  const list = (object: SchemaObject) =>
    new Map(
      (Array.isArray(object.facts.fdw_options) ? object.facts.fdw_options : [])
        .map((option) => [String(option).split("=")[0] ?? "", String(option)]),
    );
  const was = list(before);
  const is = list(after);
  return [
    ...[...was.keys()].filter((key) => !is.has(key)).map((key) => `DROP ${ident(key)}`),
    ...[...is].filter(([key, option]) => was.get(key) !== option)
      .map(([key, option]) => `${was.has(key) ? "SET" : "ADD"} ${fdwOption(option)}`),
  ];
}

/** What SET STORAGE DEFAULT means on servers that do not know it. */
export function usualStorage(type: string): string {
  return /^(numeric|inet|cidr)\b/.test(type) && !type.endsWith("[]") ? "MAIN" : "EXTENDED";
}

/** True when the column is there as soon as its parent's is. */
function comesFromParent(column: SchemaObject, context: PlanContext): boolean {
  const table = context.from.objects.get(column.parent ?? "");
  if (table === undefined || !isInherited(column) || flag(column, "local")) return false;
  const linked = new Set(table.needs);
  return parentColumns(context.to, column).some((parent) =>
    ["create", "replace"].includes(context.fate(parent.id)) && linked.has(parent.parent ?? "")
  );
}

/** True when the table is made of a composite type before and after, so that its columns follow that type's attributes. */
function followsType(column: SchemaObject, context: PlanContext): boolean {
  const [before, after] = [context.from, context.to].map((snapshot) =>
    snapshot.objects.get(column.parent ?? "")?.facts.of
  );
  return before !== undefined && before === after;
}

/** True when the column of the parent is dropped, and takes this one along. */
function goes(context: PlanContext, id: string): boolean {
  return ["drop", "replace"].includes(context.fate(id));
}

function columnRefs(column: SchemaObject, context: PlanContext): BelongingRefs {
  const table = relationOf(column);
  const name = ident(lastName(column.name));
  const parent = context.to.objects.get(column.parent ?? "");
  return {
    comment: `COLUMN ${table}.${name}`,
    owner: null,
    grants: {
      on: `TABLE ${table}`,
      column: lastName(column.name),
      owner: parent === undefined ? "CURRENT_USER" : ownerName(parent),
    },
  };
}

function isVolatile(expression: string | null): boolean {
  return expression !== null &&
    /\b(nextval|random|gen_random_uuid|uuid_generate_\w+|uuidv\d|clock_timestamp|timeofday)\s*\(/
      .test(expression);
}

const TYPE: ValueOf = (_, column) => [column.facts.type ?? null, column.facts.collation ?? null];
