/** COLLATE. */

import type { With } from "../../objects.ts";
import { reference } from "../../quote.ts";

/** ` COLLATE name` where the object has a collation of its own. */
export function collateClause(object: With<{ readonly collation?: string }>): string {
  const collation = object.facts.collation;
  return collation === undefined ? "" : ` COLLATE ${collationRef(collation)}`;
}

/** A collation as SQL; those of `pg_catalog` go without their schema. */
export function collationRef(name: string): string {
  return reference(name.startsWith("pg_catalog.") ? name.slice("pg_catalog.".length) : name);
}
