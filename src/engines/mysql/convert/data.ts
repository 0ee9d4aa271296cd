/** Rows of MySQL and MariaDB on their way to another dialect, and from one. */

import { type DataSide, measureKind, REMAINDER } from "../../convert/data.ts";
import type { LogicalType } from "../../convert/neutral.ts";
import { literal, quote } from "../quote.ts";
import type { Writer } from "./write.ts";

/** What the family has to do with a copy of rows. */
export function dataOf(writer: Writer): DataSide {
  return {
    quote,
    literal,
    backslashes: true,
    reading: ["SET time_zone = '+00:00'"],
    joined: (parts) => `concat(${parts.join(", ")})`,
    quoted: (text, backslashes) => {
      const plain = `replace(${text}, '''', '''''')`;
      const whole = backslashes ? `replace(${plain}, '\\\\', '\\\\\\\\')` : plain;
      return `concat('''', ${whole}, '''')`;
    },
    text: textOf,
    misfit,
    value: (type) => {
      if (["int", "decimal", "float", "bool", "year"].includes(type.kind)) {
        return { open: "", close: "", isBare: true };
      }
      if (type.kind === "binary") return { open: "x", close: "", isBare: false };
      if (type.kind === "bits") return { open: "b", close: "", isBare: false };
      return { open: "", close: "", isBare: false };
    },
    insert: ({ name }, columns) =>
      `INSERT INTO ${quote(name)} (${
        columns.map((column) => quote(column.name)).join(", ")
      }) VALUES`,
    measure: (column, type) => {
      switch (measureKind(type)) {
        case "number":
          if (type.kind === "bool") return `coalesce(sum(${column} <> 0), 0)`;
          if (type.kind === "float") {
            return `coalesce(sum(if(abs(${column}) < 1e9, truncate(CAST(${column} AS DECIMAL(65, 30)), 0), 0)), 0)`;
          }
          return `coalesce(sum(truncate(${column}, 0) % ${REMAINDER}), 0)`;
        case "letters":
          return `coalesce(sum(char_length(rtrim(${column}))), 0)`;
        case "bytes":
          return `coalesce(sum(length(${column})), 0)`;
        case "moment":
          return `coalesce(sum(date_format(${column}, '%Y%m%d') + 0), 0)`;
        case "none":
          return null;
      }
    },
    before: (schema) => [
      "SET time_zone = '+00:00'",
      "SET sql_mode = concat(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')",
      "SET foreign_key_checks = 0",
      ...schema.triggers.map(({ name }) => `DROP TRIGGER ${quote(name)}`),
      "START TRANSACTION",
    ],
    after: (schema) => [
      "COMMIT",
      "SET foreign_key_checks = 1",
      ...schema.triggers.map((trigger) => writer.trigger(trigger)),
    ],
    isExact: () => true,
    client: {
      read: (file) => `mysql --batch --raw --skip-column-names "$SOURCE" < ${file}`,
      run: 'mysql "$TARGET"',
    },
    countWhere: (label, table, condition) =>
      `SELECT ${
        literal(label)
      } AS table_name, count(*) AS row_count FROM ${table} WHERE ${condition}`,
    remove: (table, condition) => `DELETE FROM ${table} WHERE ${condition}`,
  };
}

function textOf(column: string, type: LogicalType): string {
  switch (type.kind) {
    case "bool":
      return `if(${column} IS NULL, NULL, if(${column} <> 0, '1', '0'))`;
    case "binary":
      return `lower(hex(${column}))`;
    case "timestamp":
      return `date_format(${column}, '%Y-%m-%d %H:%i:%s.%f')`;
    case "bits":
      return `lpad(bin(${column} + 0), ${type.length ?? 1}, '0')`;
    case "float":
      return `CAST(${column} + 0e0 AS CHAR)`;
    case "other":
      return `ST_AsText(${column})`;
    default:
      return `CAST(${column} AS CHAR)`;
  }
}

/** Dates that are none, times beyond a day, and texts with what the other side cannot keep. */
function misfit(column: string, from: LogicalType, to: LogicalType): string | null {
  switch (from.kind) {
    case "date":
    case "timestamp":
      return `${column} < '0001-01-01'`;
    case "time":
      return to.kind === "time" ? `${column} < '00:00:00' OR ${column} >= '24:00:00'` : null;
    case "text":
      return `locate(x'00', CAST(${column} AS BINARY)) > 0`;
    case "int":
      return from.unsigned && from.bits === 64 && to.kind === "int" && !to.unsigned
        ? `${column} > 9223372036854775807`
        : null;
    default:
      return null;
  }
}
