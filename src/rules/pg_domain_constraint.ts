/** `pg-domain-constraint`. */

import type { Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";

/** A constraint of a domain looks at every table that uses it. */
export const pgDomainConstraint: Rule = {
  code: "pg-domain-constraint",
  title: "A constraint of a domain looks at every table that uses it",
  why: "Writes to all those tables wait until all their rows were looked at.",
  instead: "ADD CONSTRAINT ... NOT VALID, then VALIDATE CONSTRAINT in a later migration.",
  severity: "warning",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE DOMAIN d AS int; CREATE TABLE t (x d);",
    sql: "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0);",
  }],
  good: [{
    setup: "CREATE DOMAIN d AS int; CREATE TABLE t (x d);",
    sql: "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID;",
  }],
  check: (migration) =>
    alarms(
      migration,
      ({ operation: { action, kind, on, constraint }, isNew }) =>
        kind === "domain" && !isNew &&
          (action === "set-not-null" ||
            (action === "add-constraint" && constraint?.isUnvalidated === false))
          ? `Every table with a column of ${on} is read while writes to it wait`
          : null,
    ),
};
