/** Planned statements. */

import type { PlannedStatement } from "../../../schema.ts";

/** A statement that may stand in a transaction, with what else is to be said of it. */
export function statement(
  sql: string,
  serves: readonly string[],
  why: string,
  more: Partial<PlannedStatement> = {},
): PlannedStatement {
  return { sql, serves, why, transactional: true, ...more };
}
