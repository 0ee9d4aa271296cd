/** What existing rows get where a column asks for a value that they may not have. */

import type { Choice, ChoiceOption, SchemaObject } from "../../../schema.ts";
import type { PlanContext } from "../../object_kind.ts";
import { fold } from "../tokens.ts";
import { has, localName, textOf } from "./read.ts";

/** Where the rows come from. */
export interface FillInput {
  readonly column: SchemaObject;
  /** Text of the value that rows have now; null when the column is new. */
  readonly current: string | null;
  /** True for a column of the primary key, where one value for all rows will not do. */
  readonly key: boolean;
}

/**
 * The expression for rows that have no value, or null to let the migration fail when it meets one.
 * Asks, and takes the fallback where nobody answers.
 */
export function fill(input: FillInput, context: PlanContext): string | null {
  const { column, key } = input;
  const value = key ? null : usualValue(column);
  const answer = context.choose(question(input, value, context));
  if (answer?.option === "backfill") return answer.expression ?? null;
  return answer?.option === "default" ? value : null;
}

/** The column's default, else what stands for nothing in its type. */
function usualValue(column: SchemaObject): string {
  const fallback = textOf(column.facts, "default");
  if (fallback !== null && fallback !== "NULL") return fallback;
  return EMPTY[affinity(textOf(column.facts, "type"))];
}

const EMPTY = { text: "''", number: "0", blob: "x''" } as const;

/** The rules of SQLite's manual, "Determination Of Column Affinity", as far as a literal depends on them. */
function affinity(type: string | null): keyof typeof EMPTY {
  if (type === null) return "text";
  if (type.includes("INT")) return "number";
  if (/CHAR|CLOB|TEXT/.test(type)) return "text";
  return type.includes("BLOB") ? "blob" : "number";
}

function question(
  { column, current }: FillInput,
  value: string | null,
  context: PlanContext,
): Omit<Choice, "answer"> {
  const name = column.name;
  const id = `fill:${fold(name)}`;
  const flag = (option: string) => `--answer '${`${id}=${option}`.replaceAll("'", `'\\''`)}'`;
  const options: ChoiceOption[] = [];
  if (value !== null) {
    options.push({
      id: "default",
      label: `Rows ${current === null ? "" : "with NULL "}get ${value}`,
      flag: flag("default"),
    });
  }
  options.push(
    {
      id: "backfill",
      label: `Rows ${
        current === null ? "" : "with NULL "
      }get the value of an SQL expression over the table's old columns`,
      flag: flag("backfill=EXPRESSION"),
      takesExpression: true,
    },
    {
      id: "fail",
      label: current === null
        ? "There are no rows: the migration fails when it meets one"
        : "There are no NULLs: the migration fails when it meets one",
      flag: flag("fail"),
    },
  );
  const hasDefault = has(column.facts, "notNull") && textOf(column.facts, "default") !== null &&
    textOf(column.facts, "default") !== "NULL";
  return {
    id,
    kind: "data",
    question: current === null
      ? `What do existing rows get in the new column ${name}, which must not be NULL?`
      : `What do rows get that have NULL in ${name}, which must not be NULL any more?`,
    evidence: {
      column: localName(column),
      type: textOf(column.facts, "type") ?? "",
      default: textOf(column.facts, "default"),
    },
    options,
    fallback: value !== null && (hasDefault || context.hints.wayBack === true) ? "default" : "fail",
  };
}
