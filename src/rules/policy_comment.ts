/** `policy-comment`. */

import type { Rule } from "./rule.ts";
import { tableNamed, touches } from "./tables.ts";

/** A new table has no comment. */
export const policyComment: Rule = {
  code: "policy-comment",
  title: "A new table has no comment, and the policy of the project wants one",
  why: "What a table is for stands nowhere else that everybody who sees it looks.",
  instead: "COMMENT ON TABLE, or COMMENT = on MySQL and MariaDB, in the same migration.",
  severity: "error",
  engines: ["postgres", "mysql", "mariadb"],
  bad: [{
    setup: "",
    sql: "CREATE TABLE t (id integer PRIMARY KEY);",
    policy: { comments: true },
  }],
  good: [{
    setup: "",
    sql: "CREATE TABLE t (id integer PRIMARY KEY); COMMENT ON TABLE t IS 'Things';",
    policy: { comments: true },
  }],
  check: (migration) =>
    !migration.policy.comments ? [] : touches(migration).flatMap(({ statement, operation }) => {
      const { action, kind, on, isTemporary } = operation;
      if (action !== "create" || kind !== "table" || isTemporary === true) return [];
      const table = tableNamed(migration.after, on, migration.nameKey);
      if (table === null || table.comment !== null) return [];
      return [{ statement, object: table.name, message: `${table.name} has no comment` }];
    }),
};
