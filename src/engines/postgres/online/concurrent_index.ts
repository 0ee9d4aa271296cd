/** An index that is built while others write. */

import type { PlannedStatement } from "../../../core/statement.ts";

/** A CREATE INDEX CONCURRENTLY behind the DROP of what a failed one leaves. */
export function concurrentIndex(
  statement: PlannedStatement,
  index: string,
): readonly PlannedStatement[] {
  const { serves, reason } = statement;
  const sql = `DROP INDEX CONCURRENTLY IF EXISTS ${index}`;
  return [
    { sql, serves, reason, transactional: false, cleanup: true },
    { ...statement, transactional: false },
  ];
}
