/** Statements that close the difference, and what is known when they are planned. */

import type { Answer, Choice, Rename, ValueQuestion } from "./choice.ts";
import type { PlannedStatement, Reversible } from "./statement.ts";

/** What is known about a change besides the two snapshots. */
export interface Hints {
  /** Answers by choice id. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** Renames that a flag, an annotation, the user or a model stated; they count whether they look likely or not. */
  readonly renames: readonly Rename[];
  /** Answer every rename that nobody stated with "no": drop and add. */
  readonly dropAdd: boolean;
  /** Who said that no row is in the way of a change; absent where nobody did, and such choices stay open. */
  readonly assumeEmpty?: Answer["by"];
  /** Compare the places of columns too. */
  readonly strictOrder: boolean;
  /** Set for DOWN: rows that lost values for good get an empty value rather than make it fail. */
  readonly isDown?: boolean;
  /** Answers to the questions of a plan that was made before, by their ids. */
  readonly values?: ReadonlyMap<string, string>;
  /** Whether generated names of indexes, constraints and owned sequences count; absent: they do not. */
  readonly generatedNames?: "ignore" | "follow";
  /** Whether names of constraints and indexes count that somebody gave; as a rule they do. */
  readonly constraintNames?: "ignore" | "follow";
  /** The version that the migration must run on, where the settings name one. */
  readonly deployedVersion: string | null;
}

/** Statements in order, and the choices met on the way; a plan with an unanswered choice is not to be run. */
export interface Plan {
  readonly statements: readonly PlannedStatement[];
  readonly choices: readonly Choice[];
  /** What the database is to be asked, and `Hints.values` then tells; until then the usual values stand in the plan. */
  readonly questions?: readonly ValueQuestion[];
}

/** A plan of renames, and which stated ones it carries out. */
export interface RenamePlan extends Plan {
  readonly applied: readonly Rename[];
}

/** A migration before it is proven. */
export interface Draft {
  readonly author: "planner" | "model" | "user";
  /** Snake case, as it appears in file names: `add_email_to_users`. */
  readonly name: string;
  readonly up: readonly PlannedStatement[];
  readonly down: readonly PlannedStatement[];
  /** What DOWN restores at best, and why not more. */
  readonly reversible: Reversible;
  readonly notes: readonly string[];
}
