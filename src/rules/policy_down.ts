/** `policy-down`. */

import type { Rule } from "./rule.ts";

/** A migration has no DOWN. */
export const policyDown: Rule = {
  code: "policy-down",
  title: "A migration has no DOWN, and the policy of the project wants one",
  why: "Nobody can go back but by a backup.",
  instead: "Write DOWN; `aim validate` proves it.",
  severity: "error",
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{
    setup: "",
    sql: "CREATE TABLE t (id integer PRIMARY KEY);",
    policy: { down: true },
  }],
  good: [{
    setup: "",
    sql: "CREATE TABLE t (id integer PRIMARY KEY);",
    down: "DROP TABLE t;",
    policy: { down: true },
  }],
  check: ({ policy, hasDown, statements: [statement] }) =>
    !policy.down || hasDown || statement === undefined
      ? []
      : [{ statement, message: "The migration has no DOWN" }],
};
