/** `pg-enum-value-ordering`. */

import type { Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";

/** A new enum value says not where it stands. */
export const pgEnumValueOrdering: Rule = {
  code: "pg-enum-value-ordering",
  title: "A new enum value says not where it stands",
  why: "It goes behind all others, which ORDER BY, <, min and max follow.",
  instead: "ADD VALUE ... BEFORE or AFTER another.",
  severity: "info",
  engines: ["postgres"],
  bad: [{ setup: "CREATE TYPE mood AS ENUM ('sad');", sql: "ALTER TYPE mood ADD VALUE 'ok';" }],
  good: [{
    setup: "CREATE TYPE mood AS ENUM ('sad');",
    sql: "ALTER TYPE mood ADD VALUE 'ok' AFTER 'sad';",
  }],
  check: (migration) =>
    alarms(
      migration,
      ({ operation: { action, on, name, isPlaced }, isNew }) =>
        action === "add-value" && !isNew && isPlaced !== true
          ? `'${name}' goes behind all other values of ${on}`
          : null,
    ),
};
