/** `policy-mixed`. */

import type { Operation } from "../core/operation.ts";
import type { Rule } from "./rule.ts";

/** Definitions and rows are changed in one migration. */
export const policyMixed: Rule = {
  code: "policy-mixed",
  title: "A migration changes definitions and rows, and the policy of the project wants them apart",
  why:
    "Locks of the definitions are held while rows are written, and one half cannot be undone alone.",
  instead: "Put the change of rows into a migration of its own.",
  severity: "error",
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{
    setup: "CREATE TABLE t (id integer PRIMARY KEY);",
    sql: "ALTER TABLE t ADD COLUMN n integer; UPDATE t SET n = 1 WHERE n IS NULL;",
    policy: { separateData: true },
  }],
  good: [{
    setup: "CREATE TABLE t (id integer PRIMARY KEY);",
    sql: "ALTER TABLE t ADD COLUMN n integer;",
    policy: { separateData: true },
  }],
  check: ({ policy, statements }) => {
    const writes = statements.find(({ operations }) => operations.some(isData));
    const defines = statements.some(({ operations }) => operations.some(isDefinition));
    return !policy.separateData || writes === undefined || !defines
      ? []
      : [{ statement: writes, message: "Rows are changed beside definitions" }];
  },
};

function isData({ action }: Operation): boolean {
  return ["insert", "update", "delete"].includes(action);
}

function isDefinition({ action }: Operation): boolean {
  return !NEITHER.includes(action);
}

const NEITHER: readonly string[] = [
  ...["insert", "update", "delete", "set", "begin", "commit", "rollback", "run-code", "other"],
];
