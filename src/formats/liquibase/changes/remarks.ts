/** Remarks on tables and columns. */

import { literal, onlyKnows, quoted, required, untranslated } from "../columns.ts";
import { tableOf, type Translate } from "./change.ts";

/** `setTableRemarks`. */
export const setTableRemarks: Translate = (change, context) => {
  onlyKnows(change, ["tableName", "schemaName", "remarks"]);
  const table = tableOf(change, context);
  const text = literal(required(change, "remarks"), context);
  switch (context.dialect.remarks) {
    case "statement":
      return { up: [`COMMENT ON TABLE ${table} IS ${text}`], down: null };
    case "clause":
      return { up: [`ALTER TABLE ${table} COMMENT = ${text}`], down: null };
    case "none":
      throw untranslated(change, " on this database");
  }
};

/** `setColumnRemarks`. */
export const setColumnRemarks: Translate = (change, context) => {
  onlyKnows(change, ["tableName", "schemaName", "columnName", "columnDataType", "remarks"]);
  if (context.dialect.remarks !== "statement") throw untranslated(change, " on this database");
  const column = quoted(required(change, "columnName"), context);
  const text = literal(required(change, "remarks"), context);
  return { up: [`COMMENT ON COLUMN ${tableOf(change, context)}.${column} IS ${text}`], down: null };
};
