/** Generated columns: how they are written and changed, and what becomes of their values. */

import { sameJson } from "../../../../../core/change.ts";
import type { PlannedStatement } from "../../../../../core/statement.ts";
import type { Generated } from "../../../catalog/column.ts";
import { lastName } from "../../../names.ts";
import { type Column, columnOf, type PostgresContext } from "../../../objects.ts";
import { ident } from "../../../quote.ts";
import { isDropped } from "../../clauses/action.ts";
import { inBrackets } from "../../clauses/brackets.ts";
import { alterRelation, majorOf, relationName } from "../../clauses/relation.ts";
import { planned } from "../../clauses/statement.ts";
import { factValue, parentAlters } from "../inheritance.ts";
import { attributeSet, ceases } from "../../../../common/statement.ts";

/** True for a generated column. */
export function isGenerated(column: Column): boolean {
  return column.facts.generated !== undefined;
}

/** `GENERATED ALWAYS AS (a + b) STORED` */
export function generatedClause(generated: Generated): string {
  const kind = generated.kind.toUpperCase();
  return `GENERATED ALWAYS AS (${inBrackets(generated.expression)}) ${kind}`;
}

/** What it takes to change how a column is generated. */
export function generatedChange(
  before: Column,
  after: Column,
  context: PostgresContext,
): "none" | "set" | "drop" | "replace" {
  const was = before.facts.generated;
  const is = after.facts.generated;
  if (sameJson(was, is)) return "none";
  if (parentAlters(context, after.id, factValue("generated"))) return "none";
  if (was === undefined || (is !== undefined && was.kind !== is.kind)) return "replace";
  if (is === undefined) return was.kind === "stored" && majorOf(context) >= 13 ? "drop" : "replace";
  return majorOf(context) >= 17 ? "set" : "replace";
}

/** DROP EXPRESSION: the column keeps its values and is an ordinary one. */
export function dropExpression(after: Column): PlannedStatement {
  return planned(
    after,
    `${alterRelation(after)} ALTER COLUMN ${ident(lastName(after.name))} DROP EXPRESSION`,
    ceases(after, "generated"),
    {
      reversible: "column-order",
      failsOn: `values of ${after.name} that its expression does not give`,
    },
  );
}

/** SET EXPRESSION. */
export function setExpression(after: Column): PlannedStatement {
  const generated = after.facts.generated;
  return planned(
    after,
    `${alterRelation(after)} ALTER COLUMN ${ident(lastName(after.name))} SET EXPRESSION AS (${
      inBrackets(generated?.expression ?? "")
    })`,
    attributeSet(after, "expression"),
    generated?.kind === "stored" ? { rewrites: relationName(after) } : {},
  );
}

/** The former expression of a generated column that becomes an ordinary one and so is recreated; null where it cannot be used. */
export function formerExpression(column: Column, context: PostgresContext): string | null {
  const before = columnOf(context.from, column.id);
  if (before === undefined || context.action(column.id) !== "replace") return null;
  const was = before.facts.generated;
  if (was === undefined || column.facts.generated !== undefined) return null;
  if (before.dependsOn.some((need) => isDropped(need, context))) return null;
  return `(${inBrackets(was.expression)})`;
}

/** True for a generated column that stays generated or is dropped; from one that becomes an ordinary one the values are copied. */
export function staysGenerated(column: Column, { to }: PostgresContext): boolean {
  const after = columnOf(to, column.id);
  return isGenerated(column) && (after === undefined || isGenerated(after));
}

/** True for a dropped column whose values are generated again where they are still wanted: nothing is lost with it. */
export function isDerived(column: Column, context: PostgresContext): boolean {
  const after = columnOf(context.to, column.id);
  return isGenerated(column) &&
    (after === undefined || isGenerated(after) || formerExpression(after, context) !== null);
}
