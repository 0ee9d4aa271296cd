/** `wide-index`. */

import type { Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";

/** An index has more than three columns. */
export const wideIndex: Rule = {
  code: "wide-index",
  title: "An index has more than three columns",
  why: "It is large, slows every write down, and queries rarely use its last columns.",
  instead: "Keep the columns that queries filter by.",
  severity: "info",
  isOptional: true,
  engines: ["postgres", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE t (a int PRIMARY KEY, b int, c int, d int);",
    sql: "CREATE INDEX i ON t (a, b, c, d);",
  }],
  good: [{
    setup: "CREATE TABLE t (a int PRIMARY KEY, b int, c int, d int);",
    sql: "CREATE UNIQUE INDEX i ON t (a, b, c, d);",
  }, {
    setup: "CREATE TABLE t (a int PRIMARY KEY, b int);",
    sql: "CREATE INDEX i ON t (a, b);",
  }],
  check: (migration) =>
    alarms(
      migration,
      ({ operation: { index, on } }) =>
        index !== undefined && !index.isUnique && index.columns.length > 3
          ? `The index on ${on} has ${index.columns.length} columns`
          : null,
    ),
};
