/** A planned statement. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import { reasonOf } from "../../../common/sentence.ts";

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
  return { sql, serves: [object.id], reason: reasonOf(object, why), transactional: true, ...facts };
}
