/** SQLite's look at all views and triggers with most forms of ALTER TABLE. */

import type { Reason } from "../../../core/reason.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { statement, subjectOf } from "../../common/statement.ts";
import type { PlanContext } from "../../object_kind.ts";
import { onlyAddsColumns } from "./add_column.ts";
import { tableChange } from "./table_change.ts";

/** True when the plan changes another table by more than new columns at its end: SQLite looks at all views and triggers then. */
export function checksElsewhere(id: string, context: PlanContext): boolean {
  const { from, to } = context;
  for (const before of from.objects.values()) {
    if (before.id === id || before.parent !== null || context.action(before.id) !== "alter") {
      continue;
    }
    if (before.kind === "virtual table") return true;
    const after = to.objects.get(before.id);
    if (before.kind !== "table" || after === undefined) continue;
    if (!onlyAddsColumns(tableChange(before, after, context), context)) return true;
  }
  return false;
}

/** The statements with SQLite's look at all views and triggers switched off for them. */
export function withoutChecks(
  statements: readonly PlannedStatement[],
  table: SchemaObject,
): readonly PlannedStatement[] {
  const reason: Reason = { action: "skip_reference_checks", object: subjectOf(table) };
  return [
    statement("PRAGMA legacy_alter_table = ON", table, reason),
    ...statements,
    statement("PRAGMA legacy_alter_table = OFF", table, reason),
  ];
}
