/** Columns: carried by CREATE TABLE, or added, altered and dropped on their own. */

import { sameJson } from "../../../../../changes.ts";
import type { PlannedStatement, SchemaObject } from "../../../../../schema.ts";
import type { Alteration, ObjectKind, PlanContext } from "../../../../object_kind.ts";
import { lastName } from "../../../names.ts";
import { ident } from "../../../quote.ts";
import { arrives, goes, stays } from "../../clauses/action.ts";
import { belongings } from "../../clauses/metadata.ts";
import { alterRelation, flag, kindOf, record } from "../../clauses/relation.ts";
import { planned, text } from "../../clauses/statement.ts";
import { akin } from "../../type/convert.ts";
import { isMoving, movesAlong } from "../attach_detach.ts";
import {
  ancestors,
  defaultValue,
  heirs,
  isInherited,
  parentAlters,
  parentColumns,
  type ValueOf,
} from "../inheritance.ts";
import { isAttribute } from "../typed_table.ts";
import { addColumn, inheritedDifferences, typedDifferences } from "./add.ts";
import {
  awaitsOthers,
  changesType,
  isPartitionKey,
  obstacles,
  resetsDefault,
  typeStatements,
} from "./alter_type.ts";
import { columnExtras, columnRefs, settings } from "./attributes.ts";
import { filling, fillStatements } from "./backfill.ts";
import { defaultExpression } from "./clause.ts";
import { dropColumns, isConstrained, isLeftTo } from "./drop.ts";
import { dropExpression, generatedChange, setExpression } from "./generated.ts";
import { dropIdentity, numbersFirst, sequenceName, setIdentity } from "./identity.ts";
import {
  becomesNotNull,
  dropNotNull,
  dropOwnNotNull,
  givesUpOwnNotNull,
  keyMakesNotNull,
  notNullComment,
  setNotNull,
} from "./not_null.ts";
import { notNullPath } from "./not_null_name.ts";
import { askForOrder } from "./order.ts";

/** Columns of tables and foreign tables. */
export const columns: ObjectKind = {
  kind: "column",
  rank: 30,
  asksRename: true,
  slots: (column) => [
    ...flag(column, "not_null") ? [`constraint ${notNullPath(column)}`] : [],
    ...record(column, "identity") === null ? [] : [`relation ${sequenceName(column)}`],
  ],
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
    if (parents.some(({ id }) => goes(id, context) || !context.to.objects.has(id))) return [];
    if (followsType(column, context)) return [];
    return dropColumns(column, context);
  },
  displaces: (column, context) =>
    !flag(column, "local") || arrives(column.parent ?? "", context)
      ? []
      : ancestors(context.to, column).map(({ id }) => id).filter((id) => arrives(id, context)),
  alter: ({ before, after, facts }, context) => {
    if (facts.includes("position")) askForOrder(after, context);
    return alterColumn(before, after, context);
  },
  isFreed: (column, leaving, context) =>
    kindOf(leaving) === "attribute" && stays(column.parent ?? "", context) &&
    !followsType(column, context),
  absorbedBy: (change, context) =>
    movesAlong(change, context)
      ? (change.op === "drop" ? change.before : change.after).parent
      : null,
  holds: (column) => column.needs.filter((id) => id.startsWith("table:") && id !== column.parent),
  followsRename: (column) => isInherited(column) || isAttribute(column),
  isAkin: (before, after) => akin(text(before, "type") ?? "", text(after, "type") ?? ""),
  rename: (before, after) => [planned(
    after,
    `${alterRelation(before)} RENAME COLUMN ${ident(lastName(before.name))} TO ${
      ident(lastName(after.name))
    }`,
    `Column ${before.name} is called ${lastName(after.name)}`,
  )],
};

function idOf({ id }: SchemaObject): string {
  return id;
}

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

function alterColumn(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): Alteration | "replace" {
  const letsGo = givesUpOwnNotNull(before, after, context);
  const rebuilds = becomesLocal(before, after, context) || letsGo === "rebuild" ||
    (isLeftTo(before, after, context) && isConstrained(before, context));
  if (rebuilds) {
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
  const [had, have] = [heirs(context.from, before), heirs(context.to, after)];
  const value = context.to.objects.get(`default:${after.name}`);
  const early = fill.by === "default" && value !== undefined &&
    defaultValue(context.from, before) !== defaultValue(context.to, after);
  return {
    statements: [
      ...dropIdentity(before, after),
      ...dropNotNull(before, after, context),
      ...letsGo === "drop" ? [dropOwnNotNull(after)] : [],
      ...generation === "drop" ? [dropExpression(after)] : [],
      ...numbersFirst(before, after) ? setIdentity(before, after, context) : [],
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
      ...fillStatements(after, fill, false, context),
      ...fills || flag(before, "not_null") || fill.by !== "fail"
        ? setNotNull(before, after, context)
        : flag(after, "not_null_not_valid")
        ? setNotNull(before, after, context)
        : [],
      ...numbersFirst(before, after) ? [] : setIdentity(before, after, context),
      ...settings(before, after, context),
      ...belongings(before, after, columnRefs(after, context), context),
      ...notNullComment(before, after),
    ],
    ...typed ? { rebuilds: obstacles(before, after, context) } : {},
    // Tables that will not have the column from this one leave before it changes.
    laterThan: [
      ...tablesOnlyIn(had, have).filter((id) => isMoving(context, id)),
      ...isLeftTo(before, after, context) ? parentColumns(context.from, before).map(idOf) : [],
    ],
    // What is attached must be as strict as this one is then.
    earlierThan: [
      ...flag(before, "not_null") && !flag(after, "not_null") ? tablesOnlyIn(have, had) : [],
      ...letsGo === "drop" ? parentColumns(context.to, after).map(idOf) : [],
    ],
  };
}

/** Tables of the columns that only the first list has. */
function tablesOnlyIn(
  columns: readonly SchemaObject[],
  others: readonly SchemaObject[],
): readonly string[] {
  const known = new Set(others.map(({ id }) => id));
  return columns.filter(({ id }) => !known.has(id)).flatMap(({ parent }) => parent ?? []);
}

/** True when a column of a plain child that stays one becomes its own as well, or no longer; only a new CREATE TABLE does that. */
function becomesLocal(before: SchemaObject, after: SchemaObject, context: PlanContext): boolean {
  const wasLocal = !isInherited(before) || flag(before, "local");
  return isInherited(after) && wasLocal !== flag(after, "local") &&
    !isMoving(context, after.parent ?? "");
}

/** True when the column itself has set its default already, before filling rows with it or after a new type. */
export function setsDefaultItself(id: string, context: PlanContext): boolean {
  const before = context.from.objects.get(id);
  const after = context.to.objects.get(id);
  if (before === undefined || after === undefined) return false;
  if (context.fate(id) !== "alter" && !isMoving(context, after.parent ?? "")) return false;
  if (resetsDefault(before, after, context)) {
    return !parentAlters(context, id, TYPE) && !awaitsOthers(after, context);
  }
  return becomesNotNull(before, after, context) && filling(after, context).by === "default";
}

/** A column cannot leave a table that is partitioned by it; then the table goes with it. */
function replaceColumn(before: SchemaObject, context: PlanContext): Alteration | "replace" {
  const table = before.parent === null ? undefined : context.from.objects.get(before.parent);
  return table !== undefined && isPartitionKey(table, before)
    ? { statements: [], rebuilds: [table.id] }
    : "replace";
}

/** True when the column is there as soon as its parent's is. */
function comesFromParent(column: SchemaObject, context: PlanContext): boolean {
  const table = context.from.objects.get(column.parent ?? "");
  if (table === undefined || !isInherited(column) || flag(column, "local")) return false;
  const linked = new Set(table.needs);
  return parentColumns(context.to, column).some(({ id, parent }) =>
    (arrives(id, context) || !context.from.objects.has(id)) && linked.has(parent ?? "")
  );
}

/** True when the table is made of a composite type before and after, so that its columns follow that type's attributes. */
function followsType(column: SchemaObject, context: PlanContext): boolean {
  const [before, after] = [context.from, context.to].map((snapshot) =>
    snapshot.objects.get(column.parent ?? "")?.facts.of
  );
  return before !== undefined && before === after;
}

const TYPE: ValueOf = (_, column) => [column.facts.type ?? null, column.facts.collation ?? null];
