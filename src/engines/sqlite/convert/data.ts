/** Rows of SQLite on their way to another dialect, and from one. */

import { type DataSide, measureKind, REMAINDER } from "../../convert/data.ts";
import type { LogicalType } from "../../convert/neutral.ts";
import { literal, quote } from "../quote.ts";
import { triggerText } from "./write.ts";

/** What SQLite has to do with a copy of rows. */
export const data: DataSide = {
  quote,
  literal,
  backslashes: false,
  reading: [],
  joined: (parts) => parts.join(" || "),
  quoted: (text, backslashes) => {
    const plain = `replace(${text}, '''', '''''')`;
    return `'''' || ${backslashes ? `replace(${plain}, '\\', '\\\\')` : plain} || ''''`;
  },
  text: textOf,
  misfit,
  value: (type) => {
    if (["int", "decimal", "float", "bool", "year"].includes(type.kind)) {
      return { open: "", close: "", isBare: true };
    }
    if (type.kind === "binary") return { open: "x", close: "", isBare: false };
    return { open: "", close: "", isBare: false };
  },
  insert: ({ name }, columns) =>
    `INSERT INTO ${quote(name)} (${columns.map((column) => quote(column.name)).join(", ")}) VALUES`,
  measure: (column, type) => {
    switch (measureKind(type)) {
      case "number":
        if (type.kind === "bool") return `coalesce(sum(${column} <> 0), 0)`;
        if (type.kind === "float") {
          return `coalesce(sum(CASE WHEN abs(${column}) < 1e9 THEN CAST(${column} AS INTEGER) ELSE 0 END), 0)`;
        }
        return `coalesce(sum(CAST(${column} AS INTEGER) % ${REMAINDER}), 0)`;
      case "letters":
        return `coalesce(sum(length(rtrim(${column}))), 0)`;
      case "bytes":
        return `coalesce(sum(length(CAST(${column} AS BLOB))), 0)`;
      case "moment":
        return `coalesce(sum(CAST(replace(substr(${column}, 1, 10), '-', '') AS INTEGER)), 0)`;
      case "none":
        return null;
    }
  },
  before: (schema) => [
    "PRAGMA foreign_keys = OFF",
    ...schema.triggers.map(({ name }) => `DROP TRIGGER ${quote(name)}`),
    "BEGIN",
  ],
  after: (schema) => [
    "COMMIT",
    ...schema.triggers.map(triggerText),
    "PRAGMA foreign_keys = ON",
  ],
  isExact: (type) => type.kind !== "decimal" || (type.precision !== null && type.precision <= 15),
  client: {
    read: (file) => `sqlite3 -list "$SOURCE" < ${file}`,
    run: 'sqlite3 -bail "$TARGET"',
  },
  countWhere: (label, table, condition) =>
    `SELECT ${
      literal(label)
    } AS table_name, count(*) AS row_count FROM ${table} WHERE ${condition}`,
  remove: (table, condition) => `DELETE FROM ${table} WHERE ${condition}`,
};

function textOf(column: string, type: LogicalType): string {
  switch (type.kind) {
    case "bool":
      return `CASE WHEN ${column} IS NULL THEN NULL WHEN ${column} <> 0 THEN '1' ELSE '0' END`;
    case "binary":
      return `CASE WHEN ${column} IS NOT NULL THEN lower(hex(${column})) END`;
    case "float":
      return `CASE WHEN typeof(${column}) = 'real' THEN printf('%!.17g', ${column}) ELSE CAST(${column} AS TEXT) END`;
    default:
      return `CAST(${column} AS TEXT)`;
  }
}

/** Values of another storage class than the declared type has, and those that are too long or too great. */
function misfit(column: string, from: LogicalType, to: LogicalType): string | null {
  const isOther = (...classes: readonly string[]) =>
    `typeof(${column}) NOT IN ('null', ${classes.map(literal).join(", ")})`;
  const isText = `${
    isOther("text")
  } OR instr(${column}, char(0)) > 0 OR instr(CAST(${column} AS BLOB), x'00') > 0`;
  switch (from.kind) {
    case "int":
      return isOther("integer");
    case "bool":
      return `${isOther("integer")} OR ${column} NOT IN (0, 1)`;
    case "decimal": {
      const other = isOther("integer", "real");
      if (to.kind !== "decimal" || to.precision === null) return other;
      return `${other} OR abs(${column} + 0.0) >= 1e${
        to.precision - to.scale
      } OR ${column} <> round(${column}, ${to.scale})`;
    }
    case "float":
      return `${
        isOther("integer", "real")
      } OR abs(${column} + 0.0) > 1.7e308 OR (${column} <> 0 AND abs(${column} + 0.0) < 1e-300)`;
    case "binary":
      return `${isOther("blob")}${
        to.kind === "binary" && to.length !== null ? ` OR length(${column}) > ${to.length}` : ""
      }`;
    case "date":
      return `${
        isOther("text")
      } OR ${column} NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'`;
    case "timestamp":
      return `${
        isOther("text")
      } OR ${column} NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*' OR datetime(${column}) IS NULL`;
    case "time":
      return `${
        isOther("text")
      } OR ${column} NOT GLOB '[0-9][0-9]:[0-9][0-9]*' OR time(${column}) IS NULL`;
    case "json":
      return `(${column} IS NOT NULL AND NOT json_valid(${column}))`;
    case "any":
      return `typeof(${column}) = 'blob' OR instr(CAST(${column} AS BLOB), x'00') > 0${
        to.kind === "text" && to.length !== null ? ` OR length(${column}) > ${to.length}` : ""
      }`;
    case "text":
      return to.kind === "text" && to.length !== null
        ? `${isText} OR length(${column}) > ${to.length}`
        : isText;
    case "uuid":
      return to.kind === "uuid"
        ? `${isOther("text")} OR lower(${column}) NOT GLOB '${UUID}'`
        : `${isText} OR length(${column}) > 36`;
    default:
      return null;
  }
}

const HEX = "[0-9a-f]";
const UUID = [8, 4, 4, 4, 12].map((count) => HEX.repeat(count)).join("-");
