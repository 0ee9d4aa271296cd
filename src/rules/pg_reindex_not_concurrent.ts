/** `pg-reindex-not-concurrent`. */

import type { Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";

/** An index is rebuilt while its table waits. */
export const pgReindexNotConcurrent: Rule = {
  code: "pg-reindex-not-concurrent",
  title: "An index is rebuilt while its table waits",
  why: "REINDEX blocks writes to the table and reads that would use the index.",
  instead: "REINDEX ... CONCURRENTLY, outside of a transaction.",
  severity: "warning",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY); CREATE INDEX i ON t (id);",
    sql: "REINDEX INDEX i;",
  }],
  good: [{
    setup: "CREATE TABLE t (id int PRIMARY KEY); CREATE INDEX i ON t (id);",
    sql: "REINDEX INDEX CONCURRENTLY i;",
    outside: true,
  }],
  check: (migration) =>
    alarms(
      migration,
      ({ operation: { action, isConcurrent, on }, isNew }) =>
        action === "reindex" && isConcurrent !== true && !isNew
          ? `${on} is rebuilt while writes wait`
          : null,
    ),
};
