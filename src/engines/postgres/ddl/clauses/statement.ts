/** A planned statement. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";

/** What a statement carries besides its text, object and reason. */
export type StatementFacts = Partial<
  Pick<PlannedStatement, "transactional" | "destroys" | "rewrites" | "reversible">
>;

/** A statement that serves `object`, transactional unless `facts` say otherwise. */
export function planned(
  object: Pick<SchemaObject, "id">,
  sql: string,
  why: string,
  facts: StatementFacts = {},
): PlannedStatement {
  return { sql, serves: [object.id], why, transactional: true, ...facts };
}
