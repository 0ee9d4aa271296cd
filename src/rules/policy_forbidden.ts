/** `policy-forbidden`. */

import { alarms, columnsOf } from "./alarms.ts";
import type { Alarm, Rule } from "./rule.ts";

/** A statement or a type that the team forbids. */
export const policyForbidden: Rule = {
  code: "policy-forbidden",
  title: "A statement or a type is forbidden by the policy of the project",
  why: "The team has agreed not to use it.",
  instead: "Do it in another way, or change [policy] in aim.toml.",
  severity: "error",
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{
    setup: "",
    sql: "CREATE TABLE t (id integer PRIMARY KEY, n money);",
    policy: { forbiddenTypes: ["money"] },
  }, {
    setup: "CREATE TABLE t (id integer PRIMARY KEY);",
    sql: "TRUNCATE  TABLE t;",
    policy: { forbiddenStatements: ["truncate table"] },
  }],
  good: [{
    setup: "",
    sql: "CREATE TABLE t (id integer PRIMARY KEY, money integer);",
    policy: { forbiddenTypes: ["money"], forbiddenStatements: ["TRUNCATE"] },
  }],
  check: (migration) => {
    const { forbiddenTypes, forbiddenStatements } = migration.policy;
    const types = forbiddenTypes.map((type) => type.toLowerCase());
    const isForbidden = (type: string) =>
      types.some((one) => type === one || type.startsWith(`${one}(`));
    const statements = migration.statements.flatMap((statement): readonly Alarm[] => {
      const words = `${statement.sql.replaceAll(/\s+/g, " ").toUpperCase()} `;
      const found = forbiddenStatements.find((one) => words.startsWith(`${one.toUpperCase()} `));
      return found === undefined ? [] : [{ statement, message: `${found} is forbidden` }];
    });
    return [
      ...statements,
      ...alarms(migration, ({ operation }) => {
        const { action, on, name, value = "" } = operation;
        const made = columnsOf(operation).find(({ type }) => isForbidden(type)) ??
          (action === "change-type" && isForbidden(value) ? { name, type: value } : null);
        return made === null ? null : `${on}.${made.name} has the forbidden type ${made.type}`;
      }),
    ];
  },
};
