/** Rows: inserted, changed and deleted. */

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
import { childOf, type Element, textOf } from "../element.ts";
import { tableOf, type Translate } from "./change.ts";

function rowValues(change: Element, context: ChangeContext) {
  return change.children.filter(({ name }) => name === "column").map((column) => {
    onlyKnows(column, ["name", "type", ...valueNames("value")]);
    const kind = optional(column, "type") === undefined
      ? "other"
      : columnType(column, "type", context).kind;
    const text = column.text.length > 0 && !column.attributes.has("value")
      ? textOf(column).trim()
      : "";
    const value = valueSql(column, "value", kind, context) ??
      (text === "" ? "NULL" : literal(text, context));
    return { name: quoted(required(column, "name"), context), value };
  });
}

/** `insert`. */
export const insert: Translate = (change, context) => {
  onlyKnows(change, ["tableName", "schemaName", "dbms"]);
  const values = rowValues(change, context);
  const names = values.map(({ name }) => name).join(", ");
  return {
    up: [
      `INSERT INTO ${tableOf(change, context)} (${names}) VALUES (${
        values.map(({ value }) => value).join(", ")
      })`,
    ],
    down: null,
  };
};

function whereOf(change: Element): string {
  const where = childOf(change, "where");
  if (childOf(change, "whereParams") !== undefined) throw untranslated(change, " with whereParams");
  const text = (where === undefined ? optional(change, "where") : textOf(where))?.trim() ?? "";
  return text === "" ? "" : ` WHERE ${text}`;
}

/** `update`. */
export const update: Translate = (change, context) => {
  onlyKnows(change, ["tableName", "schemaName", "where"]);
  const values = rowValues(change, context).map(({ name, value }) => `${name} = ${value}`);
  return {
    up: [`UPDATE ${tableOf(change, context)} SET ${values.join(", ")}${whereOf(change)}`],
    down: null,
  };
};

/** `delete`. */
export const deleteRows: Translate = (change, context) => {
  onlyKnows(change, ["tableName", "schemaName", "where"]);
  return { up: [`DELETE FROM ${tableOf(change, context)}${whereOf(change)}`], down: null };
};
