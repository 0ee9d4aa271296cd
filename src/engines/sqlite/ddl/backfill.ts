/** What existing rows get where a column asks for a value that they may not have, or have in another type. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import { askBackfill, askConversion } from "../../common/data_choice.ts";
import { valueQuestion } from "../../common/value_candidates.ts";
import type { PlanContext } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";
import { quote } from "../quote.ts";
import { affinityOf } from "./affinity.ts";
import { checkFacts, localName } from "./member.ts";
import { referredValue } from "./referred_value.ts";
import { columnsOf } from "../../common/table_change.ts";

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
  const hasDefault = value !== null && value === facts.default;
  const answer = askBackfill({
    column,
    isNew,
    evidence: {
      column: column.name,
      type: facts.type ?? null,
      default: facts.default ?? null,
    },
    usual: value,
    isAssumed: hasDefault || (value !== null && context.hints.isDown === true),
  }, context);
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
  const answer = askConversion({
    column: after,
    from: from ?? null,
    to: to ?? null,
    mayFail: strict,
    usual: {
      id: "copy",
      label: strict
        ? "SQLite converts what it can; the migration fails when there is anything else"
        : "SQLite converts what it can and keeps the rest as it is",
    },
  }, context);
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

/** The column's default, else an empty value of its type. */
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
