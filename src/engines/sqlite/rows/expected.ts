/** What a schema that is ahead asks of the rows of a table. */

import { DatabaseError } from "../../../core/error.ts";
import { objectId, type SchemaObject, type Snapshot } from "../../../core/snapshot.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { affinityOf } from "../ddl/affinity.ts";
import { checkFacts, isKey, isUniqueIndex, keyFacts } from "../ddl/member.ts";
import { factsOf } from "../facts.ts";
import { fold, tokenize } from "../tokens.ts";
import { always } from "./names.ts";
import type { Rule, SeedColumn, SeedTable } from "./tables.ts";

/** The schema after a change, as far as a table is concerned. */
export interface Expected {
  /** The type that a column is to have; undefined where it stays, or goes. */
  typeOf(column: SeedColumn): string | undefined;
  isRequired(column: SeedColumn): boolean;
  /** Checks that speak of a column. */
  rules(column: SeedColumn): readonly Rule[];
  /** What the rows that are there break, or null. What speaks of a column that is not there yet is broken by nothing. */
  broken(database: ScratchDatabase): Promise<string | null>;
}

/** Nothing is ahead. */
export const NOTHING_EXPECTED: Expected = {
  typeOf: () => undefined,
  isRequired: () => false,
  rules: () => [],
  broken: () => Promise.resolve(null),
};

/** What a snapshot asks of a table; nothing where it does not hold it. */
export function expectedOf(table: SeedTable, { objects }: Snapshot): Expected {
  const facts = (column: SeedColumn) => {
    const object = objects.get(objectId("column", `${fold(table.name)}.${fold(column.name)}`));
    return object === undefined ? undefined : factsOf(object, "column");
  };
  const isStrict = (id: string) => objects.get(id)?.facts.strict === true;
  const typeOf = (column: SeedColumn) => {
    const later = facts(column);
    if (later === undefined) return undefined;
    const type = later.type ?? "";
    return type === column.type && isStrict(table.id) === column.isStrict ? undefined : type;
  };
  const source = sourceOf(table, typeOf);
  const members = [...objects.values()].filter(({ parent }) => parent === table.id);
  const checks = members.flatMap((object) => checksOf(object, source));
  const rules = members.flatMap(ruleOf);
  return {
    typeOf,
    isRequired: (column) => facts(column)?.not_null === true,
    rules: (column) => rules.filter(({ columns }) => columns.has(fold(column.name))),
    broken: (database) => brokenCheck(database, checks),
  };
}

function ruleOf(object: SchemaObject): readonly Rule[] {
  const text = checkFacts(object)?.expression;
  if (text === undefined) return [];
  const tokens = tokenize(text);
  const columns = new Set(tokens.map(({ value }) => fold(value)));
  return [{ kind: "check", name: null, text, tokens, columns }];
}

/** The rows as they will be: a number in a text is more than 9 only as a number. */
function sourceOf(table: SeedTable, typeOf: Expected["typeOf"]): string {
  const types = table.columns.map(typeOf);
  if (types.every((type) => type === undefined || type === "")) return always(table.name);
  const values = table.columns.map(({ name }, at) => {
    const type = types[at] ?? "";
    return type === ""
      ? always(name)
      : `CAST(${always(name)} AS ${affinityOf(type)}) AS ${always(name)}`;
  });
  return `(SELECT ${values.join(", ")} FROM ${always(table.name)})`;
}

/** SQL that gives a row where a rule is broken. */
interface Check {
  readonly rule: string;
  readonly sql: string;
}

function checksOf(object: SchemaObject, source: string): readonly Check[] {
  const check = checkFacts(object);
  if (check !== null) {
    const rule = check.expression;
    return [{ rule, sql: `SELECT 1 FROM ${source} WHERE NOT (${rule}) LIMIT 1` }];
  }
  const isUnique = isUniqueIndex(object);
  if (!isUnique && !isKey(object)) return [];
  const terms = isUnique ? factsOf(object, "index").columns : keyFacts(object)?.columns ?? [];
  const where = isUnique ? factsOf(object, "index").where : undefined;
  const parts = terms.map((term) => term.replace(/ DESC$/, ""));
  const conditions = [
    ...parts.map((part) => `(${part}) IS NOT NULL`),
    ...where === undefined ? [] : [`(${where})`],
  ];
  return [{
    rule: parts.join(", "),
    sql: `SELECT 1 FROM ${source} WHERE ${conditions.join(" AND ")}
      GROUP BY ${parts.join(", ")} HAVING count(*) > 1 LIMIT 1`,
  }];
}

async function brokenCheck(
  database: ScratchDatabase,
  checks: readonly Check[],
): Promise<string | null> {
  for (const { rule, sql } of checks) {
    try {
      if ((await database.query(sql)).length > 0) return rule;
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
  return null;
}

/** True for what a database answers, and false for what ended it. */
export function isRefusal(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && error.name !== "EngineEndedError";
}
