/** What rows without a value get when their column must have one. */

import { answerFlag } from "../../../../../choice_flags.ts";
import type { ChoiceOption, PlannedStatement, SchemaObject } from "../../../../../schema.ts";
import type { PlanContext } from "../../../../object_kind.ts";
import { passing } from "../../../../planner/passing.ts";
import { lastName } from "../../../names.ts";
import { ident, literal, reference } from "../../../quote.ts";
import { columnIn, flag, relationName, relationOf } from "../../clauses/relation.ts";
import { planned, text, texts } from "../../clauses/statement.ts";
import { keysOf } from "../key/index_kind.ts";
import { changingRows } from "../replica_identity.ts";
import { isGenerated } from "./generated.ts";
import { type Referred, referredColumn, referredValue } from "./referred_value.ts";

/**
 * How the rows without a value are filled: not at all, with the column's default, with a value, by an expression over the row, with
 * numbers, or with keys of another table, each once among the rows that have the same values `within` some columns.
 */
export type Filling =
  | { readonly by: "fail" }
  | { readonly by: "default" }
  | { readonly by: "numbers" }
  | { readonly by: "keys"; readonly of: Referred; readonly within: readonly string[] }
  | { readonly by: "value"; readonly expression: string }
  | { readonly by: "expression"; readonly expression: string };

/** Asks how the rows of a column that becomes NOT NULL are filled, and takes the fallback where nobody answers. */
export function filling(column: SchemaObject, context: PlanContext): Filling {
  // Nobody but the server writes to a generated column, and the rows of a foreign table are not here.
  const isForeign = column.parent?.startsWith("foreign table:") === true;
  if (isGenerated(column) || isForeign) return { by: "fail" };
  const id = `fill:${column.name}`;
  const value = context.to.objects.get(`default:${column.name}`);
  const hasDefault = value !== undefined &&
    value.needs.every((need) => need === column.id || context.from.objects.has(need));
  const isNew = !context.from.objects.has(column.id);
  const usual: Filling | null = hasDefault ? { by: "default" } : usualFilling(column, context);
  const sample = (hasDefault ? text(value, "expression") : null) ??
    (usual !== null && "expression" in usual ? usual.expression : null) ??
    usualValue(baseType(text(column, "type") ?? "", context), context) ?? "EXPRESSION";
  const usualOption: ChoiceOption[] = usual === null ? [] : [{
    id: "default",
    label: `They get ${words(usual)}`,
    flag: answerFlag(id, "default"),
  }];
  const answer = context.choose({
    id,
    kind: "data",
    question: isNew
      ? `Column ${column.name} is new and must have a value: which one do the rows that exist get?`
      : `Column ${column.name} must have a value from now on: what do the rows without one get?`,
    evidence: { column: column.name, type: column.facts.type ?? null, default: hasDefault },
    options: [
      {
        id: "fail",
        label: isNew
          ? "None: the server refuses when the table has rows"
          : "None: the server refuses when a row has no value",
        flag: answerFlag(id, "fail"),
      },
      ...usualOption,
      {
        id: "expression",
        label: "They get the value of an expression over the row",
        flag: answerFlag(id, "expression", sample),
        takesExpression: true,
      },
    ],
    fallback: hasDefault || (usual !== null && context.hints.wayBack === true) ? "default" : "fail",
  });
  if (answer?.option === "expression") {
    return { by: "expression", expression: answer.expression ?? "NULL" };
  }
  return answer?.option === "default" && usual !== null ? usual : { by: "fail" };
}

/** UPDATE for the rows without a value, or nothing. */
export function fillStatements(
  column: SchemaObject,
  how: Filling,
  isNew: boolean,
  context: PlanContext,
): readonly PlannedStatement[] {
  if (how.by === "fail") return [];
  return changingRows("update", column, fillStatement(column, how, isNew), context);
}

function fillStatement(
  column: SchemaObject,
  how: Exclude<Filling, { readonly by: "fail" }>,
  isNew: boolean,
): PlannedStatement {
  const name = ident(lastName(column.name));
  const table = relationOf(column);
  const why = flag(column, "not_null")
    ? `Rows without a value of ${column.name} get one before it is NOT NULL`
    : `Rows get their values of ${column.name}`;
  if (how.by === "numbers") {
    const rows = isNew ? "" : ` AND t.${name} IS NULL`;
    const highest = isNew ? "" : ` + (SELECT coalesce(max(${name}), 0) FROM ${table})`;
    return planned(
      column,
      `UPDATE ${table} t SET ${name} = r.number${highest} FROM (SELECT ctid, row_number() OVER () AS number FROM ${table}) r WHERE t.ctid = r.ctid${rows}`,
      why,
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
      why,
    );
  }
  const value = how.by === "default" ? "DEFAULT" : how.expression;
  const rows = isNew ? "" : ` WHERE ${name} IS NULL`;
  return planned(column, `UPDATE ${table} SET ${name} = ${value}${rows}`, why);
}

/** What stands for nothing in the column's type, or differs from row to row where it must; null when there is no such thing. */
function usualFilling(column: SchemaObject, context: PlanContext): Filling | null {
  const type = baseType(text(column, "type") ?? "", context);
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
  const checks = checksOn(column, context);
  const isColumn = (name: string) => name === lastName(column.name) || name === "VALUE";
  return { by: "value", expression: passing(value, checks, isColumn) };
}

/** The conditions of the table's checks that name the column, and of its domain. */
function checksOn(column: SchemaObject, context: PlanContext): readonly string[] {
  const name = lastName(column.name);
  const domain = domainOf(text(column, "type") ?? "", context);
  return [
    ...context.members(context.to, column.parent ?? "").filter((member) =>
      text(member, "type") === "check" && texts(member, "columns").includes(name)
    ),
    ...domain === undefined ? [] : context.members(context.to, domain.id),
  ].map((check) =>
    (text(check, "definition") ?? "").replace(/^CHECK /, "").replace(/ NO INHERIT$/, "")
  );
}

function usualValue(type: string, context: PlanContext): string | null {
  if (type.endsWith("[]")) return "'{}'";
  if (NUMBERS.has(type)) return "0";
  const id = type.includes(".") ? `enum:${type}` : `enum:public.${type}`;
  const labels = context.to.objects.get(id)?.facts.labels;
  if (Array.isArray(labels)) return labels.length === 0 ? null : literal(String(labels[0]));
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
function demands(column: SchemaObject, context: PlanContext) {
  const name = lastName(column.name);
  let key: readonly string[] | null = null;
  let refers = false;
  for (const member of context.members(context.to, column.parent ?? "")) {
    if (member.kind === "constraint") {
      const columns = texts(member, "columns");
      const type = text(member, "type");
      if (type === "foreign key" && columns.includes(name)) refers = true;
      if (type === "primary key" || type === "unique") {
        if (tellsApart(column, columns, context)) key ??= columns;
      }
    } else if (member.kind === "index" && flag(member, "unique")) {
      const columns = keysOf(member);
      if (tellsApart(column, columns, context)) key ??= columns;
    }
  }
  return { key, refers };
}

/**
 * True for the column of a key by which rows must differ: the only one, or on a way back one of those that come back without their
 * values, unless another stays NULL.
 */
function tellsApart(column: SchemaObject, key: readonly string[], context: PlanContext): boolean {
  if (!key.includes(lastName(column.name))) return false;
  if (key.length === 1) return true;
  if (context.hints.wayBack !== true) return false;
  const fresh = context.members(context.to, column.parent ?? "").filter(({ id, kind, name }) =>
    kind === "column" && key.includes(lastName(name)) && !context.from.objects.has(id) &&
    !context.to.objects.has(`default:${name}`)
  );
  if (fresh.some((one) => !flag(one, "not_null"))) return false;
  const isNumber = (one: SchemaObject) => NUMBERS.has(baseType(text(one, "type") ?? "", context));
  return (fresh.find(isNumber) ?? fresh[0])?.id === column.id;
}

/** The type without its modifier, domains taken down to what they stand on. */
function baseType(type: string, context: PlanContext): string {
  const base = domainOf(type, context)?.facts.type;
  return typeof base === "string" ? baseType(base, context) : type.replace(/\([^)]*\)/, "");
}

function domainOf(type: string, { to }: PlanContext): SchemaObject | undefined {
  const name = type.replace(/\([^)]*\)/, "");
  return to.objects.get(name.includes(".") ? `domain:${name}` : `domain:public.${name}`);
}

function words(filling: Filling): string {
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
