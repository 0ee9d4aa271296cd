/** `table-rewrite`. */

import type { Rule } from "./rule.ts";

/** All rows of a table are written anew. */
export const tableRewrite: Rule = {
  code: "table-rewrite",
  title: "All rows of a table are written anew while nobody can use it",
  why:
    "The server writes the whole table and all its indexes into new files and holds an ACCESS EXCLUSIVE lock until it is done: reads wait as well as writes.",
  instead:
    "Add a new column, fill it in batches, keep both alike by a trigger, and swap them in a later release.",
  severity: "error",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TABLE orders (id int PRIMARY KEY, total int);",
    sql: "ALTER TABLE orders ALTER COLUMN total TYPE bigint;",
  }],
  good: [{
    setup: "CREATE TABLE orders (id int PRIMARY KEY, note varchar(20));",
    sql: "ALTER TABLE orders ALTER COLUMN note TYPE varchar(40);",
  }],
  check: ({ statements }) =>
    statements.flatMap((statement) => {
      const { measured, operations } = statement;
      // Emptying a table gives it a new file too, and says so itself.
      if (operations.some(({ action }) => action === "truncate" || action === "refresh")) return [];
      return (measured?.rewrites ?? []).map((object) => ({
        statement,
        object,
        message: `${object} is rewritten while reads and writes wait`,
      }));
    }),
};
