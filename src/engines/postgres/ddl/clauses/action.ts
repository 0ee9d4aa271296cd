/** Whether a plan makes an object or takes it away; what is replaced is both. */

import type { PostgresContext } from "../../objects.ts";

/** True for an object that is made in this plan. */
export function isCreated(id: string, context: PostgresContext): boolean {
  return ["create", "replace"].includes(context.fate(id));
}

/** True for an object that is taken away in this plan. */
export function isDropped(id: string, context: PostgresContext): boolean {
  return ["drop", "replace"].includes(context.fate(id));
}

/** True for an object that is there before, during and after this plan. */
export function isKept(id: string, context: PostgresContext): boolean {
  return ["keep", "alter"].includes(context.fate(id));
}
