/** `fk-may-fail`. */

import type { Rule } from "./rule.ts";
import { refusedRebuilds } from "./refused_rebuilds.ts";
import { alarmsOnOld, validatedReference } from "./alarms.ts";

/** A foreign key is added although rows may refer to nothing. */
export const fkMayFail: Rule = {
  code: "fk-may-fail",
  title: "A foreign key is added although rows may refer to nothing",
  why: "One row without its counterpart makes the statement fail.",
  instead:
    "Look for such rows first; on Postgres add the key NOT VALID and validate it in a later migration.",
  severity: "warning",
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{
    setup:
      "CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);",
    sql: "ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id);",
  }],
  good: [{
    setup:
      "CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);",
    sql: "ALTER TABLE orders ADD COLUMN buyer bigint REFERENCES users (id);",
  }],
  check: (migration) => [
    ...alarmsOnOld(
      migration,
      ({ operation, table }) =>
        validatedReference(operation) === null
          ? null
          : `Rows of ${table.name} may refer to rows that ${
            validatedReference(operation)
          } does not have`,
    ),
    ...refusedRebuilds(migration, /^FOREIGN KEY constraint/, "may refer to nothing"),
  ],
};
