/** `rename-schema`. */

import type { Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";

/** A schema is renamed. */
export const renameSchema: Rule = {
  code: "rename-schema",
  title: "A schema is renamed",
  why: "Code that names the schema, and search paths, fail until the new release is everywhere.",
  instead: "Make the new schema, move objects one by one, and keep views of the old names.",
  severity: "warning",
  engines: ["postgres"],
  bad: [{ setup: "CREATE SCHEMA a;", sql: "ALTER SCHEMA a RENAME TO b;" }],
  good: [{ setup: "", sql: "CREATE SCHEMA b;" }],
  check: (migration) =>
    alarms(
      migration,
      ({ operation: { action, kind, on, newName }, isNew }) =>
        action === "rename" && kind === "schema" && !isNew
          ? `What names the schema ${on} fails until it names ${newName}`
          : null,
    ),
};
