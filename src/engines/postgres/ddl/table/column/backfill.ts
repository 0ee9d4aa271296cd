/** What rows without a value get when their column must have one. */

import type { PlannedStatement } from "../../../../../core/statement.ts";
import { lastName } from "../../../names.ts";
import { type Column, defaultOf, objectOf, type PostgresContext } from "../../../objects.ts";
import { ident, literal, reference } from "../../../quote.ts";
import { columnIn, relationName, relationOf } from "../../clauses/relation.ts";
import { planned } from "../../clauses/statement.ts";
import { bareBaseType } from "../../type/resolve_domain.ts";
import { keysOf } from "../key/index_columns.ts";
import { withReplicaIdentity } from "../replica_identity.ts";
import { withoutTriggers } from "../without_triggers.ts";
import { isGenerated } from "./generated.ts";
import { passingValue } from "./passing_value.ts";
import { type Referred, referredColumn, referredValue } from "./referred_value.ts";
import { askBackfill } from "../../../../common/data_choice.ts";
import type { Reason } from "../../../../../core/reason.ts";
import { subjectOf } from "../../../../common/statement.ts";

/**
 * What rows without a value get: nothing, the column's default, with a value, by an expression over the row, with
 * numbers, or keys of another table, each once among the rows that have the same values `within` some columns.
 */
export type Backfill =
  | { readonly by: "fail" }
  | { readonly by: "default" }
  | { readonly by: "numbers" }
  | { readonly by: "keys"; readonly of: Referred; readonly within: readonly string[] }
  | { readonly by: "value"; readonly expression: string }
  | { readonly by: "expression"; readonly expression: string };

/** Asks how the rows of a column that becomes NOT NULL are filled; not at all while that is open. */
export function chooseBackfill(column: Column, context: PostgresContext): Backfill {
  // Nobody but the server writes to a generated column, and the rows of a foreign table are not here.
  const isForeign = column.parent?.startsWith("foreign table:") === true;
  if (isGenerated(column) || isForeign) return { by: "fail" };
  const value = defaultOf(context.to, column);
  const hasDefault = value !== undefined &&
    value.dependsOn.every((need) => need === column.id || context.from.objects.has(need));
  const isNew = !context.from.objects.has(column.id);
  const usual: Backfill | null = hasDefault ? { by: "default" } : usualBackfill(column, context);
  const sample = (hasDefault ? value.facts.expression : undefined) ??
    (usual !== null && "expression" in usual ? usual.expression : null) ??
    usualValue(bareBaseType(column.facts.type, context), context) ?? "EXPRESSION";
  const answer = askBackfill({
    column,
    isNew,
    evidence: { column: column.name, type: column.facts.type ?? null, default: hasDefault },
    usual: usual === null ? null : described(usual),
    sample,
    isAssumed: hasDefault || (usual !== null && context.hints.isDown === true),
  }, context);
  if (answer?.option === "expression") {
    return { by: "expression", expression: answer.expression ?? "NULL" };
  }
  return answer?.option === "default" && usual !== null ? usual : { by: "fail" };
}

/** UPDATE for the rows without a value, or nothing. */
export function backfillStatements(
  column: Column,
  how: Backfill,
  isNew: boolean,
  context: PostgresContext,
): readonly PlannedStatement[] {
  if (how.by === "fail") return [];
  return withoutTriggers(
    column,
    withReplicaIdentity("update", column, backfillStatement(column, how, isNew), context),
    context,
  );
}

function backfillStatement(
  column: Column,
  how: Exclude<Backfill, { readonly by: "fail" }>,
  isNew: boolean,
): PlannedStatement {
  const name = ident(lastName(column.name));
  const table = relationOf(column);
  const isOne = how.by === "value" || how.by === "expression";
  const reason: Reason = {
    action: "backfill",
    object: subjectOf(column),
    value: isOne ? how.expression : how.by === "default" ? "its default" : null,
  };
  if (how.by === "numbers") {
    const rows = isNew ? "" : ` AND t.${name} IS NULL`;
    const highest = isNew ? "" : ` + (SELECT coalesce(max(${name}), 0) FROM ${table})`;
    return planned(
      column,
      `UPDATE ${table} t SET ${name} = r.number${highest} FROM (SELECT ctid, row_number() OVER () AS number FROM ${table}) r WHERE t.ctid = r.ctid${rows}`,
      reason,
    );
  }
  if (how.by === "keys") {
    const key = ident(how.of.column);
    const groups = how.within.length === 0
      ? ""
      : `PARTITION BY ${how.within.map(ident).join(", ")}`;
    return planned(
      column,
      `UPDATE ${table} t SET ${name} = k.key FROM (SELECT ctid, row_number() OVER (${groups}) AS number FROM ${table}) r, (SELECT ${key} AS key, row_number() OVER (ORDER BY ${key}) AS number FROM ${
        reference(how.of.table)
      }) k WHERE t.ctid = r.ctid AND r.number = k.number`,
      reason,
    );
  }
  const value = how.by === "default" ? "DEFAULT" : how.expression;
  const rows = isNew ? "" : ` WHERE ${name} IS NULL`;
  return planned(column, `UPDATE ${table} SET ${name} = ${value}${rows}`, reason);
}

/** The empty value of the column's type, or one that differs from row to row where it must; null when there is none. */
function usualBackfill(column: Column, context: PostgresContext): Backfill | null {
  const type = bareBaseType(column.facts.type, context);
  const { key, refers } = demands(column, context);
  if (refers && key !== null) {
    const of = referredColumn(column, context);
    const within = key.filter((name) =>
      context.from.objects.has(columnIn(relationName(column), name))
    );
    return of === null ? null : { by: "keys", of, within };
  }
  if (refers) {
    const value = referredValue(column, context);
    return value === null ? null : { by: "expression", expression: value };
  }
  if (key !== null) {
    const isNew = !context.from.objects.has(column.id);
    if (NUMBERS.has(type) || (isNew && SHORT_TEXTS.has(type))) return { by: "numbers" };
    if (type === "uuid") return { by: "expression", expression: "gen_random_uuid()" };
    return type === "text" ? { by: "expression", expression: "gen_random_uuid()::text" } : null;
  }
  const value = usualValue(type, context);
  if (value === null) return null;
  return { by: "value", expression: passingValue(column, value, context) };
}

function usualValue(type: string, context: PostgresContext): string | null {
  if (type.endsWith("[]")) return "'{}'";
  if (NUMBERS.has(type)) return "0";
  const id = type.includes(".") ? `enum:${type}` : `enum:public.${type}`;
  const enumeration = objectOf(context.to, id, "enum");
  if (enumeration !== undefined) {
    // A label that the plan adds cannot be used in the same transaction.
    const labels = enumeration.facts.labels ?? [];
    const known = objectOf(context.from, id, "enum")?.facts.labels ?? labels;
    const label = labels.find((one) => known.includes(one)) ?? labels[0];
    return label === undefined ? null : literal(label);
  }
  return VALUES[type] ?? null;
}

const NUMBERS: ReadonlySet<string> = new Set(
  ["smallint", "integer", "bigint", "numeric", "real", "double precision", "money"],
);

/** Types of texts that may be too short for a UUID, and take a number. */
const SHORT_TEXTS: ReadonlySet<string> = new Set(["character varying", "character"]);

const VALUES: Readonly<Record<string, string>> = {
  text: "''",
  "character varying": "''",
  character: "''",
  citext: "''",
  bytea: "''",
  boolean: "false",
  uuid: "'00000000-0000-0000-0000-000000000000'",
  date: "'1970-01-01'",
  "timestamp without time zone": "'1970-01-01'",
  "timestamp with time zone": "'1970-01-01 00:00:00+00'",
  "time without time zone": "'00:00'",
  "time with time zone": "'00:00+00'",
  interval: "'0'",
  json: "'{}'",
  jsonb: "'{}'",
  inet: "'0.0.0.0'",
  cidr: "'0.0.0.0'",
  tsvector: "''",
  int4range: "'empty'",
  int8range: "'empty'",
  numrange: "'empty'",
  daterange: "'empty'",
  tsrange: "'empty'",
  tstzrange: "'empty'",
};

/** The key for whose sake a column must differ from row to row, null when it need not; and whether it must be found in another table. */
function demands(column: Column, context: PostgresContext) {
  const name = lastName(column.name);
  let key: readonly string[] | null = null;
  let refers = false;
  for (const member of context.members(context.to, column.parent ?? "")) {
    if (member.kind === "constraint") {
      const columns = member.facts.columns ?? [];
      const type = member.facts.type;
      if (type === "foreign key" && columns.includes(name)) refers = true;
      if (type === "primary key" || type === "unique") {
        if (mustDiffer(column, columns, context)) key ??= columns;
      }
    } else if (member.kind === "index" && member.facts.unique === true) {
      const columns = keysOf(member);
      if (mustDiffer(column, columns, context)) key ??= columns;
    }
  }
  return { key, refers };
}

/**
 * True for the column of a key by which rows must differ: the only one, or on the way down one of those that are added again without their
 * values, unless another stays NULL.
 */
function mustDiffer(column: Column, key: readonly string[], context: PostgresContext): boolean {
  if (!key.includes(lastName(column.name))) return false;
  if (key.length === 1) return true;
  if (context.hints.isDown !== true) return false;
  const fresh = context.members(context.to, column.parent ?? "").filter((member) =>
    member.kind === "column"
  ).filter(({ id, name }) =>
    key.includes(lastName(name)) && !context.from.objects.has(id) &&
    !context.to.objects.has(`default:${name}`)
  );
  if (fresh.some((one) => one.facts.not_null !== true)) return false;
  const isNumber = (one: Column) => NUMBERS.has(bareBaseType(one.facts.type, context));
  return (fresh.find(isNumber) ?? fresh[0])?.id === column.id;
}

function described(filling: Backfill): string {
  switch (filling.by) {
    case "default":
      return "the column's default";
    case "numbers":
      return "numbers from 1 on";
    case "keys":
      return `keys of ${filling.of.table}`;
    case "fail":
      return "none";
    default:
      return filling.expression;
  }
}
