/** `pg-refresh-matview-blocking`. */

import type { Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";

/** A materialized view is refreshed while its readers wait. */
export const pgRefreshMatviewBlocking: Rule = {
  code: "pg-refresh-matview-blocking",
  title: "A materialized view is refreshed while its readers wait",
  why: "REFRESH holds an ACCESS EXCLUSIVE lock for as long as its query takes.",
  instead: "REFRESH MATERIALIZED VIEW CONCURRENTLY; it needs a unique index on the view.",
  severity: "warning",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TABLE t (id int); CREATE MATERIALIZED VIEW v AS SELECT id FROM t;",
    sql: "REFRESH MATERIALIZED VIEW v;",
  }, {
    setup: "CREATE TABLE t (id int); CREATE MATERIALIZED VIEW v AS SELECT id FROM t;",
    sql: "REFRESH MATERIALIZED VIEW v WITH NO DATA;",
  }],
  good: [{
    setup:
      "CREATE TABLE t (id int PRIMARY KEY); CREATE MATERIALIZED VIEW v AS SELECT id FROM t; CREATE UNIQUE INDEX ON v (id);",
    sql: "REFRESH MATERIALIZED VIEW CONCURRENTLY v;",
  }],
  check: (migration) =>
    alarms(
      migration,
      ({ operation: { action, isConcurrent, on, value }, isNew }) =>
        action !== "refresh" || isConcurrent === true || isNew
          ? null
          : value === "no data"
          ? `${on} is emptied, and whoever reads it gets an error until it is refreshed`
          : `Readers of ${on} wait for the refresh`,
    ),
};
