/** Typed looks at the facts of objects. */

import type { Facts, Json, SchemaObject } from "../../../schema.ts";
import { fold, tokenize } from "../tokens.ts";

/** A fact that is a text; null when it is not there. */
export function textOf(facts: Facts | undefined, key: string): string | null {
  const value = facts?.[key];
  return typeof value === "string" ? value : null;
}

/** A fact that is a list of texts; null when it is not there. */
export function listOf(facts: Facts | undefined, key: string): readonly string[] | null {
  const value: Json | undefined = facts?.[key];
  return Array.isArray(value) ? value.map(String) : null;
}

/** True when a fact is there and true. */
export function has(facts: Facts | undefined, key: string): boolean {
  return facts?.[key] === true;
}

/** True for a primary key or a UNIQUE constraint. */
export function isKey({ kind, facts }: SchemaObject): boolean {
  return kind === "constraint" && ["primary key", "unique"].includes(textOf(facts, "type") ?? "");
}

/** The columns of a constraint or an index by their folded names; of an expression its first word. */
export function columnNames({ facts }: SchemaObject): readonly string[] {
  return (listOf(facts, "columns") ?? []).map(columnName);
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
