/** What a model says about a migration: advice, beside what was measured and never instead of it. */

import type { Place } from "./statement.ts";

/** One piece of advice. */
export interface Advice {
  /** Version and name of the migration that it is about. */
  readonly migration: string;
  /** Which statement of UP, from 1; 0 for the migration as a whole. */
  readonly statement: number;
  readonly place?: Place;
  readonly severity: "info" | "warning";
  /** One sentence. */
  readonly reason: string;
  /** What to do instead, in one sentence; empty for nothing. */
  readonly instead: string;
}
