/** `pg-pk-without-using-index`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";

/** A primary key builds its index while reads and writes wait. */
export const pgPkWithoutUsingIndex: Rule = {
  code: "pg-pk-without-using-index",
  title: "A primary key builds its index while reads and writes wait",
  why:
    "ADD PRIMARY KEY holds an ACCESS EXCLUSIVE lock until the index is built, and looks at every row where a column is nullable.",
  instead:
    "CREATE UNIQUE INDEX CONCURRENTLY, make the columns NOT NULL by a validated check, then ADD PRIMARY KEY USING INDEX.",
  severity: "error",
  engines: ["postgres"],
  bad: [{ setup: "CREATE TABLE t (id integer);", sql: "ALTER TABLE t ADD PRIMARY KEY (id);" }],
  good: [{
    setup: "CREATE TABLE t (id integer NOT NULL); CREATE UNIQUE INDEX t_pk ON t (id);",
    sql: "ALTER TABLE t ADD CONSTRAINT t_pk PRIMARY KEY USING INDEX t_pk;",
  }],
  check: (migration) =>
    alarmsOnOld(
      migration,
      ({ operation, table }) =>
        (operation.constraint?.type === "primary key" && operation.constraint.index === null) ||
          operation.column?.isPrimary === true
          ? `The index of the primary key is built while reads and writes of ${table.name} wait`
          : null,
    ),
};
