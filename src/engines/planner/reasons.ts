/** Reasons of statements that recreate an object. */

import type { Because, Reason } from "../../core/reason.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import { subjectOf } from "../common/statement.ts";
import type { PlanContext } from "../object_kind.ts";
import type { Actions } from "./actions.ts";

/** What is dropped to be recreated is neither dropped nor created for good: says why, and that it is recreated. */
export function withCause(
  statement: PlannedStatement,
  { causes }: Actions,
  context: PlanContext,
): PlannedStatement {
  const { reason, serves: [id = ""] } = statement;
  const cause = causes.get(id);
  if (cause === undefined || context.action(id) !== "replace") return statement;
  if (reason.action !== "create" && reason.action !== "drop") return statement;
  if (reason.because !== undefined) return statement;
  return { ...statement, reason: recreating(reason, cause, context) };
}

function recreating(
  reason: Extract<Reason, { readonly action: "create" | "drop" | "recreate" | "replace" }>,
  cause: string,
  context: PlanContext,
): Reason {
  if (reason.action === "create") return { ...reason, action: "recreate" };
  return { ...reason, because: becauseOf(reason.object, cause, context) };
}

function becauseOf(
  { kind, name }: { readonly kind: string; readonly name: string },
  id: string,
  { from, to, action }: PlanContext,
): Because {
  const cause = to.objects.get(id) ?? from.objects.get(id);
  if (cause === undefined || (cause.kind === kind && cause.name === name)) {
    return { cause: "recreate" };
  }
  return { cause: "change", object: subjectOf(cause), action: HAPPENS[action(id)] };
}

/** What the plan does with the cause of a replacement. */
const HAPPENS = {
  keep: "alter",
  alter: "alter",
  create: "create",
  drop: "drop",
  replace: "recreate",
} as const;
