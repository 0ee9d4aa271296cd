/** What existing rows get where a column asks for a value that they may not have, or have in another type. */

import type { SchemaObject } from "../../../schema.ts";
import { valueQuestion } from "../../common/value_candidates.ts";
import type { PlanContext } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";
import { quote } from "../quote.ts";
import { affinityOf } from "./affinity.ts";
import { dataChoice } from "./data_choice.ts";
import { checkFacts, localName } from "./member.ts";
import { referredValue } from "./referred_value.ts";
import { columnsOf } from "./render.ts";

/** A column that must not be NULL. */
export interface BackfillInput {
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
export function backfill(input: BackfillInput, context: PlanContext): string | null {
  const { column, isNew, distinct } = input;
  const facts = factsOf(column, "column");
  const value = distinct
    ? null
    : (isNew ? referredValue(column, context) : null) ?? passingValue(column, context);
  const rows = isNew ? "Rows that exist" : "Rows without one";
  const hasDefault = value !== null && value === facts.default;
  const answer = context.choose(dataChoice({
    id: `fill:${column.name}`,
    question: isNew
      ? `Column ${column.name} is new and must have a value: which one do the rows that exist get?`
      : `Column ${column.name} must have a value from now on: what do the rows without one get?`,
    evidence: {
      column: column.name,
      type: facts.type ?? null,
      default: facts.default ?? null,
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
  const { type: from } = factsOf(before, "column");
  const { type: to } = factsOf(after, "column");
  const table = context.to.objects.get(after.parent ?? "");
  const strict = table !== undefined && factsOf(table, "table").strict === true;
  const same = strict
    ? from === to || to === "ANY"
    : affinityOf(from) === affinityOf(to) || affinityOf(to) === "BLOB";
  if (same) return null;
  const answer = context.choose(dataChoice({
    id: `convert:${after.name}`,
    question: `How do the values of ${after.name} become ${to ?? "untyped"}?`,
    evidence: { column: after.name, from: from ?? null, to: to ?? null },
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
    .flatMap((member) => checkFacts(member)?.expression ?? []);
  const usual = usualValue(column);
  const { type } = factsOf(column, "column");
  const columns = columnsOf(context.members(context.to, column.parent ?? ""));
  const question = valueQuestion({
    id: `fill:${column.name}`,
    usual,
    checks,
    test: (value, check) => {
      const typed = type === undefined ? value : `CAST(${value} AS ${type})`;
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
  const { default: value, type } = factsOf(column, "column");
  if (value !== undefined && value !== "NULL") return value;
  switch (affinityOf(type)) {
    case "TEXT":
      return "''";
    case "BLOB":
      return type === undefined || type === "ANY" ? "''" : "x''";
    default:
      return "0";
  }
}
