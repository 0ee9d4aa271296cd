/** What is found about a migration besides its proof. */

import type { Place } from "./statement.ts";

/** A danger that a rule or the run found; the room for rules fills it. */
export interface Finding {
  readonly code: string;
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
  readonly hint?: string;
  readonly place?: Place;
}
