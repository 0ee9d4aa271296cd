/** `multiple-foreign-keys`. */

import type { Rule } from "./rule.ts";
import { tableNamed, touches } from "./tables.ts";

/** One statement locks several tables that are referred to. */
export const multipleForeignKeys: Rule = {
  code: "multiple-foreign-keys",
  title: "One transaction adds foreign keys to several tables that are in use",
  why:
    "Each takes a lock on the table that it refers to and keeps it until the end: while one is waited for, writes to the others wait, and two such transactions can stop each other.",
  instead: "Add one foreign key in each migration.",
  severity: "warning",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TABLE a (id bigint PRIMARY KEY); CREATE TABLE b (id bigint PRIMARY KEY);",
    sql:
      "CREATE TABLE c (id bigint PRIMARY KEY, a_id bigint REFERENCES a, b_id bigint REFERENCES b);",
  }],
  good: [{
    setup: "CREATE TABLE a (id bigint PRIMARY KEY); CREATE TABLE b (id bigint PRIMARY KEY);",
    sql: "CREATE TABLE c (id bigint PRIMARY KEY, a_id bigint REFERENCES a, b_id bigint);",
  }],
  check: (migration) => {
    const { before, nameKey } = migration;
    const seen = new Map<string, Set<string>>();
    const said = new Set<string>();
    return touches(migration).flatMap(({ statement, operation }) => {
      const { constraint, constraints = [], column, columns = [] } = operation;
      const key = statement.transaction === null
        ? `statement ${statement.index}`
        : `transaction ${statement.transaction}`;
      const tables = seen.get(key) ?? new Set<string>();
      seen.set(key, tables);
      for (const clause of [constraint, ...constraints, column, ...columns]) {
        const table = clause?.references === undefined || clause.references === null
          ? null
          : tableNamed(before, clause.references, nameKey);
        if (table !== null) tables.add(table.name);
      }
      if (tables.size < 2 || said.has(key)) return [];
      said.add(key);
      const message = `Foreign keys lock ${[...tables].join(" and ")} at once`;
      return [{ statement, object: operation.on, message }];
    });
  },
};
