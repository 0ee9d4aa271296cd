/** Typed looks at the facts of objects. */

import type { Facts, Json, SchemaObject } from "../../../schema.ts";

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
