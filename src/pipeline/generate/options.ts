/** What a run of `aim generate` is told. */

import type { Answer, Choice, Rename } from "../../core/choice.ts";
import type { DataMigration } from "../../core/data_migration.ts";
import type { Model } from "../../models/model.ts";

/** How choices are settled and what is done with the result. */
export interface GenerateOptions {
  /** Name of the migration; from its changes when absent. */
  readonly name?: string;
  /** Prove but do not write. */
  readonly dryRun: boolean;
  /** Stated answers by choice id. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** Who said that no row is in the way of a change, so that choices about rows count as answered; absent where nobody did. */
  readonly assumeEmpty?: Answer["by"];
  /** Stated renames. */
  readonly renames: readonly Rename[];
  /** What an unanswered rename becomes: drop and add, a question, or the end with outcome `undecided`. */
  readonly onAmbiguity: "drop-add" | "ask" | "fail";
  /** Asks the user; gives answers by choice id, or null to leave them open. Needed for `ask`. */
  readonly ask?: (choices: readonly Choice[]) => Promise<ReadonlyMap<string, Answer> | null>;
  /** Opens the model that does what the planner cannot; absent for the planner alone. */
  readonly openModel?: () => Promise<Model>;
  /** Drop everything when the schema is empty and the history is not; an error when absent. */
  readonly allowEmptySchema?: boolean;
  /** Statements that move rows on the way. */
  readonly data?: DataMigration;
  /** What rows are to move, in words, for a model to write the statements. */
  readonly move?: string;
  /** Say what would be sent to the model, send nothing and write nothing. */
  readonly showPrompt?: boolean;
  /** Lint what is proven, whether it is written or not. */
  readonly lint?: boolean;
}

/** True for a run that writes what it proves. */
export function writes({ dryRun, showPrompt }: GenerateOptions): boolean {
  return !dryRun && !showPrompt;
}
