/** A place that uses what a change takes away. */

import type { Target } from "./target.ts";

/** One place that uses one target. */
export interface Use {
  readonly target: Target;
  /**
   * `certain`: the server prepares it before the change and refuses it after; `named`: its name is all that speaks for it.
   */
  readonly certainty: "certain" | "likely" | "named";
  /** As it is shown; empty for an object of the database. */
  readonly file: string;
  /** From 1; 0 for an object of the database. */
  readonly line: number;
  readonly column: number;
  /** `query`: SQL; `model`: a class or schema of the program; `code`: names in code; `catalog`: an object of the database; `log`: a query that ran. */
  readonly via: "query" | "model" | "code" | "catalog" | "log";
  /** Half a sentence: `the model User is that of the table users`. */
  readonly why: string;
  /** The line, without the blanks around it. */
  readonly text: string;
}

/** A statement that may use targets, to be prepared. */
export interface FoundQuery {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** With `HOLE` for expressions of the program. */
  readonly sql: string;
  readonly via: "query" | "log";
  /** What its words say that it uses, should it not be possible to prepare it. */
  readonly uses: readonly Use[];
  /** What it uses however it is prepared: its meaning changes. */
  readonly meanings: readonly Use[];
}

/** What was found in files. */
export interface FoundUses {
  readonly uses: readonly Use[];
  /** Those for which only the name speaks. */
  readonly named: readonly Use[];
  readonly queries: readonly FoundQuery[];
}

/** A file of a program. */
export interface CodeFile {
  /** As it is shown. */
  readonly path: string;
  readonly text: string;
  /** Of an SQL file or a log: its statements, with their offsets. */
  readonly statements?: readonly { readonly sql: string; readonly offset: number }[];
  readonly isLog?: true;
}

/** So many uses of one thing in one file are told. */
export const MOST_USES = 1000;
