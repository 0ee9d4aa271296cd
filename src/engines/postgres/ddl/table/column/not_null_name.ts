/** The names of not-null constraints, which they have from version 18 on. */

import type { SchemaObject } from "../../../../../schema.ts";
import type { PlanContext } from "../../../../object_kind.ts";
import { generatedName } from "../../../generated_name.ts";
import { joinName, lastName } from "../../../names.ts";
import { flag, majorOf, notNullNameIsFree, ownerOf, schemaOf } from "../../clauses/relation.ts";
import { text } from "../../clauses/statement.ts";
import { parentColumns } from "../inheritance.ts";

/** The name of the not-null constraint of a column. */
export function notNullName(column: SchemaObject): string {
  const table = lastName(ownerOf(column.name));
  return text(column, "not_null_name") ?? generatedName(table, lastName(column.name), "not_null");
}

/** The same after the names of the schema and the table. */
export function notNullPath(column: SchemaObject): string {
  const relation = ownerOf(column.name);
  return joinName(schemaOf(relation), lastName(relation), notNullName(column));
}

/** The name that a new not-null constraint must be given since something else goes by it in the schema; undefined when the server chooses it by itself. */
export function takenNotNullName(column: SchemaObject, context: PlanContext): string | undefined {
  if (majorOf(context) < 18 || !flag(column, "not_null")) return undefined;
  const name = notNullName(column);
  return notNullNameIsFree(context, column, name) ? undefined : name;
}

/** True when renaming the not-null constraint of the parent renames this one as well. */
export function parentRenames(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): boolean {
  const wanted = new Set(parentColumns(context.to, after).map(({ id }) => id));
  return parentColumns(context.from, before).some((parent) => {
    const now = context.to.objects.get(parent.id);
    return now !== undefined && wanted.has(parent.id) && flag(parent, "not_null") &&
      flag(now, "not_null") && notNullName(parent) === notNullName(before) &&
      notNullName(now) === notNullName(after) && notNullName(parent) !== notNullName(now);
  });
}
