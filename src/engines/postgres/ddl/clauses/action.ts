/** Whether a plan makes an object or takes it away; what is replaced is both. */

import type { PlanContext } from "../../../object_kind.ts";

/** True for an object that is made in this plan. */
export function arrives(id: string, context: PlanContext): boolean {
  return ["create", "replace"].includes(context.fate(id));
}

/** True for an object that is taken away in this plan. */
export function goes(id: string, context: PlanContext): boolean {
  return ["drop", "replace"].includes(context.fate(id));
}

/** True for an object that is there before, during and after this plan. */
export function stays(id: string, context: PlanContext): boolean {
  return ["keep", "alter"].includes(context.fate(id));
}
