/** Planned statements of MySQL and MariaDB: a definition ends the transaction that it stands in. */

import type { Reason } from "../../../core/reason.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { statement, type StatementFacts } from "../../common/statement.ts";
import { quote } from "../quote.ts";

/** A definition: it commits what stands before it, and no ROLLBACK undoes it. */
export function definition(
  sql: string,
  serves: SchemaObject | readonly SchemaObject[],
  reason: Reason,
  facts: StatementFacts = {},
): PlannedStatement {
  return statement(sql, serves, reason, { transactional: false, ...facts });
}

/** ALTER TABLE with its clauses, a line for each where there are several. */
export function alterText(table: string, clauses: readonly string[]): string {
  const [only, ...others] = clauses;
  const head = `ALTER TABLE ${quote(table)}`;
  if (only !== undefined && others.length === 0) return `${head} ${only}`;
  return `${head}\n${clauses.map((clause) => `  ${clause}`).join(",\n")}`;
}

/** One reason of several. */
export function combined(reasons: readonly Reason[]): Reason {
  const [first, ...others] = reasons;
  if (first !== undefined && others.length === 0) return first;
  return { action: "combine", of: reasons };
}

/** What several things that one statement does say of it. */
export function togetherFacts(list: readonly StatementFacts[]): StatementFacts {
  const texts = (
    key: "destroys" | "failsOn",
  ) => [...new Set(list.flatMap((one) => one[key] ?? []))];
  const [destroys, failsOn] = [texts("destroys"), texts("failsOn")];
  return {
    ...destroys.length === 0 ? {} : { destroys: destroys.join(", "), reversible: "structure" },
    ...failsOn.length === 0 ? {} : { failsOn: failsOn.join(", ") },
  };
}
