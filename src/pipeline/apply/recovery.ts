/** What is known of a run that stopped, and what is decided about it. */

import type { LiveRunOutcome, PlannedRun } from "../../core/live_run.ts";
import type { Statement } from "../../core/statement.ts";
import type { Migration, Script } from "../../formats/format.ts";
import type { ApprovalTerms } from "../approvals.ts";
import type { LiveAddress, OpenLive } from "../live/open_live.ts";
import type { ReadBooks } from "../live/read_books.ts";
import type { Project } from "../project.ts";
import type { Sources } from "../sources.ts";
import type { OpenWriter } from "./live_runs.ts";
import type { Patience } from "./live_script.ts";

/** How it is finished. */
export interface RecoverOptions extends Patience {
  readonly checks: readonly string[];
  /** The statement that it goes on with, from 1, where the user has looked himself; null to find out. */
  readonly from: number | null;
  /** Take back what is there, in place of going on. */
  readonly isBack: boolean;
  /** Take it back also where rows are lost. */
  readonly allowLoss: boolean;
  readonly terms: ApprovalTerms;
  /** Whether that is to be done, asked once it was shown. */
  agrees(what: string, database: string): Promise<boolean>;
  /** Whether these statements are to be run, asked once they were shown. */
  agreesTo(plan: readonly PlannedRun[], database: string): Promise<boolean>;
}

/** What is worked on. */
export interface Recovery {
  /** The project as approvals are checked on it: on the engine of the settings, not that of the live database. */
  readonly given: Project;
  readonly project: Project;
  readonly address: LiveAddress;
  readonly opened: OpenLive;
  readonly writer: OpenWriter;
  readonly sources: Sources;
  readonly read: ReadBooks;
  readonly options: RecoverOptions;
}

/** The script that stopped. */
export interface Stopped {
  readonly migration: Migration;
  readonly direction: "up" | "down";
  readonly script: Script;
  readonly statements: readonly Statement[];
  /** Migrations that were applied before it ran, in order. */
  readonly before: readonly Migration[];
  /** Whether the journal knows of it, or the runner alone. */
  readonly isNoted: boolean;
}

/** What came of it. */
export type Recovered =
  & Pick<LiveRunOutcome, "outcome" | "finished" | "failed" | "left">
  & Partial<Pick<LiveRunOutcome, "refusals" | "plan" | "runtime">>;

/** Nothing was done, for nobody agreed. */
export const PLANNED: Recovered = { outcome: "planned", finished: [], failed: null, left: [] };

/** Nothing is left to do. */
export const DONE: Recovered = { outcome: "done", finished: [], failed: null, left: [] };
