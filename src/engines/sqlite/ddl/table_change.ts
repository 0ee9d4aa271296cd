/** What differs between a table and what it is to be. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import { type TableChange, tableChange as compare } from "../../common/table_change.ts";
import type { PlanContext } from "../../object_kind.ts";
import { constraintsOf } from "./render.ts";

/** Compares the members of a table that both sides have. */
export function tableChange(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): TableChange {
  return compare({ before, after }, constraintsOf, context);
}
