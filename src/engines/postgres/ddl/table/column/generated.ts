/** Generated columns: how they are written and changed, and what becomes of their values. */

import { sameJson } from "../../../../../changes.ts";
import { lastName } from "../../../../../names.ts";
import type { Facts, PlannedStatement, SchemaObject } from "../../../../../schema.ts";
import type { PlanContext } from "../../../../object_kind.ts";
import { ident } from "../../../quote.ts";
import { goes } from "../../clauses/action.ts";
import { inBrackets } from "../../clauses/brackets.ts";
import { alterRelation, majorOf, record, relationName } from "../../clauses/relation.ts";
import { planned } from "../../clauses/statement.ts";
import { factValue, parentAlters } from "../inheritance.ts";

/** True for a generated column. */
export function isGenerated(column: SchemaObject): boolean {
  return column.facts.generated !== undefined;
}

/** `GENERATED ALWAYS AS (a + b) STORED` */
export function generatedClause(generated: Facts): string {
  const kind = String(generated.kind).toUpperCase();
  return `GENERATED ALWAYS AS (${inBrackets(String(generated.expression))}) ${kind}`;
}

/** What it takes to change how a column is computed. */
export function generatedChange(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): "none" | "set" | "drop" | "replace" {
  const was = record(before, "generated");
  const is = record(after, "generated");
  if (sameJson(was, is)) return "none";
  if (parentAlters(context, after.id, factValue("generated"))) return "none";
  if (was === null || (is !== null && was.kind !== is.kind)) return "replace";
  if (is === null) return was.kind === "stored" && majorOf(context) >= 13 ? "drop" : "replace";
  return majorOf(context) >= 17 ? "set" : "replace";
}

/** DROP EXPRESSION: the column keeps its values and is an ordinary one. */
export function dropExpression(after: SchemaObject): PlannedStatement {
  return planned(
    after,
    `${alterRelation(after)} ALTER COLUMN ${ident(lastName(after.name))} DROP EXPRESSION`,
    `Column ${after.name} is no longer computed`,
    { reversible: "column-order" },
  );
}

/** SET EXPRESSION. */
export function setExpression(after: SchemaObject): PlannedStatement {
  const generated = record(after, "generated");
  return planned(
    after,
    `${alterRelation(after)} ALTER COLUMN ${ident(lastName(after.name))} SET EXPRESSION AS (${
      inBrackets(String(generated?.expression))
    })`,
    `Column ${after.name} is computed in another way`,
    generated?.kind === "stored" ? { rewrites: relationName(after) } : {},
  );
}

/** The expression that a column was computed by which now holds values and so must be made again; null where it cannot be used. */
export function formerExpression(column: SchemaObject, context: PlanContext): string | null {
  const before = context.from.objects.get(column.id);
  if (before === undefined || context.fate(column.id) !== "replace") return null;
  const was = record(before, "generated");
  if (was === null || record(column, "generated") !== null) return null;
  if (before.needs.some((need) => goes(need, context))) return null;
  return `(${inBrackets(String(was.expression))})`;
}

/** True for a column that was computed, and is again or is gone; from one that is no longer computed the values are copied. */
export function staysGenerated(column: SchemaObject, { to }: PlanContext): boolean {
  const after = to.objects.get(column.id);
  return isGenerated(column) && (after === undefined || isGenerated(after));
}

/** True for a dropped column whose values are generated again where they are still wanted: nothing is lost with it. */
export function isDerived(column: SchemaObject, context: PlanContext): boolean {
  const after = context.to.objects.get(column.id);
  return isGenerated(column) &&
    (after === undefined || isGenerated(after) || formerExpression(after, context) !== null);
}
