/** What existing rows get where a column asks for a value that they may not have, or have in another type. */

import type { SchemaObject } from "../../../schema.ts";
import { valueQuestion } from "../../common/value_candidates.ts";
import type { PlanContext } from "../../object_kind.ts";
import { quote } from "../quote.ts";
import { affinityOf } from "./affinity.ts";
import { dataChoice } from "./data_choice.ts";
import { has, localName, textOf } from "./read.ts";
import { referredValue } from "./referred_value.ts";

/** A column that must not be NULL. */
export interface FillInput {
  readonly column: SchemaObject;
  /** True when the table does not have it yet. */
  readonly isNew: boolean;
  /** True for a column that must differ from row to row, where one value for all rows will not do. */
  readonly distinct: boolean;
}

/**
 * The expression for rows that have no value, or null to let the migration fail when it meets one.
 * Asks, and takes the fallback where nobody answers.
 */
export function fill(input: FillInput, context: PlanContext): string | null {
  const { column, isNew, distinct } = input;
  const value = distinct
    ? null
    : (isNew ? referredValue(column, context) : null) ?? passingValue(column, context);
  const rows = isNew ? "Rows that exist" : "Rows without one";
  const hasDefault = value !== null && value === textOf(column.facts, "default");
  const answer = context.choose(dataChoice({
    id: `fill:${column.name}`,
    question: isNew
      ? `Column ${column.name} is new and must have a value: which one do the rows that exist get?`
      : `Column ${column.name} must have a value from now on: what do the rows without one get?`,
    evidence: {
      column: column.name,
      type: textOf(column.facts, "type"),
      default: textOf(column.facts, "default"),
    },
    options: [
      {
        id: "fail",
        label: isNew
          ? "None: the migration is refused when the table has rows"
          : "None: the migration is refused when a row has no value",
      },
      ...value === null ? [] : [{ id: "default", label: `${rows} get ${value}` }],
      {
        id: "expression",
        label: `${rows} get the value of an expression over the old row`,
        takesExpression: true,
      },
    ],
    fallback: hasDefault || (value !== null && context.hints.wayBack === true) ? "default" : "fail",
  }));
  if (answer?.option === "expression") return answer.expression ?? null;
  return answer?.option === "default" ? value : null;
}

/** The expression by which the values of a column get another type, or null to copy them as they are. */
export function convert(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): string | null {
  const [from, to] = [textOf(before.facts, "type"), textOf(after.facts, "type")];
  const strict = has(context.to.objects.get(after.parent ?? "")?.facts, "strict");
  const same = strict
    ? from === to || to === "ANY"
    : affinityOf(from) === affinityOf(to) || affinityOf(to) === "BLOB";
  if (same) return null;
  const answer = context.choose(dataChoice({
    id: `convert:${after.name}`,
    question: `How do the values of ${after.name} become ${to ?? "untyped"}?`,
    evidence: { column: after.name, from, to },
    options: [
      {
        id: "copy",
        label: strict
          ? "SQLite converts those that it can; the migration is refused when there are others"
          : "SQLite converts those that it can and keeps the others as they are",
      },
      {
        id: "expression",
        label: "Convert with an expression over the old row",
        takesExpression: true,
      },
    ],
    fallback: "copy",
  }));
  return answer?.option === "expression" ? answer.expression ?? null : null;
}

/** The usual value, or another one where the table's checks forbid it. */
function passingValue(column: SchemaObject, context: PlanContext): string {
  const checks = context.members(context.to, column.parent ?? "")
    .flatMap(({ facts }) =>
      textOf(facts, "type") === "check" ? textOf(facts, "expression") ?? [] : []
    );
  const usual = usualValue(column);
  const type = textOf(column.facts, "type");
  const columns = context.members(context.to, column.parent ?? "").filter(({ kind }) =>
    kind === "column"
  );
  const question = valueQuestion({
    id: `fill:${column.name}`,
    usual,
    checks,
    test: (value, check) => {
      const typed = type === null ? value : `CAST(${value} AS ${type})`;
      const row = columns.map((other) =>
        `${other.id === column.id ? typed : "NULL"} AS ${quote(localName(other))}`
      );
      return `SELECT 1 FROM (SELECT ${row.join(", ")}) WHERE coalesce((${check}), 1)`;
    },
  });
  return question === null ? usual : context.passing(question);
}

/** The column's default, else what stands for nothing in its type. */
function usualValue(column: SchemaObject): string {
  const value = textOf(column.facts, "default");
  if (value !== null && value !== "NULL") return value;
  const type = textOf(column.facts, "type");
  switch (affinityOf(type)) {
    case "TEXT":
      return "''";
    case "BLOB":
      return type === null || type === "ANY" ? "''" : "x''";
    default:
      return "0";
  }
}
