/** `truncate`. */

import type { Rule } from "./rule.ts";
import { alarmsOnOld } from "./alarms.ts";

/** A table is emptied. */
export const truncate: Rule = {
  code: "truncate",
  title: "A table is emptied",
  why:
    "The rows are lost; with CASCADE those of every table that refers to it as well, and an ACCESS EXCLUSIVE lock is held on all of them.",
  instead: "Delete what is to go in batches, by its key.",
  severity: "error",
  engines: ["postgres", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE users (id integer PRIMARY KEY, email text);",
    sql: "TRUNCATE users;",
  }],
  good: [{ setup: "", sql: "CREATE TABLE scratch (id integer); TRUNCATE scratch;" }],
  check: (migration) =>
    alarmsOnOld(
      migration,
      ({ operation, table }) =>
        operation.action === "truncate"
          ? `All rows of ${table.name} are deleted${
            operation.isCascade === true ? ", and those that refer to them" : ""
          }`
          : null,
    ),
};
