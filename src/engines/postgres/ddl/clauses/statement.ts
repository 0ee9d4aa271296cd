/** A planned statement. */

import type { SchemaObject } from "../../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../../core/statement.ts";
import type { Reason } from "../../../../core/reason.ts";

/** What a statement carries besides its text, object and reason. */
export type StatementFacts = Partial<
  Pick<
    PlannedStatement,
    "transactional" | "usedOnceCommitted" | "destroys" | "rewrites" | "reversible" | "failsOn"
  >
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
