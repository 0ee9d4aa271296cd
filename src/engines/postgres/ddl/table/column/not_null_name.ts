/** The names of not-null constraints, which they have from version 18 on. */

import { objectId } from "../../../../../core/snapshot.ts";
import { generatedName, isGeneratedNotNull } from "../../../generated_name.ts";
import { joinName, lastName, splitName } from "../../../names.ts";
import { type Column, columnOf, type PostgresContext } from "../../../objects.ts";
import { majorOf, ownerOf, schemaOf } from "../../clauses/relation.ts";
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

/** The name that the author gave the not-null constraint; undefined where the server chose it. */
export function authorsNotNullName(column: Column): string | undefined {
  const name = column.facts.not_null_name;
  return isGeneratedNotNull(name) ? undefined : name;
}

/**
 * The name with which a column's clause makes the not-null constraint: the author's, or one that a comment can go by, or one that
 * leaves to another constraint of the table what the server would choose. Undefined where the server chooses. Servers before 18
 * read the name and forget it.
 */
export function explicitNotNullName(
  column: Column,
  context: PostgresContext,
): string | undefined {
  if (column.facts.not_null !== true) return undefined;
  const table = ownerOf(column.name);
  const named = (label: string) => generatedName(lastName(table), lastName(column.name), label);
  const id = objectId("constraint", joinName(...splitName(table), named("not_null")));
  if ([context.from, context.to].some(({ objects }) => objects.has(id))) {
    return column.facts.not_null_name ?? named("not_null1");
  }
  if (majorOf(context) < 18) return undefined;
  return column.facts.not_null_comment === undefined
    ? authorsNotNullName(column)
    : notNullName(column);
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
