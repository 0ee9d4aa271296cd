/** What a column that is there may be: empty, of a default. */

import {
  type ChangeContext,
  columnType,
  literal,
  onlyKnows,
  optional,
  quoted,
  required,
  untranslated,
  valueNames,
  valueSql,
} from "../columns.ts";
import type { Element } from "../element.ts";
import { tableOf, type Translate } from "./change.ts";

function setNotNull(change: Element, context: ChangeContext, isNeeded: boolean): string {
  const table = tableOf(change, context);
  const column = quoted(required(change, "columnName"), context);
  switch (context.dialect.alters) {
    case "clauses":
      return `ALTER TABLE ${table} ALTER COLUMN ${column} ${isNeeded ? "SET" : "DROP"} NOT NULL`;
    case "modify":
      return `ALTER TABLE ${table} MODIFY ${column} ${
        columnType(change, "columnDataType", context).sql
      } ${isNeeded ? "NOT NULL" : "NULL"}`;
    case "none":
      throw untranslated(change, " on this database");
  }
}

const NOT_NULL = ["tableName", "schemaName", "columnName", "columnDataType"];

/** `addNotNullConstraint`. */
export const addNotNullConstraint: Translate = (change, context) => {
  onlyKnows(change, [...NOT_NULL, "defaultNullValue", "validate"]);
  const value = optional(change, "defaultNullValue");
  const column = quoted(required(change, "columnName"), context);
  const kind = optional(change, "columnDataType") === undefined
    ? "other"
    : columnType(change, "columnDataType", context).kind;
  const fill = value === undefined ? [] : [
    `UPDATE ${tableOf(change, context)} SET ${column} = ${
      kind === "number" ? value : literal(value, context)
    } WHERE ${column} IS NULL`,
  ];
  return {
    up: [...fill, setNotNull(change, context, true)],
    down: [setNotNull(change, context, false)],
  };
};

/** `dropNotNullConstraint`. */
export const dropNotNullConstraint: Translate = (change, context) => {
  onlyKnows(change, NOT_NULL);
  return { up: [setNotNull(change, context, false)], down: [setNotNull(change, context, true)] };
};

function alterDefault(change: Element, context: ChangeContext, clause: string): string {
  const column = quoted(required(change, "columnName"), context);
  if (context.dialect.alters === "none") throw untranslated(change, " on this database");
  const word = context.dialect.alters === "clauses" ? "ALTER COLUMN" : "ALTER";
  return `ALTER TABLE ${tableOf(change, context)} ${word} ${column} ${clause}`;
}

/** `addDefaultValue`. */
export const addDefaultValue: Translate = (change, context) => {
  onlyKnows(change, [...NOT_NULL, "defaultValueSequenceNext", ...valueNames("defaultValue")]);
  const kind = optional(change, "columnDataType") === undefined
    ? "other"
    : columnType(change, "columnDataType", context).kind;
  const value = valueSql(change, "defaultValue", kind, context);
  if (value === null) throw untranslated(change, " without a value");
  // MySQL takes an expression as a default in brackets alone.
  const isExpression = context.dialect.alters === "modify" &&
    optional(change, "defaultValueComputed") !== undefined;
  return {
    up: [
      alterDefault(
        change,
        context,
        `SET DEFAULT ${
          isExpression ? `(${value.toLowerCase() === "now()" ? "now()" : value})` : value
        }`,
      ),
    ],
    down: [alterDefault(change, context, "DROP DEFAULT")],
  };
};

/** `dropDefaultValue`. */
export const dropDefaultValue: Translate = (change, context) => {
  onlyKnows(change, NOT_NULL);
  return { up: [alterDefault(change, context, "DROP DEFAULT")], down: null };
};
