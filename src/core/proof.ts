/** What was proven, and where. */

import type { Change } from "./change.ts";

/** How one direction of a proof ended. */
export type Verdict =
  | { readonly state: "exact" | "column-order" }
  | { readonly state: "differs"; readonly changes: readonly Change[] }
  | {
    readonly state: "error";
    readonly statement: number;
    readonly sql: string;
    readonly message: string;
    /** What else the server said. */
    readonly detail?: string;
    readonly hint?: string;
  }
  | { readonly state: "not-run" };

/** What was proven, where. */
export interface Proof {
  readonly runtime: string;
  readonly version: string;
  /** False where the settings ask for another version than the one that it was proven on. */
  readonly exact?: false;
  /** UP on the replayed history gives schema.sql. */
  readonly up: Verdict;
  /** DOWN gives the schema before. */
  readonly down: Verdict;
  /** UP works again after DOWN. */
  readonly again: Verdict;
}
