/** Migrations that are run on a live database: what is planned, and how it came out. */

import type { MeasuredStatement } from "./measured.ts";
import type { Place } from "./statement.ts";

/** One that is to be run, as a scratch database was seen to take it. */
export interface PlannedRun {
  readonly version: string;
  readonly name: string;
  readonly file: string;
  readonly direction: "up" | "down";
  /** True where all of it, and the runner's books, is one transaction. */
  readonly isOne: boolean;
  readonly statements: readonly {
    readonly sql: string;
    readonly place: Place;
    /** Null where nothing was measured. */
    readonly measured: MeasuredStatement | null;
    /** What the made rows of the scratch database refused; null for nothing. */
    readonly refusal: string | null;
  }[];
}

/** One that was run. */
export interface FinishedRun {
  readonly version: string;
  readonly name: string;
  readonly file: string;
  readonly ms: number;
  readonly statements: readonly {
    readonly sql: string;
    readonly ms: number;
    /** How many it wrote; null where that is not counted. */
    readonly rows: number | null;
  }[];
}

/** One that did not come through. */
export interface FailedRun {
  readonly version: string;
  readonly name: string;
  readonly file: string;
  readonly message: string;
  readonly hint: string | null;
  readonly place: Place | null;
  readonly sql: string | null;
  /** Statements that are there to stay, and how many it has. */
  readonly done: number;
  readonly total: number;
  /**
   * `undone`: nothing of it is there, and the books say so. `partly`: its first statements are there, and the journal says how many.
   * `partly-back`: the same of the way back from where it had stopped. `unknown`: the connection was lost at the very end; the books say
   * which. `checked`: it is there, and a check after it failed.
   */
  readonly state: "undone" | "partly" | "partly-back" | "unknown" | "checked";
}

/** What must hold and does not. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** What became of it all. */
export interface LiveRunOutcome {
  /** `planned`: shown, and nothing was run. `refused`: something must hold first. */
  readonly outcome: "done" | "nothing" | "planned" | "refused" | "failed" | "interrupted";
  readonly direction: "up" | "down";
  readonly plan: readonly PlannedRun[];
  readonly finished: readonly FinishedRun[];
  readonly failed: FailedRun | null;
  /** `0003_add_email`: those that were not begun. */
  readonly left: readonly string[];
  readonly refusals: readonly Refusal[];
  readonly database: string;
  readonly version: string;
  readonly books: string | null;
  readonly runtime: string | null;
  readonly notes: readonly string[];
}
