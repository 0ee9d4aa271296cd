/** What the core says while it works; only the reports in `cli/` turn it into text. */

import type { PlannedRun } from "./live_run.ts";

/** A step of the pipeline, in the order of the README. */
export type Stage =
  | "models"
  | "start"
  | "schema"
  | "history"
  | "diff"
  | "plan"
  | "model"
  | "verify"
  | "write"
  /** The schema of a live database is read. */
  | "live"
  /** What is to be run on a live database is run on a scratch database. */
  | "rehearse"
  | "apply";

/** One thing that happened. */
export type Event =
  | {
    readonly type: "stage";
    readonly stage: Stage;
    readonly state: "start";
    readonly text: string;
  }
  | {
    readonly type: "stage";
    readonly stage: Stage;
    readonly state: "done";
    /** What came out of it: `12 tables, 3 views`. */
    readonly text: string;
    readonly ms: number;
  }
  /** Progress inside a stage, from 0 to `total`. */
  | {
    readonly type: "progress";
    readonly stage: Stage;
    readonly done: number;
    readonly total: number;
    readonly text: string;
  }
  /** Something that the user should know but that stops nothing: a role was created, an object kind is not modelled. */
  | { readonly type: "note"; readonly text: string }
  | { readonly type: "statement"; readonly sql: string; readonly ms: number }
  /** What is to be run on a live database, before anybody is asked. */
  | { readonly type: "plan"; readonly plan: readonly PlannedRun[]; readonly database: string }
  /** Statements that are to be run on a live database, before anybody is asked. */
  | { readonly type: "pushed"; readonly statements: readonly string[]; readonly database: string }
  /** A turn of a model, for `-v`. */
  | { readonly type: "turn"; readonly text: string };

/** Receives events; must not throw. */
export type Emit = (event: Event) => void;
