/** Rows of Postgres on their way to another dialect, and from one. */

import { type DataSide, measureKind, REMAINDER } from "../../convert/data.ts";
import type { LogicalType } from "../../convert/neutral.ts";
import { ident, literal } from "../quote.ts";
import { foreignKeyText } from "./write.ts";

const DATE = "YYYY-MM-DD";

/** What Postgres has to do with a copy of rows. */
export const data: DataSide = {
  quote: ident,
  literal,
  backslashes: false,
  reading: ["SET TIME ZONE 'UTC'", "SET bytea_output = 'hex'", "SET extra_float_digits = 3"],
  joined: (parts) => parts.join(" || "),
  quoted: (text, backslashes) => {
    const plain = `replace(${text}, '''', '''''')`;
    return `'''' || ${backslashes ? `replace(${plain}, '\\', '\\\\')` : plain} || ''''`;
  },
  text: textOf,
  misfit,
  value: (type) => {
    if (["int", "decimal", "year"].includes(type.kind)) {
      return { open: "", close: "", isBare: true };
    }
    if (type.kind === "binary") return { open: "decode(", close: ", 'hex')", isBare: false };
    if (type.kind === "bits") return { open: "B", close: "", isBare: false };
    return { open: "", close: "", isBare: false };
  },
  insert: ({ name }, columns) =>
    `INSERT INTO ${ident(name)} (${columns.map((column) => ident(column.name)).join(", ")})${
      columns.some(({ counter }) => counter === "always") ? " OVERRIDING SYSTEM VALUE" : ""
    } VALUES`,
  measure: (column, type) => {
    switch (measureKind(type)) {
      case "number":
        if (type.kind === "bool") return `coalesce(sum(CASE WHEN ${column} THEN 1 ELSE 0 END), 0)`;
        if (type.kind === "float") {
          return `coalesce(sum(CASE WHEN abs(${column}) < 1e9 THEN trunc(${column}::numeric) ELSE 0 END), 0)`;
        }
        return `coalesce(sum(mod(trunc(${column}::numeric), ${REMAINDER})), 0)`;
      case "letters":
        return `coalesce(sum(length(rtrim(${column}::text))), 0)`;
      case "bytes":
        return `coalesce(sum(octet_length(${column})), 0)`;
      case "moment": {
        const moment = hasZone(type) ? `(${column} AT TIME ZONE 'UTC')` : column;
        return `coalesce(sum(to_char(${moment}, 'YYYYMMDD')::bigint), 0)`;
      }
      case "none":
        return null;
    }
  },
  before: (schema) => [
    "SET TIME ZONE 'UTC'",
    ...schema.tables.flatMap(({ path, foreignKeys }) =>
      foreignKeys.flatMap((key) =>
        key.name === null ? [] : [`ALTER TABLE ${own(path)} DROP CONSTRAINT ${ident(key.name)}`]
      )
    ),
    ...schema.tables.map(({ path }) => `ALTER TABLE ${own(path)} DISABLE TRIGGER USER`),
    "BEGIN",
  ],
  after: (schema) => [
    "COMMIT",
    ...schema.tables.map(({ name }) => `ALTER TABLE ${ident(name)} ENABLE TRIGGER USER`),
    ...schema.tables.flatMap((table) => table.foreignKeys.map((key) => foreignKeyText(table, key))),
    ...schema.tables.flatMap(({ name, columns }) =>
      columns.filter(({ counter }) => counter !== null).map((column) => {
        const own = ident(column.name);
        return `SELECT setval(pg_get_serial_sequence(${literal(ident(name))}, ${
          literal(column.name)
        }), greatest(coalesce(max(${own}), 0), 0) + 1, false) FROM ${ident(name)}`;
      })
    ),
  ],
  isExact: () => true,
  client: {
    read: (file) => `psql "$SOURCE" -XAtq -f ${file}`,
    run: 'psql "$TARGET" -Xq -v ON_ERROR_STOP=1',
  },
  countWhere: (label, table, condition) =>
    `SELECT ${
      literal(label)
    } AS table_name, count(*) AS row_count FROM ${table} WHERE ${condition}`,
  remove: (table, condition) => `DELETE FROM ${table} WHERE ${condition}`,
};

function own(path: readonly string[]): string {
  return path.map(ident).join(".");
}

function hasZone(type: LogicalType): boolean {
  return (type.kind === "timestamp" || type.kind === "time") && type.hasZone;
}

function textOf(column: string, type: LogicalType): string {
  switch (type.kind) {
    case "bool":
      return `CASE WHEN ${column} THEN '1' WHEN NOT ${column} THEN '0' END`;
    case "binary":
      return `encode(${column}, 'hex')`;
    case "date":
      return `to_char(${column}, '${DATE}')`;
    case "timestamp": {
      const moment = type.hasZone ? `(${column} AT TIME ZONE 'UTC')` : column;
      return `to_char(${moment}, '${DATE} HH24:MI:SS.US')`;
    }
    case "time":
      return type.hasZone ? `(${column} AT TIME ZONE 'UTC')::time::text` : `${column}::text`;
    case "array":
      return `to_json(${column})::text`;
    default:
      return `${column}::text`;
  }
}

/** Moments without an end or before the year 1, and numbers that are none. */
function misfit(column: string, from: LogicalType, to: LogicalType): string | null {
  switch (from.kind) {
    case "date":
    case "timestamp":
      return `NOT isfinite(${column}) OR ${column} < '0001-01-01' OR ${column} > '9999-12-31'`;
    case "decimal":
    case "float": {
      const none = `${column}::text IN ('NaN', 'Infinity', '-Infinity')`;
      if (to.kind !== "decimal" || to.precision === null || from.kind !== "decimal") return none;
      if (from.precision !== null && from.precision - from.scale <= to.precision - to.scale) {
        return none;
      }
      return `${none} OR abs(${column}) >= 1e${to.precision - to.scale}`;
    }
    case "text":
      return to.kind === "text" && to.length !== null &&
          (from.length === null || from.length > to.length)
        ? `length(${column}) > ${to.length}`
        : null;
    case "binary":
      return to.kind === "binary" && to.length !== null
        ? `octet_length(${column}) > ${to.length}`
        : null;
    case "time":
      return `${column}::text LIKE '24:%'`;
    default:
      return null;
  }
}
