/** Renames, which SQLite refuses while a view names a table that does not exist. */

import type { PlannedStatement, Snapshot } from "../../../schema.ts";
import { quote } from "../quote.ts";
import { brokenViews } from "./readers.ts";
import { statement } from "./statement.ts";
import { triggerText } from "./trigger.ts";
import { viewText } from "./view.ts";

/** The rename with such views taken away before it and put back after it. */
export function renaming(rename: PlannedStatement, from: Snapshot): readonly PlannedStatement[] {
  const views = brokenViews(from);
  const why = "The view names a table that does not exist, and SQLite renames nothing meanwhile";
  const triggers = [...from.objects.values()].filter((object) =>
    object.kind === "trigger" && views.some((view) => view.id === object.parent)
  );
  return [
    ...views.map((view) => statement(`DROP VIEW ${quote(view.name)}`, [view.id], why)),
    rename,
    ...views.map((view) => statement(viewText(view), [view.id], why)),
    ...triggers.map((trigger) => statement(triggerText(trigger, from), [trigger.id], why)),
  ];
}
