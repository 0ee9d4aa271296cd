/** `pg-cluster`. */

import type { Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";

/** A table is rewritten by CLUSTER. */
export const pgCluster: Rule = {
  code: "pg-cluster",
  title: "A table is rewritten by CLUSTER",
  why:
    "It holds an ACCESS EXCLUSIVE lock until the whole table was copied in the order of an index.",
  instead: "pg_repack does the same online.",
  severity: "error",
  engines: ["postgres"],
  bad: [{ setup: "CREATE TABLE t (id int PRIMARY KEY);", sql: "CLUSTER t USING t_pkey;" }],
  good: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY);",
    sql: "ALTER TABLE t CLUSTER ON t_pkey;",
  }],
  check: (migration) =>
    alarms(
      migration,
      ({ operation: { action, value, on }, isNew }) =>
        action === "rebuild" && value === "cluster" && !isNew
          ? `${
            on === "" ? "Every table that was clustered" : on
          } is rewritten while reads and writes wait`
          : null,
    ),
};
