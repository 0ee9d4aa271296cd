/** `pg-detach-partition-not-concurrent`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";

/** A partition is detached while the whole table waits. */
export const pgDetachPartitionNotConcurrent: Rule = {
  code: "pg-detach-partition-not-concurrent",
  title: "A partition is detached while the whole table waits",
  why: "DETACH PARTITION takes ACCESS EXCLUSIVE on the partitioned table.",
  instead: "DETACH PARTITION ... CONCURRENTLY (Postgres 14 and later), outside of a transaction.",
  severity: "warning",
  engines: ["postgres"],
  bad: [{
    setup:
      "CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE TABLE c PARTITION OF p FOR VALUES IN (1);",
    sql: "ALTER TABLE p DETACH PARTITION c;",
  }],
  good: [{
    setup:
      "CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE TABLE c PARTITION OF p FOR VALUES IN (1);",
    sql: "ALTER TABLE p DETACH PARTITION c CONCURRENTLY;",
    outside: true,
  }],
  check: (migration) =>
    alarmsOnOld(
      migration,
      ({ operation, table }) =>
        operation.action === "detach-partition" && operation.isConcurrent !== true
          ? `Reads and writes of ${table.name} wait while ${operation.name} is detached`
          : null,
    ),
};
