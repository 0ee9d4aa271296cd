/** What a schema that is ahead asks of the rows of a table, which the server does not look after yet. */

import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { quote, quoteList } from "../quote.ts";
import { type Broken, isRefusal } from "./fill.ts";
import type { SeedTable } from "./tables.ts";

/** A test of the rows that are there; what speaks of a column that is not there yet is broken by nothing. */
export function brokenAhead(database: ScratchDatabase, { name, rules, keys }: SeedTable): Broken {
  const queries = [
    ...rules.filter((rule) => rule.text !== "" && rule.name !== "partition").map(({ text }) => ({
      rule: text,
      sql: `SELECT 1 FROM ${quote(name)} WHERE NOT (${text}) LIMIT 1`,
    })),
    ...keys.filter((key) => !key.includes("")).map((key) => ({
      rule: key.map((column) => `'${column}'`).join(", "),
      sql: `SELECT 1 FROM ${quote(name)} WHERE ${
        key.map((column) => `${quote(column)} IS NOT NULL`).join(" AND ")
      } GROUP BY ${quoteList(key)} HAVING count(*) > 1 LIMIT 1`,
    })),
  ];
  return async () => {
    for (const { rule, sql } of queries) {
      try {
        if ((await database.query(sql)).length > 0) return rule;
      } catch (error) {
        if (!isRefusal(error)) throw error;
      }
    }
    return null;
  };
}
