/** Columns that are dropped, and what becomes of those that children have from them. */

import type { PlannedStatement, SchemaObject } from "../../../../../schema.ts";
import type { PlanContext } from "../../../../object_kind.ts";
import { lastName } from "../../../names.ts";
import { ident } from "../../../quote.ts";
import { goes } from "../../clauses/action.ts";
import { alterRelation, flag } from "../../clauses/relation.ts";
import { planned } from "../../clauses/statement.ts";
import { isMoving } from "../attach_detach.ts";
import { children, heirs, isInherited, parentColumns } from "../inheritance.ts";
import { isDerived } from "./generated.ts";

/** Drops a column, and those of its heirs that go although they would stay. */
export function dropColumns(
  column: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const isLeft = (heir: SchemaObject) =>
    goes(heir.id, context) && !goes(heir.parent ?? "", context);
  if (!leavesHeirs(column, context)) {
    const left = heirs(context.from, column).filter((heir) => flag(heir, "local") && isLeft(heir));
    return [column, ...left].map((gone) => dropColumn(gone, context));
  }
  return [
    dropColumn(column, context, true),
    ...children(context.from, column).filter(isLeft)
      .flatMap((child) => dropColumns(child, context)),
  ];
}

/** True when a child keeps the column that it has from nowhere else, as its own. */
function leavesHeirs(column: SchemaObject, context: PlanContext): boolean {
  return children(context.from, column).some((child) => {
    const after = context.to.objects.get(child.id);
    return after === undefined
      ? leavesHeirs(child, context)
      : isLeftTo(child, after, context) && !isConstrained(child, context);
  });
}

/** True for a column with constraints that it has from its parents as well: they would stay theirs when the parents lose the column. */
export function isConstrained(column: SchemaObject, context: PlanContext): boolean {
  return flag(column, "not_null") ||
    context.dependents(column.id).some(({ kind }) => kind === "constraint");
}

/** True when a child keeps a column, as its own, that it had from parents which lose it. */
export function isLeftTo(before: SchemaObject, after: SchemaObject, context: PlanContext): boolean {
  const parents = parentColumns(context.from, before);
  return parents.length > 0 && !isInherited(after) && !flag(before, "local") &&
    !isMoving(context, after.parent ?? "") &&
    parents.every(({ id, parent }) =>
      !context.to.objects.has(id) && context.to.objects.has(parent ?? "")
    );
}

function dropColumn(
  column: SchemaObject,
  context: PlanContext,
  only = false,
): PlannedStatement {
  return planned(
    column,
    `${alterRelation(column, only)} DROP COLUMN ${ident(lastName(column.name))}`,
    `Column ${column.name} is gone`,
    isDerived(column, context)
      ? { reversible: "column-order" }
      : { destroys: `the values of column ${column.name}`, reversible: "structure" },
  );
}
