/** Members of tables: their own names, and which are of what kind. */

import { lastName } from "../../../core/name.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import { type CheckFacts, factsOf, type ForeignKeyFacts } from "../facts.ts";
import { quote } from "../quote.ts";

/** The own name of a member, as SQL: of `users.email` it is `email`. */
export function nameOf(member: SchemaObject): string {
  return quote(lastName(member.name));
}

/** The facts of a CHECK of a table; null for anything else. */
export function checkFacts(object: SchemaObject): CheckFacts | null {
  if (object.kind !== "constraint") return null;
  const facts = factsOf(object, "constraint");
  return facts.type === "check" ? facts : null;
}

/** The facts of a foreign key; null for anything else. */
export function foreignKeyFacts(object: SchemaObject): ForeignKeyFacts | null {
  if (object.kind !== "constraint") return null;
  const facts = factsOf(object, "constraint");
  return facts.type === "foreign key" ? facts : null;
}

/** True for a primary key. */
export function isPrimaryKey(object: SchemaObject): boolean {
  return object.kind === "index" && factsOf(object, "index").type === "primary";
}

/** True for a key that tells rows apart: primary or unique. */
export function isUnique(object: SchemaObject): boolean {
  return object.kind === "index" &&
    ["primary", "unique"].includes(factsOf(object, "index").type);
}

/** The columns that an index names by themselves, unquoted. */
export function indexColumns(index: SchemaObject): readonly string[] {
  return factsOf(index, "index").columns.flatMap(({ column }) => column ?? []);
}

/** True for a generated column. */
export function isGenerated(column: SchemaObject): boolean {
  const { generated, row } = factsOf(column, "column");
  return generated !== undefined || row !== undefined;
}

/** The members of a table that ALTER TABLE changes together with its columns: keys in front, then checks. */
export function keysAndChecks(members: readonly SchemaObject[]): readonly SchemaObject[] {
  const indexes = members.filter(({ kind }) => kind === "index");
  return [
    ...indexes.filter(isPrimaryKey),
    ...indexes.filter((one) => !isPrimaryKey(one)),
    ...members.filter((one) => checkFacts(one) !== null),
  ];
}
