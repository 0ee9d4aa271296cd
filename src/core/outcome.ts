/** How a command of aim ended. A "no" is a result, not an exception. */

import type { SourceFile } from "../formats/format.ts";
import type { Usage } from "../models/model.ts";
import type { Change } from "./change.ts";
import type { Choice } from "./choice.ts";
import type { ExpansionPhase } from "./expansion.ts";
import type { Finding } from "./finding.ts";
import type { DataMigration } from "./data_migration.ts";
import type { Estimate } from "./estimate.ts";
import type { OnlineTool } from "./online_tool.ts";
import type { Draft } from "./plan.ts";
import type { MeasuredStatement } from "./measured.ts";
import type { Direction, FailedCheck, Proof, RowFinding } from "./proof.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Place } from "./statement.ts";

/** What `aim diff` found. */
export interface DiffOutcome {
  readonly outcome: "in-sync" | "differs";
  /** From the replayed history to schema.sql. */
  readonly changes: readonly Change[];
  /** Unified diff of the canonical DDL. */
  readonly text: string;
  /** True when only the order of columns differs (and `column_order` ignores it). */
  readonly columnOrderOnly: boolean;
  /** `public.users`: tables whose columns stand in another order. */
  readonly reordered: readonly string[];
  readonly findings: readonly Finding[];
  readonly runtime: string;
  readonly version: string;
  readonly notes: readonly string[];
}

/** What `aim generate` made. */
export interface GenerateOutcome {
  readonly outcome: "in-sync" | "proven" | "unproven" | "undecided";
  readonly changes: readonly Change[];
  readonly draft: Draft | null;
  readonly proof: Proof | null;
  readonly choices: readonly Choice[];
  readonly findings: readonly Finding[];
  /** Files written, or that `--dry-run` would write. */
  readonly files: readonly SourceFile[];
  /** False with `--dry-run`. */
  readonly written: boolean;
  /** The command that applies it. */
  readonly next: string | null;
  /** Statements that move rows on the way, and what holds of the rows; absent where there are none. */
  readonly data?: DataMigration;
  readonly usage: Usage;
  /** What lint says of the new migrations; absent where it was not asked for. */
  readonly linted?: readonly LintedMigration[];
  /** Present when a model was asked, or would have been. */
  readonly model?: ModelReport;
  readonly notes: readonly string[];
}

/** What a model had to do with an outcome. */
export interface ModelReport {
  readonly name: string;
  /** Versions of the prompts that were used: `decide-1`. */
  readonly prompts: readonly string[];
  /** Answers that it gave. */
  readonly attempts: number;
  /** Why it ended without a proof; null when it did not. */
  readonly stop: string | null;
  /** The same in a sentence. */
  readonly message: string | null;
  /** With `--show-prompt`: what would be sent; null when nothing would. */
  readonly preview?: string | null;
}

/** How one migration of a history fared. */
export interface MigrationVerdict {
  readonly version: string;
  readonly name: string;
  readonly up: "ok" | "error";
  readonly down: "exact" | "column-order" | "differs" | "missing" | "error";
  readonly again: "ok" | "error" | "differs" | "not-run";
  /** What is wrong, with file and line; empty when nothing is. */
  readonly detail: string;
  /** Where it fails, when it is refused. */
  readonly place?: Place;
  /** What became of rows that stood in the tables; absent where none were put in. */
  readonly rows?: RowsVerdict;
}

/** What a migration of a history did to rows. */
export interface RowsVerdict {
  /** `none`: no table had a row. `refused`: it works without rows alone. `lost`, `altered`: without saying so. */
  readonly state: "none" | "kept" | "refused" | "lost" | "altered" | "check-failed";
  /** Which direction the rows do not let through, and what the server says. */
  readonly refused?: { readonly direction: Direction; readonly message: string };
  readonly lost: readonly RowFinding[];
  readonly altered: readonly RowFinding[];
  /** Checks of the project that held before it and do not after it. */
  readonly checks?: readonly FailedCheck[];
}

/** What `aim validate` found. */
export interface ValidateOutcome {
  readonly outcome: "valid" | "invalid";
  readonly migrations: readonly MigrationVerdict[];
  readonly schema: "in-sync" | "differs" | "none";
  /** From the replayed history to schema.sql. */
  readonly changes: readonly Change[];
  readonly text: string;
  readonly findings: readonly Finding[];
  readonly runtime: string;
  readonly version: string;
  readonly statements: number;
  /** How many migrations before those were only applied. */
  readonly earlier: number;
  readonly notes: readonly string[];
  /** Those of the findings that lint has; absent where it was not asked for. */
  readonly dangers?: readonly Finding[];
}

/** What all the above were made from, for callers of the library. */
export interface States {
  readonly history: Snapshot;
  readonly schema: Snapshot;
}

/** A statement of a linted migration. */
export interface LintedStatement {
  readonly sql: string;
  readonly place: Place;
  readonly measured: MeasuredStatement | null;
  /** What the server said against it; null when it took it. */
  readonly failure: string | null;
  /** How long it takes on the tables of production; absent where their sizes are not known, or do not matter. */
  readonly estimates?: readonly Estimate[];
  /** Programs that make the change while others write, where the table is large and the statement copies it. */
  readonly tools?: readonly OnlineTool[];
}

/** A migration and what was found in it. */
export interface LintedMigration {
  readonly version: string;
  readonly name: string;
  readonly statements: readonly LintedStatement[];
  readonly findings: readonly Finding[];
}

/** A statement of a runbook. */
export interface RunbookStep extends LintedStatement {
  readonly findings: readonly Finding[];
  /** How many statements before it stay when it stops. */
  readonly kept: number;
  /** The ways on and back from there; absent where nothing stays, or the migration does not run. */
  readonly stop?: Stop;
}

/** A migration that stopped between two statements, and what leads on and back from there, tried. */
export interface Stop {
  /** Whether the other statements, run in a new session, lead to the same end. */
  readonly resumes: boolean;
  /** Statements that lead to the state before; null where none that lose nothing were found. */
  readonly back: readonly string[] | null;
}

/** What `aim runbook` says of a migration. */
export interface RunbookOutcome {
  readonly outcome: "ok";
  readonly version: string;
  readonly name: string;
  readonly steps: readonly RunbookStep[];
  /** Phases of expansions that it holds. */
  readonly phases: readonly ExpansionPhase[];
  /** Statements of DOWN; empty without one. */
  readonly down: readonly string[];
  /** What UP does where it has run already: it leaves the same, changes something again, or fails. */
  readonly twice: { readonly state: "same" | "other" } | {
    readonly state: "fails";
    /** From 1. */
    readonly statement: number;
    readonly message: string;
  };
  readonly verdict: MigrationVerdict["down"];
  /** The command that applies it. */
  readonly apply: string | null;
  readonly runtime: string;
  /** Version of the server. */
  readonly server: string;
  readonly notes: readonly string[];
}

/** What `aim lint` found. */
export interface LintOutcome {
  readonly outcome: "safe" | "dangerous";
  readonly migrations: readonly LintedMigration[];
  /** Of all migrations. */
  readonly findings: readonly Finding[];
  /** Null where no migration was to be linted. */
  readonly runtime: string | null;
  readonly version: string | null;
  readonly notes: readonly string[];
}
