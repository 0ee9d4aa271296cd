/** `drop-schema-or-database`. */

import type { Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";

/** A schema or a database is dropped with all that is in it. */
export const dropSchemaOrDatabase: Rule = {
  code: "drop-schema-or-database",
  title: "A schema or a database is dropped with all that is in it",
  why: "Everything in it is lost at once.",
  instead: "Drop its objects one by one, each when nothing uses it any more.",
  severity: "error",
  engines: ["postgres", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE SCHEMA shop; CREATE TABLE shop.a (id int);",
    sql: "DROP SCHEMA shop CASCADE;",
  }],
  good: [{ setup: "", sql: "CREATE SCHEMA shop;" }],
  check: (migration) =>
    alarms(
      migration,
      ({ operation: { action, kind, on }, isNew }) =>
        action === "drop" && !isNew && (kind === "schema" || kind === "database")
          ? `The ${kind} ${on} is dropped with all that is in it`
          : null,
    ),
};
