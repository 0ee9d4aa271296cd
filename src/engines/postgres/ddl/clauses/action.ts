/** Whether a plan creates an object or drops it; what is replaced is both. */

import type { PostgresContext } from "../../objects.ts";

/** True for an object that this plan creates. */
export function isCreated(id: string, context: PostgresContext): boolean {
  return ["create", "replace"].includes(context.fate(id));
}

/** True for an object that this plan drops. */
export function isDropped(id: string, context: PostgresContext): boolean {
  return ["drop", "replace"].includes(context.fate(id));
}

/** True for an object that is there before, during and after this plan. */
export function isKept(id: string, context: PostgresContext): boolean {
  return ["keep", "alter"].includes(context.fate(id));
}
