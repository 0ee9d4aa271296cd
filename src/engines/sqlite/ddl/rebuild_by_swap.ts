/** The rebuild of a table that no foreign key points at. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import { statement, step, subjectOf } from "../../common/statement.ts";
import type { TableChange } from "../../common/table_change.ts";
import type { Alteration, PlanContext } from "../../object_kind.ts";
import { quote } from "../quote.ts";
import { copyOf } from "./copy_rows.ts";
import { brokenViews, readersOf } from "./readers.ts";
import { because, copyStatement, dropStatement, moveCounter } from "./rebuild_steps.ts";
import { withoutChecks } from "./reference_checks.ts";
import { tableText, underName } from "./render.ts";
import { temporaryName } from "./temporary_name.ts";

/**
 * The new table is filled under another name and takes the old one's place.
 * The rename would look at all views and triggers while the table is missing, hence the pragma where there are any; but
 * then it would not rename the table inside of the table's own expressions, and this does not work (null).
 */
export function rebuildBySwap(
  change: TableChange,
  members: readonly SchemaObject[],
  context: PlanContext,
): Alteration | null {
  const { before, after } = change;
  const name = temporaryName("new", before.name, context);
  const blind = isNamedElsewhere(change, context);
  const wanted = tableText(after, [...change.columns.to, ...change.constraints.to]);
  const renamed = underName(wanted, after.name, name);
  const qualified = renamed.split(quote(name)).length > 2;
  if (qualified && blind) return null;
  const copy = copyOf(change, context);
  const rename = statement(
    `ALTER TABLE ${quote(name)} RENAME TO ${quote(after.name)}`,
    after,
    { action: "rename", object: { kind: "table", name }, to: after.name },
  );
  return {
    statements: [
      ...step("the table as it is to be, under another name", [
        statement(
          renamed,
          after,
          { action: "recreate", object: subjectOf(after), because: because(change) },
        ),
      ]),
      ...step("its rows", [
        ...moveCounter(change, before.name, name),
        copyStatement(change, copy, { into: name, from: before.name }),
      ]),
      ...step("the new table takes the place of the old one", [
        dropStatement(change, before.name, context),
        ...blind ? withoutChecks([rename], after) : [rename],
      ]),
    ],
    alsoDrops: members.filter((member) => ["index", "trigger"].includes(member.kind))
      .map((member) => member.id),
  };
}

/** True when views or triggers name the table, or a table that does not exist. */
function isNamedElsewhere({ before, after }: TableChange, context: PlanContext): boolean {
  const readers = [...readersOf(before.id, context), ...readersOf(after.id, reversed(context))];
  return readers.some((reader) =>
    context.action(reader.id) !== "drop" || isDroppedWithTable(reader, context)
  ) || brokenViews(context.from).length + brokenViews(context.to).length > 0;
}

/** True for a trigger that is dropped with its table, which may be after the rebuild. */
function isDroppedWithTable({ kind, parent }: SchemaObject, context: PlanContext): boolean {
  return kind === "trigger" && parent !== null && context.action(parent) === "drop";
}

/** The context as seen from the other side, to ask what will read a table. */
function reversed(context: PlanContext): PlanContext {
  const { to } = context;
  return {
    ...context,
    dependents: (id) => [...to.objects.values()].filter((object) => object.dependsOn.includes(id)),
  };
}
