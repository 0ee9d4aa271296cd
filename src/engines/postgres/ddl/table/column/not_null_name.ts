/** The names of not-null constraints, which they have from version 18 on. */

import { generatedName } from "../../../generated_name.ts";
import { joinName, lastName } from "../../../names.ts";
import { type Column, columnOf, type PostgresContext } from "../../../objects.ts";
import { majorOf, notNullNameIsFree, ownerOf, schemaOf } from "../../clauses/relation.ts";
import { parentColumns } from "../inheritance.ts";

/** The name of the not-null constraint of a column. */
export function notNullName(column: Column): string {
  const table = lastName(ownerOf(column.name));
  return column.facts.not_null_name ?? generatedName(table, lastName(column.name), "not_null");
}

/** The same after the names of the schema and the table. */
export function notNullPath(column: Column): string {
  const relation = ownerOf(column.name);
  return joinName(schemaOf(relation), lastName(relation), notNullName(column));
}

/** The name that a new not-null constraint must be given since something else goes by it in the schema; undefined when the server chooses it by itself. */
export function takenNotNullName(column: Column, context: PostgresContext): string | undefined {
  if (majorOf(context) < 18 || column.facts.not_null !== true) return undefined;
  const name = notNullName(column);
  return notNullNameIsFree(context, column, name) ? undefined : name;
}

/** True when renaming the not-null constraint of the parent renames this one as well. */
export function parentRenames(
  before: Column,
  after: Column,
  context: PostgresContext,
): boolean {
  const wanted = new Set(parentColumns(context.to, after).map(({ id }) => id));
  return parentColumns(context.from, before).some((parent) => {
    const now = columnOf(context.to, parent.id);
    return now !== undefined && wanted.has(parent.id) && parent.facts.not_null === true &&
      now.facts.not_null === true && notNullName(parent) === notNullName(before) &&
      notNullName(now) === notNullName(after) && notNullName(parent) !== notNullName(now);
  });
}
