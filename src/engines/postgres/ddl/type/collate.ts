/** COLLATE. */

import type { SchemaObject } from "../../../../schema.ts";
import { reference } from "../../quote.ts";
import { text } from "../clauses/statement.ts";

/** ` COLLATE name` where the object has a collation of its own. */
export function collateClause(object: SchemaObject): string {
  const collation = text(object, "collation");
  return collation === null ? "" : ` COLLATE ${collationRef(collation)}`;
}

/** A collation as SQL; those of `pg_catalog` go without their schema. */
export function collationRef(name: string): string {
  return reference(name.startsWith("pg_catalog.") ? name.slice("pg_catalog.".length) : name);
}
