/** Indexes. */

import {
  type ChangeContext,
  isSet,
  onlyKnows,
  optional,
  qualified,
  quoted,
  required,
  untranslated,
} from "../columns.ts";
import type { Element } from "../element.ts";
import { tableOf, type Translate } from "./change.ts";

/** `createIndex`. */
export const createIndex: Translate = (change, context) => {
  onlyKnows(change, ["tableName", "schemaName", "indexName", "unique", "associatedWith"]);
  const columns = change.children.filter(({ name }) => name === "column").map((column) => {
    onlyKnows(column, ["name", "type", "descending", "computed"]);
    const name = required(column, "name");
    const isExpression = isSet(column, "computed") || name.includes("(");
    return `${isExpression ? name : quoted(name, context)}${
      isSet(column, "descending") ? " DESC" : ""
    }`;
  });
  const name = optional(change, "indexName");
  if (name === undefined) throw untranslated(change, " without indexName");
  const schema = optional(change, "schemaName");
  const { dialect } = context;
  const isNamedThere = !dialect.folds && !dialect.dropsIndexOn;
  const table = isNamedThere
    ? quoted(required(change, "tableName"), context)
    : tableOf(change, context);
  const own = isNamedThere ? qualified(name, schema, context) : quoted(name, context);
  return {
    up: [
      `CREATE ${isSet(change, "unique") ? "UNIQUE " : ""}INDEX ${own} ON ${table} (${
        columns.join(", ")
      })`,
    ],
    down: [dropIndexSql(change, context)],
  };
};

function dropIndexSql(change: Element, context: ChangeContext): string {
  const name = required(change, "indexName");
  return context.dialect.dropsIndexOn
    ? `DROP INDEX ${quoted(name, context)} ON ${tableOf(change, context)}`
    : `DROP INDEX ${qualified(name, optional(change, "schemaName"), context)}`;
}

/** `dropIndex`. */
export const dropIndex: Translate = (change, context) => {
  onlyKnows(change, ["tableName", "schemaName", "indexName", "associatedWith"]);
  return { up: [dropIndexSql(change, context)], down: null };
};
