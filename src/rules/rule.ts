/** A danger of migrations: one file each, with why it is one, what to do instead, and examples that are its tests. */

import type { MeasuredStatement } from "../core/measured.ts";
import type { Operation } from "../core/operation.ts";
import type { Policy } from "../core/policy.ts";
import type { TableShape } from "../core/shape.ts";
import type { Place } from "../core/statement.ts";

/** A statement of a migration that was run, or tried, on a scratch database. */
export interface ExaminedStatement {
  readonly sql: string;
  /** From 0. */
  readonly index: number;
  readonly place: Place;
  readonly operations: readonly Operation[];
  /** Null where nothing was seen: it failed, or was not reached. */
  readonly measured: MeasuredStatement | null;
  /** What the server said against it; null when it took it. */
  readonly failure: string | null;
  /** True where it failed although it does not on empty tables. */
  readonly isRefusedByRows: boolean;
  /** Number of the transaction that it runs in; null where it has none but its own. */
  readonly transaction: number | null;
}

/** Values that a change of type did not keep. */
export interface LostValues {
  /** Name of the table, and of its column. */
  readonly table: string;
  readonly column: string;
  /** Index of the statement that did it, as far as its text tells. */
  readonly index: number;
  /** One of the values before and after, as text. */
  readonly from: string;
  readonly to: string | null;
}

/** What two runs of the migration at once ended in. */
export interface Deadlock {
  /** Index of the statement at which one stood, and of that of the other. */
  readonly index: number;
  readonly other: number;
}

/** A migration as rules see it. */
export interface Examined {
  readonly dialect: string;
  /** What the server calls itself, where a dialect has several families. */
  readonly family: string;
  /** The deployed major version; null where the settings name none. */
  readonly version: number | null;
  readonly statements: readonly ExaminedStatement[];
  /** Tables before and after; of a migration that failed, those where it stopped. */
  readonly before: readonly TableShape[];
  readonly after: readonly TableShape[];
  readonly losses: readonly LostValues[];
  /** Of two sessions that ran it at once, where the server has two. */
  readonly deadlocks: readonly Deadlock[];
  /** What the team wants besides. */
  readonly policy: Policy;
  readonly hasDown: boolean;
  /** True where the runner begins and ends a transaction around all statements. */
  readonly isWrapped: boolean;
  /** A name of the statement, as the catalog compares names. */
  nameKey(name: string): string;
}

/** What a rule found at a statement. */
export interface Alarm {
  readonly statement: ExaminedStatement;
  /** One sentence without a full stop, about this very statement. */
  readonly message: string;
  /** Name of the object that it is about. */
  readonly object?: string;
}

/** SQL that a rule speaks of, on a schema with rows. */
export interface RuleExample {
  /** Run before, as a migration of its own. */
  readonly setup: string;
  readonly sql: string;
  /** Outside of a transaction, a statement at a time. */
  readonly outside?: true;
  /** What `[policy]` asks for; nothing when absent. */
  readonly policy?: Partial<Policy>;
  /** DOWN of the migration; it has none when absent. */
  readonly down?: string;
}

/** The contract of a rule: one file and one line in `mod.ts`. */
export interface Rule {
  /** Stable: `drop-column`. */
  readonly code: string;
  /** What it finds, in a sentence. */
  readonly title: string;
  /** What goes wrong, in sentences. */
  readonly why: string;
  /** What to do, in sentences; may show SQL. */
  readonly instead: string;
  readonly severity: "error" | "warning" | "info";
  /** True for a rule that is only used where the settings ask for it. */
  readonly isOptional?: true;
  readonly engines: readonly string[];
  readonly bad: readonly RuleExample[];
  readonly good: readonly RuleExample[];
  check(migration: Examined): readonly Alarm[];
}
