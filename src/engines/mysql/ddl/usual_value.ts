/** What rows get that have no value for a column. */

import { lastName } from "../../../core/name.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import { columnsOf } from "../../common/table_change.ts";
import { valueQuestion } from "../../common/value_candidates.ts";
import type { PlanContext } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";
import { quote, quotePath } from "../quote.ts";
import { checkFacts, foreignKeyFacts, indexColumns, isUnique } from "./member.ts";

/** The column's default, what it refers to, or an empty value of its type that the checks let pass; null where none will do for all rows. */
export function usualValue(column: SchemaObject, context: PlanContext): string | null {
  const facts = factsOf(column, "column");
  if (isDistinct(column, context)) return null;
  if (facts.default !== undefined) return facts.default;
  return referredValue(column, context) ?? passing(column, context);
}

/** True where no two rows may have the same value. */
function isDistinct(column: SchemaObject, context: PlanContext): boolean {
  const name = lastName(column.name);
  return context.members(context.to, column.parent ?? "").some((member) => {
    if (!isUnique(member)) return false;
    const columns = indexColumns(member);
    return columns.length === 1 && columns[0] === name &&
      factsOf(member, "index").columns.length === 1;
  });
}

/** What the server puts into rows by itself when a column without a default is added as NOT NULL, in any mode; null where it refuses to, or puts in what cannot be. */
export function implicitValue(type: string): string | null {
  const word = /^\w+/.exec(type)?.[0] ?? "";
  if (NUMBERS.has(word)) return "0";
  if (word === "enum") return /^enum\(('(?:[^']|'')*')/.exec(type)?.[1] ?? null;
  return EMPTY.has(word) ? "''" : null;
}

const NUMBERS: ReadonlySet<string> = new Set(
  ["tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double"],
);

const EMPTY: ReadonlySet<string> = new Set(
  ("char varchar binary varbinary tinytext text mediumtext longtext tinyblob blob mediumblob longblob set")
    .split(" "),
);

/** A value of the column that a foreign key refers to. */
function referredValue(column: SchemaObject, context: PlanContext): string | null {
  const name = lastName(column.name);
  for (const member of context.members(context.to, column.parent ?? "")) {
    const reference = foreignKeyFacts(member);
    const [only, ...others] = reference?.columns ?? [];
    const [target] = reference?.references ?? [];
    if (reference === null || only !== name || others.length > 0 || target === undefined) continue;
    if (`table:${reference.table}` === column.parent) continue;
    return `(SELECT min(${quote(target)}) FROM ${quotePath(reference.table)})`;
  }
  return null;
}

/** The empty value of the type, or another one where a check refuses that. */
function passing(column: SchemaObject, context: PlanContext): string {
  const { type, check } = factsOf(column, "column");
  const usual = emptyValue(type, check);
  const members = context.members(context.to, column.parent ?? "");
  const checks = [
    ...members.flatMap((member) => checkFacts(member)?.expression ?? []),
    ...check === undefined ? [] : [check],
  ];
  const question = valueQuestion({
    id: `fill:${column.name}`,
    usual,
    others: labelsOf(type),
    checks,
    test: (value, condition) => {
      const row = columnsOf(members).map((other) =>
        `${other.id === column.id ? value : "NULL"} AS ${quote(lastName(other.name))}`
      );
      return `SELECT 1 FROM (SELECT ${
        row.join(", ")
      }) AS one_row WHERE coalesce((${condition}), 1)`;
    },
  });
  return question === null ? usual : context.passing(question);
}

function labelsOf(type: string): readonly string[] {
  if (!type.startsWith("enum(")) return [];
  return [...type.matchAll(/'(?:[^']|'')*'/g)].map(([label]) => label);
}

function emptyValue(type: string, check: string | undefined): string {
  const word = /^\w+/.exec(type)?.[0] ?? "";
  if (word === "longtext" && check?.startsWith("json_valid(") === true) return "'{}'";
  return implicitValue(type) ?? VALUES[word] ?? "''";
}

/** Values of types whose own implicit one is no value at all. */
const VALUES: Readonly<Record<string, string>> = {
  date: "'1970-01-01'",
  datetime: "'1970-01-01 00:00:00'",
  timestamp: "'1970-01-02 00:00:00'",
  time: "'00:00:00'",
  year: "1970",
  bit: "b'0'",
  json: "(json_object())",
  uuid: "'00000000-0000-0000-0000-000000000000'",
  inet4: "'0.0.0.0'",
  inet6: "'::'",
  geometry: "ST_GeomFromText('POINT(0 0)')",
  point: "ST_GeomFromText('POINT(0 0)')",
  linestring: "ST_GeomFromText('LINESTRING(0 0, 1 1)')",
  polygon: "ST_GeomFromText('POLYGON((0 0, 1 0, 1 1, 0 0))')",
  multipoint: "ST_GeomFromText('MULTIPOINT(0 0)')",
  multilinestring: "ST_GeomFromText('MULTILINESTRING((0 0, 1 1))')",
  multipolygon: "ST_GeomFromText('MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)))')",
  geometrycollection: "ST_GeomFromText('GEOMETRYCOLLECTION EMPTY')",
};
