/** ALTER ... OWNER TO. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import { ident } from "../../quote.ts";
import { planned, text } from "./statement.ts";

/** Hands the object over where the owners differ (`before` null: the object is new). `ref` is the object as SQL: `TABLE users`. */
export function ownerStatements(
  before: SchemaObject | null,
  after: SchemaObject,
  ref: string,
): readonly PlannedStatement[] {
  if ((before === null ? null : text(before, "owner")) === text(after, "owner")) return [];
  const owner = ownerName(after);
  return [
    planned(
      after,
      `ALTER ${ref} OWNER TO ${owner}`,
      `${after.kind} ${after.name} belongs to ${owner}`,
    ),
  ];
}

/** The owner of an object as SQL; the connected user, when it has no owner of its own. */
export function ownerName(object: SchemaObject): string {
  const owner = text(object, "owner");
  return owner === null ? "CURRENT_USER" : ident(owner);
}
