/** Statements that move rows while a schema changes, and what must be true of the rows afterwards. */

import type { RowCheck } from "./row_check.ts";

/** A data migration. Between making room (new tables and columns) and taking away (what is dropped, new constraints) its statements run. */
export interface DataMigration {
  /** One statement an item, without its semicolon. */
  readonly up: readonly string[];
  /** The way back; empty where nothing is moved back. */
  readonly down: readonly string[];
  /** What holds for the rows; besides the project's own checks. */
  readonly checks: readonly RowCheck[];
  readonly by: "person" | "model";
}
