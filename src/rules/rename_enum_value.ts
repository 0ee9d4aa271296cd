/** `rename-enum-value`. */

import type { Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";

/** A value of an enum is renamed. */
export const renameEnumValue: Rule = {
  code: "rename-enum-value",
  title: "A value of an enum is renamed",
  why: "Code that writes or compares with the old value fails until the new release is everywhere.",
  instead: "Add the new value, write it, change the rows, and let the old one be.",
  severity: "warning",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TYPE status AS ENUM ('done');",
    sql: "ALTER TYPE status RENAME VALUE 'done' TO 'completed';",
  }],
  good: [{
    setup: "CREATE TYPE status AS ENUM ('done');",
    sql: "ALTER TYPE status ADD VALUE 'failed' AFTER 'done';",
  }],
  check: (migration) =>
    alarms(
      migration,
      ({ operation: { action, on, name, newName }, isNew }) =>
        action === "rename-value" && !isNew
          ? `Code that uses '${name}' of ${on} fails until it is deployed with '${newName}'`
          : null,
    ),
};
