/** What was proven, and where. */

import type { Change } from "./change.ts";
import type { NewData } from "./observation.ts";

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
  /** What became of rows in the tables; absent where none were put in. */
  readonly rows?: RowsProof;
}

/** A run of a migration: there, back, and there again. */
export type Direction = "up" | "down" | "again";

/** What became of the rows that stood in the tables before UP. */
export interface RowsProof {
  /** Tables that the migration can touch, and those around them. */
  readonly tables: number;
  /** Those of them that had rows. */
  readonly seeded: number;
  /** Those of them whose rows came through, up and down. */
  readonly kept: number;
  /** Rows and values that are gone without a word of the migration. */
  readonly lost: readonly RowFinding[];
  /** Values, counters and other things that are not what they were, without a word of the migration. */
  readonly altered: readonly RowFinding[];
  /** What the rows do not let through, although it works without them. */
  readonly refused: readonly RowRefusal[];
  /** Tables without rows, and why. */
  readonly uncovered: readonly { readonly table: string; readonly reason: string }[];
  /** Losses that the migration says, in words. */
  readonly declared: readonly string[];
  /** Rows written after UP with which DOWN fails, or which it does not keep. */
  readonly newData: readonly NewDataVerdict[];
  /** Files of the project that put rows in. */
  readonly seeds: number;
  /** The project's own checks that did not hold. */
  readonly checks: readonly FailedCheck[];
}

/** Something that a migration did to rows and did not say. */
export interface RowFinding {
  /** The same for the same thing, however much of it was touched. */
  readonly key: string;
  readonly direction: Direction;
  /** What it happened to: a table, a counter, another object. */
  readonly table: string;
  /** Null where it is about whole rows. */
  readonly column: string | null;
  /** A value as an example; null for NULL and for none. */
  readonly before: string | null;
  readonly after: string | null;
  /** `the rows of table public.accounts: 3 before, none after` */
  readonly text: string;
  readonly kind: "lost" | "altered";
  /** True where the change that is wanted implies it, so that it is enough to say it. */
  readonly implied: boolean;
  /** True for what a statement may say of itself. */
  readonly canBeSaid: boolean;
  /** The statement that did it; null where none was found. */
  readonly statement: RanStatement | null;
}

/** A statement of a script that was run. */
export interface RanStatement {
  /** From 1, in its direction. */
  readonly number: number;
  readonly sql: string;
}

/** A statement that fails because of rows. */
export interface RowRefusal {
  readonly direction: Direction;
  readonly statement: number;
  readonly sql: string;
  readonly message: string;
  /** What else the server said: as a rule the row. */
  readonly detail: string | null;
  /** Ids of the choices that settle it. */
  readonly choices: readonly string[];
}

/** What becomes of something that is written between UP and DOWN. */
export interface NewDataVerdict extends Pick<NewData, "table" | "column" | "kind" | "value"> {
  /** Whether DOWN fails on it or gives it up. */
  readonly fate: "refused" | "lost";
  /** What the server said, or what is left of it. */
  readonly message: string;
  /** The statement of DOWN that fails; absent for `lost`. */
  readonly refusedBy?: string;
  /** True where the migration says already that DOWN fails on such. */
  readonly isTold: boolean;
}

/** A check of the project that does not hold. */
export interface FailedCheck {
  readonly name: string;
  readonly when: "before" | "up" | "down";
  readonly expected: string;
  readonly found: string;
}
