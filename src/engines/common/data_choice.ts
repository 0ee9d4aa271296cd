/** Questions about rows, worded once for all dialects: what rows get that lack a value, are equal, or are of another type. */

import type { Answer, Choice, ChoiceOption } from "../../core/choice.ts";
import type { Facts, SchemaObject } from "../../core/snapshot.ts";
import type { PlanContext } from "../object_kind.ts";

/** A question about rows, with its options. */
export interface DataQuestion {
  readonly id: string;
  readonly question: string;
  readonly evidence: Facts;
  readonly options: readonly ChoiceOption[];
  /** Id of the option that holds when nobody answers; null leaves the plan open. */
  readonly fallback: string | null;
}

/** Asks a question about rows; the answer in force, which is the fallback where nobody answers. */
export function askAboutRows(question: DataQuestion, context: PlanContext): Answer | null {
  const choice: Omit<Choice, "answer"> = { ...question, kind: "data" };
  return context.choose(choice);
}

/** What existing rows can get when their column is to be NOT NULL. */
export interface BackfillQuestion {
  readonly column: SchemaObject;
  /** True when the table does not have the column yet. */
  readonly isNew: boolean;
  readonly evidence: Facts;
  /** The usual value, in words or SQL; null where there is none. */
  readonly usual: string | null;
  /** An expression that fits the column. */
  readonly sample?: string;
  /** True where the usual value holds when nobody answers. */
  readonly isAssumed: boolean;
}

/** Asks what rows without a value get: `default` for the usual value, `expression`, or `fail`. */
export function askBackfill(question: BackfillQuestion, context: PlanContext): Answer | null {
  const { column, isNew, evidence, usual, sample, isAssumed } = question;
  const rows = isNew ? "Existing rows" : "Rows without a value";
  return askAboutRows({
    id: `fill:${column.name}`,
    question: isNew
      ? `Column ${column.name} is created NOT NULL: which value do existing rows get?`
      : `Column ${column.name} becomes NOT NULL: which value do rows without one get?`,
    evidence,
    options: [
      {
        id: "fail",
        label: isNew
          ? "None: the migration fails when the table has rows"
          : "None: the migration fails when a row has no value",
      },
      ...usual === null ? [] : [{ id: "default", label: `${rows} get ${usual}` }],
      {
        id: "expression",
        label: `${rows} get the value of an expression over the old row`,
        takesExpression: true,
        ...sample === undefined ? {} : { sample },
      },
    ],
    fallback: isAssumed ? "default" : "fail",
  }, context);
}

/** Rows that a key or a unique index is to tell apart. */
export interface DuplicatesQuestion {
  /** The key or the index. */
  readonly object: SchemaObject;
  readonly table: string;
  readonly columns: readonly string[];
  /** False where duplicates cannot be told apart, and so not be deleted. */
  readonly canDelete: boolean;
}

/** Asks what becomes of rows that are equal in columns which are to be unique: `fail`, or `delete` for all but the first. */
export function askDuplicates(question: DuplicatesQuestion, context: PlanContext): Answer | null {
  const { object, table, columns, canDelete } = question;
  return askAboutRows({
    id: `unique:${object.name}`,
    question: `Rows of ${table} may be equal in ${
      columns.join(", ")
    }, which become unique: what is done with duplicates?`,
    evidence: { table, columns },
    options: [
      { id: "fail", label: "The migration fails when there are duplicates" },
      ...canDelete ? [{ id: "delete", label: "Keep the first row and delete its duplicates" }] : [],
    ],
    fallback: "fail",
  }, context);
}

/** Values of a column that get another type. */
export interface ConversionQuestion {
  readonly column: SchemaObject;
  /** Null for none. */
  readonly from: string | null;
  readonly to: string | null;
  /** True where values may be too long for the new type. */
  readonly isNarrowed?: boolean;
  /** What is done when nobody answers; null where only an expression will do. */
  readonly usual: ChoiceOption | null;
  /** An expression that fits. */
  readonly sample?: string;
}

/** Asks how values are converted: as is usual, or by an `expression` over the old row. */
export function askConversion(question: ConversionQuestion, context: PlanContext): Answer | null {
  const { column, from, to, isNarrowed, usual, sample } = question;
  return askAboutRows({
    id: `convert:${column.name}`,
    question: isNarrowed === true
      ? `Values of ${column.name} may not fit into ${to}: how are they shortened?`
      : `How are the values of ${column.name} converted to ${to ?? "no type"}?`,
    evidence: { column: column.name, from, to },
    options: [
      ...usual === null ? [] : [usual],
      {
        id: "expression",
        label: "Convert them by an expression over the old row",
        takesExpression: true,
        ...sample === undefined ? {} : { sample },
      },
    ],
    fallback: usual?.id ?? null,
  }, context);
}
