/** `fk-validates-existing-rows`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld, validatedReference } from "./alarms.ts";

/** A foreign key looks at all rows while writes to both tables wait. */
export const fkValidatesExistingRows: Rule = {
  code: "fk-validates-existing-rows",
  title: "A foreign key looks at all rows while writes to both tables wait",
  why: "ADD FOREIGN KEY holds its locks on both tables until every row was looked up.",
  instead:
    "Add it NOT VALID, and VALIDATE CONSTRAINT in a later migration; on MySQL use an online schema change.",
  severity: "warning",
  engines: ["postgres", "mysql", "mariadb"],
  bad: [{
    setup:
      "CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);",
    sql: "ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id);",
  }],
  good: [{
    setup:
      "CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);",
    sql:
      "ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;",
  }],
  check: (migration) =>
    alarmsOnOld(
      migration,
      ({ operation, table }) =>
        validatedReference(operation) === null
          ? null
          : `All rows of ${table.name} are looked up while writes to it and to ${
            validatedReference(operation)
          } wait`,
    ),
};
