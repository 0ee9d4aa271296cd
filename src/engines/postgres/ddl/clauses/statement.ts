/** A planned statement. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";

/** What a statement carries besides its text, object and reason. */
export type StatementFacts = Partial<
  Pick<PlannedStatement, "transactional" | "destroys" | "rewrites" | "reversible">
>;

/** A statement that serves `object`, transactional unless `facts` say otherwise. */
export function planned(
  object: SchemaObject,
  sql: string,
  why: string,
  facts: StatementFacts = {},
): PlannedStatement {
  return { sql, serves: [object.id], why, transactional: true, ...facts };
}

/** A fact that is a text, or null. */
export function text(object: SchemaObject, fact: string): string | null {
  const value = object.facts[fact];
  return typeof value === "string" ? value : null;
}

/** A fact that is a list of texts; empty when it is absent. */
export function texts(object: SchemaObject, fact: string): readonly string[] {
  const value = object.facts[fact];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
