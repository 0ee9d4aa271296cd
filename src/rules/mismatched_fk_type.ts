/** `mismatched-fk-type`. */

import type { Alarm, Rule } from "./rule.ts";
import { columnNamed, tableNamed, touches } from "./tables.ts";

/** A foreign key has another type than what it refers to. */
export const mismatchedFkType: Rule = {
  code: "mismatched-fk-type",
  title: "A foreign key has another type than what it refers to",
  why:
    "A smaller type runs out of numbers before the key does; another one may keep the server from using an index.",
  instead: "Give the column the type of the column that it refers to.",
  severity: "warning",
  engines: ["postgres", "sqlite"],
  bad: [{
    setup: "CREATE TABLE users (id bigint PRIMARY KEY);",
    sql: "CREATE TABLE orders (id bigint PRIMARY KEY, user_id integer REFERENCES users (id));",
  }],
  good: [{
    setup: "CREATE TABLE users (id bigint PRIMARY KEY);",
    sql: "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));",
  }],
  check: (migration) => {
    const { after, nameKey } = migration;
    return touches(migration).flatMap(({ statement, operation }): readonly Alarm[] => {
      const table = tableNamed(after, operation.on, nameKey);
      return keysOf(operation).flatMap(({ columns, references, referred }) => {
        const parent = tableNamed(after, references, nameKey);
        const targets = referred.length > 0 ? referred : parent?.primaryKey ?? [];
        const at = columns.findIndex((name, index) => {
          const own = columnNamed(table, name, nameKey)?.type.toLowerCase() ?? "";
          const other = columnNamed(parent, targets[index], nameKey)?.type.toLowerCase() ?? "";
          return own !== "" && other !== "" && bare(own) !== bare(other);
        });
        if (at < 0) return [];
        const own = columnNamed(table, columns[at], nameKey)?.type;
        const other = columnNamed(parent, targets[at], nameKey)?.type;
        const message = `${columns[at]} is ${own}, ${references}.${targets[at]} is ${other}`;
        return [{ statement, object: table?.name ?? operation.on, message }];
      });
    });
  },
};

function keysOf(
  { constraint, constraints = [], column, columns = [] }: ReturnType<
    typeof touches
  >[number]["operation"],
) {
  return [
    ...[constraint, ...constraints].flatMap((one) =>
      one?.type === "foreign key" && one.references !== null
        ? [{ columns: one.columns, references: one.references, referred: one.referred }]
        : []
    ),
    ...[column, ...columns].flatMap((one) =>
      one === undefined || one.references === null
        ? []
        : [{ columns: [one.name], references: one.references, referred: [] }]
    ),
  ];
}

/** A type without its sizes: texts of any length refer to each other well. */
function bare(type: string): string {
  const name = type.replace(/\(.*?\)/, "").trim();
  return /^(?:text|varchar|character varying)$/.test(name)
    ? "text"
    : name === "int"
    ? "integer"
    : name;
}
