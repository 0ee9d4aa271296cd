/** Columns: carried by CREATE TABLE, or added, altered and dropped on their own. */

import { sameJson } from "../../../../../core/change.ts";
import type { PlannedStatement } from "../../../../../core/statement.ts";
import type { Alteration } from "../../../../object_kind.ts";
import { lastName } from "../../../names.ts";
import {
  type Column,
  columnOf,
  defaultOf,
  type KindOf,
  objectOf,
  type PostgresContext,
  type PostgresObject,
  type Table,
  tableOf,
} from "../../../objects.ts";
import { ident } from "../../../quote.ts";
import { isCreated, isDropped, isKept } from "../../clauses/action.ts";
import { metadata } from "../../clauses/metadata.ts";
import { alterRelation, kindOf } from "../../clauses/relation.ts";
import { planned } from "../../clauses/statement.ts";
import { compatible } from "../../type/similar_types.ts";
import { dependentsInTheWay } from "../../type/replace_type.ts";
import { type StoredRows, storedRows } from "../../type/stored_rows.ts";
import { changesWithTable } from "../attach_detach.ts";
import {
  ancestors,
  defaultValue,
  descendants,
  isInherited,
  parentAlters,
  parentColumns,
  type ValueOf,
} from "../inheritance.ts";
import { isReattached } from "../reattached.ts";
import { isAttribute } from "../typed_table.ts";
import { addColumn, inheritedDifferences, typedDifferences } from "./add.ts";
import {
  awaitsOthers,
  changesType,
  dependentsToRecreate,
  isPartitionKey,
  resetsDefault,
  typeStatements,
} from "./alter_type.ts";
import { attributeChanges, columnAttributes, columnRefs } from "./attributes.ts";
import { backfillStatements, chooseBackfill } from "./backfill.ts";
import { defaultExpression } from "./clause.ts";
import { dropColumns, isConstrained, isLeftTo } from "./drop.ts";
import { dropExpression, generatedChange, setExpression } from "./generated.ts";
import { dropIdentity, identityFirst, sequenceName, setIdentity } from "./identity.ts";
import {
  becomesNotNull,
  dropLocalNotNull,
  dropNotNull,
  keyMakesNotNull,
  losesLocalNotNull,
  notNullComment,
  setNotNull,
} from "./not_null.ts";
import { notNullPath } from "./not_null_name.ts";
import { askForOrder } from "./order.ts";
import { attributeSet, renamed } from "../../../../common/statement.ts";

/** Columns of tables and foreign tables. */
export const columns: KindOf<"column"> = {
  kind: "column",
  rank: 30,
  asksRename: true,
  reservedNames: (column) => [
    ...column.facts.not_null === true ? [`constraint ${notNullPath(column)}`] : [],
    ...column.facts.identity === undefined ? [] : [`relation ${sequenceName(column)}`],
  ],
  inline: (_, parent) => parent.kind === "table" || parent.kind === "foreign table",
  create: (column, members, context) =>
    followsType(column, context)
      ? [...typedDifferences(column, members, context), ...columnAttributes(column, context)]
      : comesFromParent(column, context)
      ? [...inheritedDifferences(column, context), ...columnAttributes(column, context)]
      : addColumn(column, members, context),
  drop: (column, context) => {
    const kept = context.to.objects.get(column.parent ?? "")?.dependsOn ?? [];
    const parents = parentColumns(context.from, column)
      .filter((parent) => kept.includes(parent.parent ?? ""));
    if (parents.some(({ id }) => isDropped(id, context) || !context.to.objects.has(id))) return [];
    if (followsType(column, context)) return [];
    return dropColumns(column, context);
  },
  createdBefore: (column, context) =>
    column.facts.local !== true || isCreated(column.parent ?? "", context)
      ? []
      : ancestors(context.to, column).map(({ id }) => id).filter((id) => isCreated(id, context)),
  alter: ({ before, after, facts }, context) => {
    if (facts.includes("position")) askForOrder(after, context);
    return alterColumn(before, after, context);
  },
  isFreed: (column, leaving, context) =>
    kindOf(leaving) === "attribute" && isKept(column.parent ?? "", context) &&
    !followsType(column, context),
  alteredBy: (change, context) =>
    changesWithTable(change, context)
      ? (change.op === "drop" ? change.before : change.after).parent
      : null,
  storesRowsOf: (column) =>
    column.dependsOn.filter((id) => id.startsWith("table:") && id !== column.parent),
  followsRename: (column) => isInherited(column) || isAttribute(column),
  isCompatible: (before, after) => compatible(before.facts.type, after.facts.type),
  rename: (before, after) => [planned(
    after,
    `${alterRelation(before)} RENAME COLUMN ${ident(lastName(before.name))} TO ${
      ident(lastName(after.name))
    }`,
    renamed(before, after),
  )],
};

function idOf({ id }: Column): string {
  return id;
}

/** Drops, adds and alters the columns of a table that stays, one after the other. */
export function columnChanges(
  before: Table,
  after: Table,
  context: PostgresContext,
): { readonly statements: readonly PlannedStatement[]; readonly recreates: readonly string[] } {
  const isColumn = (member: PostgresObject) => member.kind === "column";
  const statements: PlannedStatement[] = [];
  const recreates: string[] = [];
  const old = context.members(context.from, before.id).filter(isColumn);
  for (const column of old) {
    if (!context.to.objects.has(column.id)) statements.push(...columns.drop(column, context));
  }
  for (const column of context.members(context.to, after.id).filter(isColumn)) {
    const was = columnOf(context.from, column.id);
    if (was === undefined) {
      const value = defaultOf(context.to, column);
      statements.push(...columns.create(column, value === undefined ? [] : [value], context));
      continue;
    }
    if (!sameJson(was.facts, column.facts)) {
      const alteration = alterColumn(was, column, context);
      if (alteration === "replace") {
        const value = defaultOf(context.to, column);
        const members = value === undefined ? [] : [value];
        statements.push(...columns.drop(was, context), ...addColumn(column, members, context));
        continue;
      }
      statements.push(...alteration.statements);
      recreates.push(...alteration.recreates ?? []);
    }
    statements.push(...defaultChange(was, column, context));
  }
  return { statements, recreates };
}

/** The default of a column of a reattached table, where the column itself has not set it. */
function defaultChange(
  before: Column,
  after: Column,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const value = defaultOf(context.to, after);
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
    attributeSet(after, "default", value === undefined ? null : undefined),
  )];
}

/** True when a column that stays gets the default of a new sequence that it owns: the sequence needs the column, and the default the sequence. */
export function awaitsSequence(column: Column, context: PostgresContext): boolean {
  if (!context.from.objects.has(column.id)) return false;
  const value = defaultOf(context.to, column);
  return (value?.dependsOn ?? []).some((id) =>
    !context.from.objects.has(id) &&
    objectOf(context.to, id, "sequence")?.facts.owned_by === column.name
  );
}

function alterColumn(
  before: Column,
  after: Column,
  context: PostgresContext,
): Alteration | "replace" {
  const letsGo = losesLocalNotNull(before, after, context);
  const rebuilds = becomesLocal(before, after, context) || letsGo === "rebuild" ||
    (isLeftTo(before, after, context) && isConstrained(before, context));
  if (rebuilds) {
    return { statements: [], recreates: [before.parent ?? ""] };
  }
  const generation = generatedChange(before, after, context);
  if (generation === "replace") return replaceColumn(before, context);
  const typed = changesType(before, after) && !parentAlters(context, after.id, TYPE) &&
    !followsType(after, context);
  const stored = typed
    ? storedRows(
      [
        before.parent ?? "",
        ...descendants(context.from, before).flatMap(({ parent }) => parent ?? []),
      ],
      context,
    )
    : NONE_STORED;
  const fills = becomesNotNull(before, after, context) && !keyMakesNotNull(after, context);
  const fill = becomesNotNull(before, after, context)
    ? chooseBackfill(after, context)
    : { by: "fail" } as const;
  const [had, have] = [descendants(context.from, before), descendants(context.to, after)];
  const value = defaultOf(context.to, after);
  const early = fill.by === "default" && value !== undefined &&
    defaultValue(context.from, before) !== defaultValue(context.to, after);
  return {
    statements: [
      ...dropIdentity(before, after),
      ...dropNotNull(before, after, context),
      ...letsGo === "drop" ? [dropLocalNotNull(after)] : [],
      ...generation === "drop" ? [dropExpression(after)] : [],
      ...identityFirst(before, after) ? setIdentity(before, after, context) : [],
      ...stored.before,
      ...typed ? typeStatements(before, after, context) : [],
      ...stored.after,
      ...generation === "set" ? [setExpression(after)] : [],
      ...early && !resetsDefault(before, after, context)
        ? [planned(
          after,
          `${alterRelation(after)} ALTER COLUMN ${ident(lastName(after.name))} SET DEFAULT ${
            defaultExpression(value, after)
          }`,
          attributeSet(after, "default"),
        )]
        : [],
      ...backfillStatements(after, fill, false, context),
      ...fills || before.facts.not_null === true || fill.by !== "fail"
        ? setNotNull(before, after, context)
        : after.facts.not_null_not_valid === true
        ? setNotNull(before, after, context)
        : [],
      ...identityFirst(before, after) ? [] : setIdentity(before, after, context),
      ...attributeChanges(before, after, context),
      ...metadata(before, after, columnRefs(after, context), context),
      ...notNullComment(before, after),
    ],
    ...typed
      ? {
        recreates: [
          ...dependentsToRecreate(before, after, context),
          ...dependentsInTheWay(stored.columns, context),
        ],
      }
      : {},
    // Tables that will not have the column from this one leave before it changes.
    alteredAfter: [
      ...tablesOnlyIn(had, have).filter((id) => isReattached(context, id)),
      ...isLeftTo(before, after, context) ? parentColumns(context.from, before).map(idOf) : [],
    ],
    // What is attached must be as strict as this one is then.
    alteredBefore: [
      ...before.facts.not_null === true && after.facts.not_null !== true
        ? tablesOnlyIn(have, had)
        : [],
      ...letsGo === "drop" ? parentColumns(context.to, after).map(idOf) : [],
    ],
  };
}

/** Tables of the columns that only the first list has. */
function tablesOnlyIn(
  columns: readonly Column[],
  others: readonly Column[],
): readonly string[] {
  const known = new Set(others.map(({ id }) => id));
  return columns.filter(({ id }) => !known.has(id)).flatMap(({ parent }) => parent ?? []);
}

/** True when a column of a plain child that stays one becomes its own as well, or no longer; only a new CREATE TABLE does that. */
function becomesLocal(before: Column, after: Column, context: PostgresContext): boolean {
  const wasLocal = !isInherited(before) || before.facts.local === true;
  return isInherited(after) && wasLocal !== (after.facts.local === true) &&
    !isReattached(context, after.parent ?? "");
}

/** True when the column itself has set its default already, before filling rows with it or after a new type. */
export function setsDefaultItself(id: string, context: PostgresContext): boolean {
  const before = columnOf(context.from, id);
  const after = columnOf(context.to, id);
  if (before === undefined || after === undefined) return false;
  if (context.action(id) !== "alter" && !isReattached(context, after.parent ?? "")) return false;
  if (resetsDefault(before, after, context)) {
    return !parentAlters(context, id, TYPE) && !awaitsOthers(after, context);
  }
  return becomesNotNull(before, after, context) && chooseBackfill(after, context).by === "default";
}

/** A column of the partition key cannot be dropped; the table is recreated. */
function replaceColumn(before: Column, context: PostgresContext): Alteration | "replace" {
  const table = tableOf(context.from, before.parent);
  return table !== undefined && isPartitionKey(table, before)
    ? { statements: [], recreates: [table.id] }
    : "replace";
}

/** True when the column is there as soon as its parent's is. */
function comesFromParent(column: Column, context: PostgresContext): boolean {
  const table = context.from.objects.get(column.parent ?? "");
  if (table === undefined || !isInherited(column) || column.facts.local === true) return false;
  const linked = new Set(table.dependsOn);
  return parentColumns(context.to, column).some(({ id, parent }) =>
    (isCreated(id, context) || !context.from.objects.has(id)) && linked.has(parent ?? "")
  );
}

/** True when the table is made of a composite type before and after, so that its columns follow that type's attributes. */
function followsType(column: Column, context: PostgresContext): boolean {
  const [before, after] = [context.from, context.to].map((snapshot) =>
    tableOf(snapshot, column.parent)?.facts.of
  );
  return before !== undefined && before === after;
}

const NONE_STORED: StoredRows = { before: [], after: [], columns: [] };

const TYPE: ValueOf = (_, column) => [column.facts.type, column.facts.collation ?? null];
