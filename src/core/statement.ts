/** Statements: as a script has them, and as aim plans them. */

import type { Reason } from "./reason.ts";

/** Where a piece of SQL stands. */
export interface Place {
  /** Path as the user wrote it, or relative to the working folder. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

/** One SQL statement of a script. */
export interface Statement {
  /** Its text without surrounding blanks, leading comments and the final semicolon. */
  readonly sql: string;
  /** Offset of `sql` in the script that was split, in UTF-16 units. */
  readonly offset: number;
  /** False when the server refuses it inside a transaction block (`CREATE INDEX CONCURRENTLY`, `VACUUM`). */
  readonly transactional: boolean;
  /** Set when the statement begins or ends a transaction itself. */
  readonly control?: "begin" | "commit" | "rollback" | "savepoint";
  /**
   * Set when it leaves the same in a transaction of its own as in one with its neighbours, as most definitions do, and settings that
   * last as long as the session.
   */
  readonly batchable?: "definition" | "setting";
  /** Inline data of `COPY ... FROM stdin`, without the closing `\.`. */
  readonly copyData?: string;
  /** Set when a setting of the session decides where its strings end: a query whose `holds` is true where they end as they were cut. */
  readonly cutWhile?: string;
}

/** What going back over a statement restores. */
export type Reversible = "exact" | "column-order" | "fails-on-new-data" | "structure" | "none";

/** A statement that aim planned, with the facts that a reader, a rule and the writer want to know. */
export interface PlannedStatement {
  /** One statement without its final semicolon. */
  readonly sql: string;
  /** Ids of the objects it serves; the first is the one it is grouped under. */
  readonly serves: readonly string[];
  /** Why it is there, for `--explain`. */
  readonly reason: Reason;
  /** False when it must run outside a transaction block. */
  readonly transactional: boolean;
  /** Set, with `transactional: false`, for one that must not share a transaction with those before it, but may stand in one of its own. */
  readonly ownTransaction?: true;
  /** Set, with `transactional: false`, for one whose effect others may use once it is committed: a transaction of its own does as well as none. */
  readonly usedOnceCommitted?: true;
  /** Statements that its transaction begins with, such as a limit for waiting: written once a transaction, and not where it stands in none. */
  readonly settings?: readonly string[];
  /** Set for one that clears away what a failed run of the next one left: left out where a file is one message, which undoes itself. */
  readonly cleanup?: true;
  /** Set where what stands before it is to be a migration of its own, also where nothing else cuts them apart. */
  readonly beginsFile?: true;
  /** Set for one that is refused when it is joined with others on the same table. */
  readonly alone?: true;
  /** What it and the statements behind it are a step of, in words for the file; without a semicolon. */
  readonly comment?: string;
  /** What data it destroys, in words (`the rows of table users`); absent when none. */
  readonly destroys?: string;
  /** The relation whose rows it rewrites, where known. */
  readonly rewrites?: string;
  /** What may be written after it and its inverse cannot hold, in words (`NULLs in public.users.email`); absent when nothing. */
  readonly failsOn?: string;
  /** The same as a clause behind a column, as SQL, where the column is added in the same statement. */
  readonly inColumn?: { readonly column: string; readonly clause: string };
  /** What an inverse statement can restore; absent means `exact`. */
  readonly reversible?: Reversible;
}
