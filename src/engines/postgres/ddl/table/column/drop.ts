/** Columns that are dropped, and what becomes of those that children have from them. */

import type { PlannedStatement } from "../../../../../core/statement.ts";
import { lastName } from "../../../names.ts";
import { type Column, columnOf, type PostgresContext } from "../../../objects.ts";
import { ident } from "../../../quote.ts";
import { isDropped } from "../../clauses/action.ts";
import { alterRelation } from "../../clauses/relation.ts";
import { planned } from "../../clauses/statement.ts";
import { children, descendants, isInherited, parentColumns } from "../inheritance.ts";
import { isReattached } from "../reattached.ts";
import { isDerived } from "./generated.ts";
import { dropped } from "../../../../common/statement.ts";

/** Drops a column, and those of its descendants that are dropped although they would stay. */
export function dropColumns(
  column: Column,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const isLeft = (heir: Column) =>
    isDropped(heir.id, context) && !isDropped(heir.parent ?? "", context);
  if (!leavesDescendants(column, context)) {
    const left = descendants(context.from, column).filter((heir) =>
      heir.facts.local === true && isLeft(heir)
    );
    return [column, ...left].map((gone) => dropColumn(gone, context));
  }
  return [
    dropColumn(column, context, true),
    ...children(context.from, column).filter(isLeft)
      .flatMap((child) => dropColumns(child, context)),
  ];
}

/** True when a child keeps the column that it has from nowhere else, as its own. */
function leavesDescendants(column: Column, context: PostgresContext): boolean {
  return children(context.from, column).some((child) => {
    const after = columnOf(context.to, child.id);
    return after === undefined
      ? leavesDescendants(child, context)
      : isLeftTo(child, after, context) && !isConstrained(child, context);
  });
}

/** True for a column with constraints that it has from its parents as well: they stay when the parents lose the column. */
export function isConstrained(column: Column, context: PostgresContext): boolean {
  return column.facts.not_null === true ||
    context.dependents(column.id).some((member) => member.kind === "constraint");
}

/** True when a child keeps a column, as its own, that it had from parents which lose it. */
export function isLeftTo(before: Column, after: Column, context: PostgresContext): boolean {
  const parents = parentColumns(context.from, before);
  return parents.length > 0 && !isInherited(after) && before.facts.local !== true &&
    !isReattached(context, after.parent ?? "") &&
    parents.every(({ id, parent }) =>
      !context.to.objects.has(id) && context.to.objects.has(parent ?? "")
    );
}

function dropColumn(
  column: Column,
  context: PostgresContext,
  only = false,
): PlannedStatement {
  return planned(
    column,
    `${alterRelation(column, only)} DROP COLUMN ${ident(lastName(column.name))}`,
    dropped(column),
    isDerived(column, context)
      ? { reversible: "column-order" }
      : { destroys: `the values of column ${column.name}`, reversible: "structure" },
  );
}
