/** A planned statement. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { Reason } from "../../../../reason.ts";

/** What a statement carries besides its text, object and reason. */
export type StatementFacts = Partial<
  Pick<PlannedStatement, "transactional" | "destroys" | "rewrites" | "reversible">
>;

/** A statement that serves `object`, transactional unless `facts` say otherwise. */
export function planned(
  object: Pick<SchemaObject, "id">,
  sql: string,
  reason: Reason,
  facts: StatementFacts = {},
): PlannedStatement {
  return { sql, serves: [object.id], reason, transactional: true, ...facts };
}
