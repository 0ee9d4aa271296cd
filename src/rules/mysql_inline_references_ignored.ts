/** `mysql-inline-references-ignored`. */

import type { Rule } from "./rule.ts";
import { alarms, columnsOf } from "./alarms.ts";

/** A reference that older servers do not make. */
export const mysqlInlineReferencesIgnored: Rule = {
  code: "mysql-inline-references-ignored",
  title:
    "REFERENCES behind a column makes no foreign key on MySQL before 9.0 and MariaDB before 10.5",
  why:
    "Those servers read the clause and forget it: rows may refer to what is not there. Without a version in the settings yours may be one of them.",
  instead: "Write FOREIGN KEY (column) REFERENCES table (column).",
  severity: "warning",
  engines: ["mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE p (id int PRIMARY KEY);",
    sql: "CREATE TABLE c (id int PRIMARY KEY, p_id int REFERENCES p (id));",
  }],
  good: [{
    setup: "CREATE TABLE p (id int PRIMARY KEY);",
    sql: "CREATE TABLE c (id int PRIMARY KEY, p_id int, FOREIGN KEY (p_id) REFERENCES p (id));",
  }],
  check: (migration) =>
    migration.version !== null && migration.version >= 9 ? [] : alarms(
      migration,
      ({ operation }) => {
        const column = columnsOf(operation).find(({ references }) => references !== null);
        return column === undefined
          ? null
          : `Servers before MySQL 9.0 and MariaDB 10.5 make no foreign key for ${column.name} REFERENCES ${column.references}`;
      },
    ),
};
