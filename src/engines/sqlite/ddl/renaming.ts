/** Renames, which SQLite refuses while a view names a table that does not exist. */

import type { Reason } from "../../../core/reason.ts";
import type { SchemaObject, Snapshot } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { renamed, statement, subjectOf } from "../../common/statement.ts";
import { quote } from "../quote.ts";
import { brokenViews } from "./readers.ts";
import { triggerText } from "./trigger.ts";
import { viewText } from "./view.ts";

/** The rename of a table, plain or virtual. */
export function renameTable(
  object: SchemaObject,
  to: SchemaObject,
  from: Snapshot,
): readonly PlannedStatement[] {
  const sql = `ALTER TABLE ${quote(object.name)} RENAME TO ${quote(to.name)}`;
  return renaming(statement(sql, to, renamed(object, to)), from);
}

/** The rename with such views taken away before it and put back after it. */
export function renaming(rename: PlannedStatement, from: Snapshot): readonly PlannedStatement[] {
  const views = brokenViews(from);
  const reason = (action: "drop" | "recreate", object: SchemaObject): Reason => ({
    action,
    object: subjectOf(object),
    because: { cause: "missing_table" },
  });
  const triggers = [...from.objects.values()].filter((object) =>
    object.kind === "trigger" && views.some((view) => view.id === object.parent)
  );
  return [
    ...views.map((view) => statement(`DROP VIEW ${quote(view.name)}`, view, reason("drop", view))),
    rename,
    ...views.map((view) => statement(viewText(view), view, reason("recreate", view))),
    ...triggers.map((trigger) =>
      statement(triggerText(trigger, from), trigger, reason("recreate", trigger))
    ),
  ];
}
