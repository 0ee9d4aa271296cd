/** `prefer-bigint-pk`. */

import type { Rule } from "./rule.ts";
import { alarms, columnsOf } from "./alarms.ts";

/** A primary key will run out of values. */
export const preferBigintPk: Rule = {
  code: "prefer-bigint-pk",
  title: "A primary key will run out of values",
  why:
    "An integer ends at 2,147,483,647, and changing its type later rewrites the table and all that refers to it.",
  instead: "Use bigint.",
  severity: "info",
  isOptional: true,
  engines: ["postgres", "mysql", "mariadb"],
  bad: [{ setup: "", sql: "CREATE TABLE t (id serial PRIMARY KEY);" }],
  good: [{ setup: "", sql: "CREATE TABLE t (id bigint PRIMARY KEY);" }],
  check: (migration) =>
    alarms(migration, ({ operation }) => {
      const keys = new Set(
        (operation.constraints ?? []).flatMap(({ type, columns }) =>
          type === "primary key" && columns.length === 1 ? columns : []
        ),
      );
      const small = columnsOf(operation).find(({ name, type, isPrimary }) =>
        (isPrimary || keys.has(name)) && SMALL.test(type)
      );
      return small === undefined ? null : `${operation.on}.${small.name} is ${small.type}`;
    }),
};

const SMALL = /^(?:int|int4|integer|int2|smallint|serial|serial4|smallserial|mediumint|tinyint)\b/;
