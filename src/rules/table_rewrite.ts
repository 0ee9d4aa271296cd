/** `table-rewrite`. */

import type { ExaminedStatement, Rule } from "./rule.ts";

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
  check: ({ statements, version }) =>
    statements.flatMap((statement) => {
      const { measured, operations } = statement;
      // Emptying a table gives it a new file too, and says so itself.
      if (operations.some(({ action }) => action === "truncate" || action === "refresh")) return [];
      const rewritten = new Set([...measured?.rewrites ?? [], ...byVersion(statement, version)]);
      return [...rewritten].map((object) => ({
        statement,
        object,
        message: `${object} is rewritten while reads and writes wait`,
      }));
    }),
};

/** What older servers do besides: before 11 every default is written into every row, before 12 every time gets or loses its zone. */
function byVersion(
  { operations, measured }: ExaminedStatement,
  version: number | null,
): readonly string[] {
  if (version === null || version >= 12) return [];
  const fills = version < 11 &&
    operations.some(({ action, column }) =>
      action === "add-column" && (column?.default ?? null) !== null
    );
  const shifts = operations.some(({ action, value = "" }) =>
    action === "change-type" && /^timestamp(?:tz)?(?:\(\d\))?$/.test(value)
  );
  return fills || shifts ? (measured?.locks ?? []).map(({ relation }) => relation) : [];
}
