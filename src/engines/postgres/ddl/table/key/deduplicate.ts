/** What becomes of rows that a new key, unique constraint or unique index forbids. */

import { sameJson } from "../../../../../core/change.ts";
import type { PlannedStatement } from "../../../../../core/statement.ts";
import {
  columnOf,
  type Constraint,
  defaultOf,
  type Index,
  objectOf,
  type PostgresContext,
} from "../../../objects.ts";
import { ident } from "../../../quote.ts";
import { isKept } from "../../clauses/action.ts";
import { columnIn, relationName, relationOf } from "../../clauses/relation.ts";
import { planned } from "../../clauses/statement.ts";
import { chooseBackfill } from "../column/backfill.ts";
import { isGenerated } from "../column/generated.ts";
import { withReplicaIdentity } from "../replica_identity.ts";
import { indexKeys } from "./index_columns.ts";
import { isKeyOrIndex, isPrimaryKey } from "./index_flags.ts";
import { subjectOf } from "../../../../common/statement.ts";
import { askDuplicates } from "../../../../common/data_choice.ts";

/**
 * Asks what becomes of rows that a new primary key, unique constraint or unique index forbids; where it is over more than plain
 * columns, duplicates are not deleted.
 */
export function deduplicate(
  object: Constraint | Index,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const columns = uniqueColumns(object);
  const table = object.parent ?? "";
  if (!isKept(table, context) || !context.from.objects.has(table)) return [];
  if (columns === null) {
    askOfExpressions(object, context);
    return [];
  }
  if (differAlready(object, columns, context) || differAnew(object, columns, context)) return [];
  const answer = askDuplicates(
    { object, table: relationName(object), columns, canDelete: true },
    context,
  );
  if (answer?.option !== "delete") return [];
  const ref = relationOf(object);
  const equals = comparesNulls(object) ? "IS NOT DISTINCT FROM" : "=";
  const equal = columns.map((column) => `a.${ident(column)} ${equals} b.${ident(column)}`);
  const statement = planned(
    object,
    `DELETE FROM ${ref} a USING ${ref} b WHERE a.ctid > b.ctid AND ${equal.join(" AND ")}`,
    { action: "deduplicate", object: subjectOf(object), columns },
    {
      destroys: `rows of ${relationName(object)} that are equal in ${columns.join(", ")}`,
      reversible: "structure",
    },
  );
  return withReplicaIdentity("delete", object, statement, context);
}

/** Asks about rows that are equal in expressions, among those of a condition, or overlap. */
function askOfExpressions(object: Constraint | Index, context: PostgresContext): void {
  const isUnique = object.kind === "index"
    ? object.facts.unique === true
    : KEYS.includes(object.facts.type);
  const before = objectOf(context.from, object.id, "constraint", "index");
  if (!isUnique || before?.facts.definition === object.facts.definition) return;
  const columns = [object.facts.definition];
  askDuplicates({ object, table: relationName(object), columns, canDelete: false }, context);
}

/** True when a new column tells the rows apart: by numbers or other values of their own, or by NULL. */
function differAnew(
  object: Constraint | Index,
  columns: readonly string[],
  context: PostgresContext,
): boolean {
  return columns.some((name) => {
    const id = columnIn(relationName(object), name);
    const column = columnOf(context.to, id);
    if (column === undefined || context.from.objects.has(id) || isGenerated(column)) return false;
    const value = defaultOf(context.to, column)?.facts.expression;
    if (column.facts.identity !== undefined) return true;
    if (value !== undefined) return /^(?:nextval|gen_random_uuid|uuidv[47])\(/.test(value);
    if (column.facts.not_null !== true) return !comparesNulls(object);
    const fill = chooseBackfill(column, context);
    if (fill.by === "expression") return fill.expression.startsWith("gen_random_uuid()");
    return fill.by !== "value" && fill.by !== "default";
  });
}

const KEYS: readonly string[] = ["unique", "primary key"];

/** The columns in which rows must differ; null for an object that asks for something else. */
function uniqueColumns(object: Constraint | Index): readonly string[] | null {
  const definition = object.facts.definition;
  if (object.kind === "index") {
    const columns = indexKeys(definition);
    const isPlain = definition === `btree (${columns.map(ident).join(", ")})`;
    return object.facts.unique === true && isPlain ? columns : null;
  }
  const isKey = KEYS.includes(object.facts.type);
  return isKey && !definition.includes(" WITHOUT OVERLAPS") ? (object.facts.columns ?? []) : null;
}

/** True when it is the key that was there, or when no two rows can be equal, since they differ in some of the columns, which stay as they are. */
function differAlready(
  object: Constraint | Index,
  columns: readonly string[],
  context: PostgresContext,
): boolean {
  const before = objectOf(context.from, object.id, "constraint", "index");
  if (before !== undefined && comparesNulls(before) === comparesNulls(object)) {
    if (sameJson(uniqueColumns(before), columns)) return true;
  }
  const relation = relationName(object);
  const stays = new Set(
    columns.filter((column) => context.action(columnIn(relation, column)) === "keep"),
  );
  return context.members(context.from, object.parent ?? "").filter(isKeyOrIndex).some((key) => {
    if (key.facts.invalid === true) return false;
    const differing = uniqueColumns(key);
    const nulls = !comparesNulls(object) || comparesNulls(key) ||
      isPrimaryKey(key);
    return differing !== null && nulls && differing.every((column) => stays.has(column));
  });
}

/** True where rows without a value are equal too. */
function comparesNulls(object: Constraint | Index): boolean {
  return /^UNIQUE NULLS NOT DISTINCT /.test(object.facts.definition);
}
