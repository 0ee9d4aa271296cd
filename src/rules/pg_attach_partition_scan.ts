/** `pg-attach-partition-scan`. */

import type { Rule } from "./rule.ts";
import { alarms } from "./alarms.ts";

/** A table is read whole to become a partition. */
export const pgAttachPartitionScan: Rule = {
  code: "pg-attach-partition-scan",
  title: "A table is read whole to become a partition",
  why:
    "ATTACH PARTITION looks at every row, under ACCESS EXCLUSIVE on the new partition and on a DEFAULT one, unless a validated check implies the bound.",
  instead:
    "Add a CHECK that implies the bound NOT VALID, validate it in a migration before, and drop it afterwards.",
  severity: "warning",
  engines: ["postgres"],
  bad: [{
    setup: "CREATE TABLE p (id int) PARTITION BY RANGE (id); CREATE TABLE c (id int);",
    sql: "ALTER TABLE p ATTACH PARTITION c FOR VALUES FROM (1) TO (10);",
  }],
  good: [{
    setup:
      "CREATE TABLE p (id int) PARTITION BY RANGE (id); CREATE TABLE c (id int NOT NULL CHECK (id >= 1 AND id < 10));",
    sql: "ALTER TABLE p ATTACH PARTITION c FOR VALUES FROM (1) TO (10);",
  }],
  check: (migration) =>
    alarms(
      migration,
      ({ statement, operation: { action, name } }) =>
        action === "attach-partition" && (statement.measured?.scans.length ?? 0) > 0
          ? `${statement.measured?.scans.join(", ")} is read whole before ${name} is attached`
          : null,
    ),
};
