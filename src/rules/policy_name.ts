/** `policy-name`. */

import { lastName } from "../core/name.ts";
import type { TableShape } from "../core/shape.ts";
import { wildcard } from "../text/wildcard.ts";
import type { Alarm, Examined, Rule } from "./rule.ts";

/** A new name is not as the team's policy has it. */
export const policyName: Rule = {
  code: "policy-name",
  title: "A name is not as the policy of the project says",
  why: "One way to name things lets everybody guess the name of what they look for.",
  instead: "Give it a name that fits [policy] names in aim.toml.",
  severity: "error",
  engines: ["postgres", "sqlite", "mysql", "mariadb"],
  bad: [{
    setup: "",
    sql: "CREATE TABLE t (id integer PRIMARY KEY, n integer); CREATE INDEX wrong ON t (n);",
    policy: { names: { index: "*_idx" } },
  }],
  good: [{
    setup: "CREATE TABLE t (id integer PRIMARY KEY, n integer); CREATE INDEX wrong ON t (n);",
    sql: "CREATE INDEX t_n_idx ON t (n);",
    policy: { names: { index: "*_idx", table: "snake_case", column: "snake_case" } },
  }],
  check: (migration) => {
    const { names } = migration.policy;
    const had = new Set(migration.before.flatMap(namesOf).map(({ id }) => id));
    return migration.after.flatMap(namesOf).flatMap(({ id, kind, name }): readonly Alarm[] => {
      const pattern = names[kind];
      if (pattern === undefined || had.has(id) || fits(pattern, name)) return [];
      const statement = naming(migration, name);
      const message = `The ${kind} ${name} is not ${pattern}`;
      return statement === undefined ? [] : [{ statement, message, object: name }];
    });
  },
};

function namesOf(table: TableShape) {
  const own = (kind: string, names: readonly string[]) =>
    names.map((name) => ({ id: `${kind} ${table.name} ${name}`, kind, name }));
  return [
    ...own("table", [lastName(table.name)]),
    ...own("column", table.columns.map(({ name }) => name)),
    ...own("index", table.indexes.map(({ name }) => name)),
    ...own("check", table.checks.map(({ name }) => name)),
    ...own("foreign key", table.foreignKeys.map(({ name }) => name)),
  ];
}

function fits(pattern: string, name: string): boolean {
  if (pattern === "snake_case") return /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(name);
  return wildcard(pattern)(name);
}

/** The first statement with the name in its text; the first of all where it is generated. */
function naming({ statements }: Examined, name: string) {
  return statements.find(({ sql }) => sql.includes(name)) ?? statements[0];
}
