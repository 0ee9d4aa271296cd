/** Members of tables: their own names, and what constraints and indexes are about. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import type { CheckFacts, ForeignKeyFacts, KeyFacts } from "../catalog/constraint_object.ts";
import { factsOf } from "../facts.ts";
import { fold, tokenize } from "../tokens.ts";

/** The facts of a primary key or a UNIQUE constraint; null for anything else. */
export function keyFacts(object: SchemaObject): KeyFacts | null {
  if (object.kind !== "constraint") return null;
  const facts = factsOf(object, "constraint");
  return facts.type === "primary key" || facts.type === "unique" ? facts : null;
}

/** The facts of a foreign key; null for anything else. */
export function foreignKeyFacts(object: SchemaObject): ForeignKeyFacts | null {
  if (object.kind !== "constraint") return null;
  const facts = factsOf(object, "constraint");
  return facts.type === "foreign key" ? facts : null;
}

/** The facts of a CHECK; null for anything else. */
export function checkFacts(object: SchemaObject): CheckFacts | null {
  if (object.kind !== "constraint") return null;
  const facts = factsOf(object, "constraint");
  return facts.type === "check" ? facts : null;
}

/** True for a primary key or a UNIQUE constraint. */
export function isKey(object: SchemaObject): boolean {
  return keyFacts(object) !== null;
}

/** True for a CHECK. */
export function isCheck(object: SchemaObject): boolean {
  return checkFacts(object) !== null;
}

/** True for a CHECK that has a name. */
export function isNamedCheck(object: SchemaObject): boolean {
  return checkFacts(object)?.name !== undefined;
}

/** True for a primary key. */
export function isPrimaryKey(object: SchemaObject): boolean {
  return keyFacts(object)?.type === "primary key";
}

/** True for a unique index, be it partial or not. */
export function isUniqueIndex(object: SchemaObject): boolean {
  return object.kind === "index" && factsOf(object, "index").unique === true;
}

/** True for a generated column. */
export function isGenerated(column: SchemaObject): boolean {
  return factsOf(column, "column").generated !== undefined;
}

/** True for a table without a rowid. */
export function isWithoutRowid(table: SchemaObject): boolean {
  return factsOf(table, "table").without_rowid === true;
}

/** What a constraint or an index is about, part by part, as its facts say it; empty for a CHECK. */
export function partsOf(object: SchemaObject): readonly string[] {
  if (object.kind === "index") return factsOf(object, "index").columns;
  return (keyFacts(object) ?? foreignKeyFacts(object))?.columns ?? [];
}

/** The columns of a constraint or an index by their folded names; of an expression its first word. */
export function columnNames(object: SchemaObject): readonly string[] {
  return partsOf(object).map(columnName);
}

/** The folded name of the column that a part of a key begins with. */
export function columnName(part: string): string {
  return fold(tokenize(part)[0]?.value ?? "");
}

/** The last part of a member's name: `users.email` is `email`. Folding keeps lengths, so the parent's id tells where it starts. */
export function localName(member: SchemaObject): string {
  const parent = member.parent ?? "";
  return member.name.slice(parent.length - parent.indexOf(":"));
}

/** The name of a member's parent, as it was written. */
export function parentName(member: SchemaObject): string {
  const parent = member.parent ?? "";
  return member.name.slice(0, parent.length - parent.indexOf(":") - 1);
}
