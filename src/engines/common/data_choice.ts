/** Questions about rows, worded once for all dialects: what rows get that lack a value, are equal, or are of another type. */

import { type Answer, ASSUME_EMPTY, type Choice, type ChoiceOption } from "../../core/choice.ts";
import type { Facts, SchemaObject } from "../../core/snapshot.ts";
import type { PlanContext } from "../object_kind.ts";

/** A question about rows, with its options. */
export interface DataQuestion {
  readonly id: string;
  readonly question: string;
  readonly evidence: Facts;
  readonly options: readonly ChoiceOption[];
  /** Id of the option that holds when nobody answers; null where that could make the migration fail, so that the choice stays open. */
  readonly fallback: string | null;
  /** Id of the option that `assume-empty` means. */
  readonly ifEmpty?: string;
}

/** Asks a question about rows; the answer in force, which is the fallback where nobody answers, or null while it is open. */
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

/** Asks what rows without a value get: `default` for the usual value, `expression`, or `assume-empty` where there are none. */
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
      ...usual === null ? [] : [{ id: "default", label: `${rows} get ${usual}` }],
      {
        id: "expression",
        label: `${rows} get the value of an expression over the old row`,
        takesExpression: true,
        ...sample === undefined ? {} : { sample },
      },
      {
        id: ASSUME_EMPTY,
        label: isNew
          ? "There are none: the migration fails when the table has rows"
          : "There are none: the migration fails when a row has no value",
      },
    ],
    fallback: isAssumed ? "default" : null,
    ifEmpty: ASSUME_EMPTY,
  }, context);
}

/** The first option where others destroy: who only presses Enter loses nothing. */
const NONE_THERE: ChoiceOption = {
  id: ASSUME_EMPTY,
  label: "There are none: the migration fails when it meets one",
};

/** Rows that a key or a unique index is to tell apart. */
export interface DuplicatesQuestion {
  /** The key or the index. */
  readonly object: SchemaObject;
  readonly table: string;
  readonly columns: readonly string[];
  /** False where duplicates cannot be told apart, and so not be deleted. */
  readonly canDelete: boolean;
}

/** Asks what becomes of rows that are equal in columns which are to be unique: `delete` all but the first, or `assume-empty` where there are none. */
export function askDuplicates(question: DuplicatesQuestion, context: PlanContext): Answer | null {
  const { object, table, columns, canDelete } = question;
  return askAboutRows({
    id: `unique:${object.name}`,
    question: `Rows of ${table} may be equal in ${
      columns.join(", ")
    }, which become unique: what is done with duplicates?`,
    evidence: { table, columns },
    options: [
      NONE_THERE,
      ...canDelete ? [{ id: "delete", label: "Keep the first row and delete its duplicates" }] : [],
    ],
    fallback: null,
    ifEmpty: ASSUME_EMPTY,
  }, context);
}

/** Rows that a new check, exclusion or foreign key may refuse. */
export interface RefusedQuestion {
  /** The constraint, or the domain that gets stricter. */
  readonly object: Pick<SchemaObject, "name">;
  readonly kind: "check" | "exclude" | "reference" | "rows";
  /** Whose rows they are, in words: `rows of public.users`. */
  readonly rows: string;
  /** What the rows must do: `satisfy CHECK (price >= 0)`. */
  readonly must: string;
  /** What else can be done with them than to take it that there are none. */
  readonly options: readonly ChoiceOption[];
}

/** Asks what becomes of rows that a new constraint refuses: one of the options, or `assume-empty` where there are none. */
export function askRefused(question: RefusedQuestion, context: PlanContext): Answer | null {
  const { object, kind, rows, must, options } = question;
  return askAboutRows({
    id: `${kind}:${object.name}`,
    question: `${rows.charAt(0).toUpperCase()}${
      rows.slice(1)
    } must ${must}: what becomes of those that do not?`,
    evidence: {},
    options: [NONE_THERE, ...options],
    fallback: null,
    ifEmpty: ASSUME_EMPTY,
  }, context);
}

/** Values of a column that get another type. */
export interface ConversionQuestion {
  readonly column: SchemaObject;
  /** Null for none. */
  readonly from: string | null;
  readonly to: string | null;
  /** What is done when no value is in the way; null where only an expression will do. */
  readonly usual: ChoiceOption | null;
  /** True where the usual way fails for values that the new type cannot hold, so that nobody but the user can settle it. */
  readonly mayFail: boolean;
  /** An expression that fits. */
  readonly sample?: string;
}

/** Asks how values are converted: as is usual, or by an `expression` over the old row. */
export function askConversion(question: ConversionQuestion, context: PlanContext): Answer | null {
  const { column, from, to, mayFail, usual, sample } = question;
  const expression: ChoiceOption = {
    id: "expression",
    label: "Convert them by an expression over the old row",
    takesExpression: true,
    ...sample === undefined ? {} : { sample },
  };
  return askAboutRows({
    id: `convert:${column.name}`,
    question: usual?.id === ASSUME_EMPTY
      ? `Values of ${column.name} may not fit into ${to}: what do they become?`
      : `How are the values of ${column.name} converted to ${to ?? "no type"}?`,
    evidence: { column: column.name, from, to },
    options: usual === null
      ? [expression]
      : usual.id === ASSUME_EMPTY
      ? [expression, usual]
      : [usual, expression],
    fallback: mayFail || usual === null ? null : usual.id,
    ...usual === null ? {} : { ifEmpty: usual.id },
  }, context);
}
