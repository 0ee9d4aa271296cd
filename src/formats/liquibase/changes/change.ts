/** What a change comes to. */

import { type ChangeContext, optional, qualified, required } from "../columns.ts";
import type { Element } from "../element.ts";

/** What a change does, and what undoes it; null where Liquibase has no way back of its own. */
export interface ChangeSql {
  readonly up: readonly string[];
  readonly down: readonly string[] | null;
}

/** How one kind of change is translated. Throws UsageError, with its place, for what aim does not know of it. */
export type Translate = (change: Element, context: ChangeContext) => ChangeSql;

/** The table of a change in quotes, with its schema. */
export function tableOf(change: Element, context: ChangeContext, key = "tableName"): string {
  const schema = optional(change, key === "baseTableName" ? "baseTableSchemaName" : "schemaName");
  return qualified(required(change, key), schema, context);
}
