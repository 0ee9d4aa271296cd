/** A schema of MySQL or MariaDB as data. */

import type { Part } from "../views.ts";

/** What it is computed from: a column of the same table, and how. */
export interface Generated {
  from: string;
  /** With `$` for the column. */
  expression: string;
  stored: boolean;
}

export interface Column {
  name: string;
  type: string;
  notNull: boolean;
  default: string | null;
  /** ON UPDATE CURRENT_TIMESTAMP, of the default's precision. */
  touched: boolean;
  collation: string | null;
  generated: Generated | null;
  invisible: boolean;
  comment: string | null;
  /** The CHECK that is a part of the column, with `$` for it (MariaDB). */
  check: string | null;
  /** The name before an edit. */
  was: string | null;
}

export interface IndexPart {
  column: string;
  /** With `$` for the column; for a functional part. */
  expression: string | null;
  descending: boolean;
}

export interface Index {
  name: string;
  kind: "" | "UNIQUE" | "FULLTEXT" | "SPATIAL";
  parts: IndexPart[];
  using: string | null;
  hidden: boolean;
  comment: string | null;
  parser: string | null;
}

export interface Check {
  name: string;
  column: string;
  /** With `$` for the column. */
  expression: string;
  enforced: boolean;
}

export interface ForeignKey {
  /** Null for one that the server names. */
  name: string | null;
  column: string;
  table: string;
  action: string;
}

export interface Partitioning {
  /** `HASH`, `RANGE COLUMNS`, `SYSTEM_TIME`; partitions have numbers where they are only counted. */
  method: string;
  /** Numbers: upper ends, values or names, as the method wants. */
  parts: number[];
  /** The last one takes all that is left. */
  rest: boolean;
  subpartitions: number;
}

export interface Table {
  name: string;
  /** The type of its key. */
  id: string;
  counts: boolean;
  /** A column beside `id` in the primary key. */
  secondKey: string | null;
  columns: Column[];
  indexes: Index[];
  checks: Check[];
  foreignKeys: ForeignKey[];
  engine: string;
  comment: string | null;
  collation: string;
  /** Options as they stand, by their first word. */
  options: Record<string, string>;
  partitioning: Partitioning | null;
  /** MariaDB: WITH SYSTEM VERSIONING. */
  versioned: boolean;
  was: string | null;
}

export interface View {
  name: string;
  parts: Part[];
  /** A condition on the first column of the first part, with `$` for it. */
  where: string | null;
  check: string | null;
  algorithm: string | null;
  invoker: boolean;
  grouped: boolean;
  /** A function of one number that stands in a column of its own. */
  calls: string | null;
}

export interface Trigger {
  name: string;
  table: string;
  timing: string;
  event: string;
  /** A column that it reads or sets, and a table that it reads. */
  column: string;
  value: number;
  reads: string | null;
}

export interface Routine {
  name: string;
  kind: "PROCEDURE" | "FUNCTION";
  value: number;
  type: string;
  attributes: string[];
  reads: string | null;
}

export interface Event {
  name: string;
  schedule: string;
  attributes: string[];
  table: string | null;
}

export interface Sequence {
  name: string;
  options: string;
}

/** A schema; `printModel` writes it. */
export interface Model {
  tables: Table[];
  views: View[];
  triggers: Trigger[];
  routines: Routine[];
  events: Event[];
  sequences: Sequence[];
}

/** A number column, whatever it is for. */
export function isNumber({ type }: Pick<Column, "type">): boolean {
  return /^(?:tinyint|smallint|int|bigint|decimal|double)/.test(type);
}

/** A column of characters. */
export function isText({ type }: Pick<Column, "type">): boolean {
  return /^(?:varchar|char|text|mediumtext)/.test(type);
}

/** A column whose index needs the length of a prefix. */
export function isLong({ type }: Pick<Column, "type">): boolean {
  return /text|blob/.test(type);
}

export function isSpatial({ type }: Pick<Column, "type">): boolean {
  return /^(?:point|geometry|polygon)/.test(type);
}
