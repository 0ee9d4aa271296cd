/** Tables and their columns, made, renamed and dropped. */

import {
  type ChangeContext,
  columnForeignKey,
  type ColumnParts,
  columnParts,
  columnType,
  isSet,
  literal,
  onlyKnows,
  optional,
  qualified,
  quoted,
  required,
  untranslated,
  valueNames,
  valueSql,
} from "../columns.ts";
import type { Element } from "../element.ts";
import { tableOf, type Translate } from "./change.ts";

/** `createTable`. */
export const createTable: Translate = (change, context) => {
  onlyKnows(change, ["tableName", "schemaName", "remarks", "ifNotExists"]);
  const { dialect } = context;
  const table = tableOf(change, context);
  const columns = change.children.filter(({ name }) => name === "column")
    .map((column) => columnParts(column, context));
  const remarks = optional(change, "remarks");
  const keys = columns.filter(({ isPrimary }) => isPrimary);
  const inlined = dialect.inlinesKey && keys.length === 1 && keys[0]?.isNumbered === true;
  const lines = [
    ...columns.map((column) =>
      inlined && column.isPrimary ? inlineKey(change, column, context) : column.sql
    ),
    ...(keys.length === 0 || inlined ? [] : [primaryKey(change, keys, context)]),
    ...columns.map((column) => columnForeignKey(column, context)).filter((one) => one !== null),
    ...columns.flatMap(({ name, constraints }) =>
      isSet(constraints, "unique") ? [uniqueClause(name, constraints, context)] : []
    ),
  ];
  const guard = isSet(change, "ifNotExists") ? "IF NOT EXISTS " : "";
  const comment = remarks === undefined || dialect.remarks !== "clause"
    ? ""
    : ` COMMENT=${literal(remarks, context)}`;
  return {
    up: [
      `CREATE TABLE ${guard}${table} (${lines.join(", ")})${comment}`,
      ...(remarks === undefined || dialect.remarks !== "statement"
        ? []
        : [`COMMENT ON TABLE ${table} IS ${literal(remarks, context)}`]),
      ...columnRemarks(table, columns, context),
    ],
    down: [`DROP TABLE ${table}`],
  };
};

function inlineKey(change: Element, column: ColumnParts, context: ChangeContext): string {
  const name = keyName(change, [column], context);
  return column.sql.replace(/ NOT NULL$/, ` ${name}PRIMARY KEY AUTOINCREMENT NOT NULL`);
}

function primaryKey(change: Element, keys: readonly ColumnParts[], context: ChangeContext): string {
  const columns = keys.map(({ name }) => quoted(name, context)).join(", ");
  return `${keyName(change, keys, context)}PRIMARY KEY (${columns})`;
}

/** On Postgres a key without a name gets the same from the server. */
function keyName(change: Element, keys: readonly ColumnParts[], context: ChangeContext): string {
  const said = keys.map(({ constraints }) =>
    constraints === undefined ? undefined : optional(constraints, "primaryKeyName")
  ).find((name) => name !== undefined);
  if (said !== undefined) return `CONSTRAINT ${quoted(said, context)} `;
  return context.dialect.folds
    ? ""
    : `CONSTRAINT ${quoted(`PK_${required(change, "tableName").toUpperCase()}`, context)} `;
}

function uniqueClause(
  name: string,
  constraints: Element | undefined,
  context: ChangeContext,
): string {
  const said = constraints === undefined
    ? undefined
    : optional(constraints, "uniqueConstraintName");
  return `${said === undefined ? "" : `CONSTRAINT ${quoted(said, context)} `}UNIQUE (${
    quoted(name, context)
  })`;
}

function columnRemarks(
  table: string,
  columns: readonly ColumnParts[],
  context: ChangeContext,
): readonly string[] {
  if (context.dialect.remarks !== "statement") return [];
  return columns.flatMap(({ name, remarks }) =>
    remarks === undefined
      ? []
      : [`COMMENT ON COLUMN ${table}.${quoted(name, context)} IS ${literal(remarks, context)}`]
  );
}

/** `addColumn`. */
export const addColumn: Translate = (change, context) => {
  onlyKnows(change, ["tableName", "schemaName"]);
  if (context.dialect.alters === "none") throw untranslated(change, " on this database");
  const table = tableOf(change, context);
  const names = ["value", ...valueNames("value"), "afterColumn", "beforeColumn", "position"];
  const columns = change.children.filter(({ name }) => name === "column");
  const parts = columns.map((column) => ({ column, ...columnParts(column, context, names) }));
  const isModified = context.dialect.alters === "modify";
  const up = [
    ...parts.map(({ column, sql, isPrimary, constraints }) => {
      if (optional(column, "beforeColumn") ?? optional(column, "position")) {
        throw untranslated(column, " with a position");
      }
      const after = optional(column, "afterColumn");
      if (isPrimary && constraints !== undefined && optional(constraints, "primaryKeyName")) {
        throw untranslated(column, " with primaryKeyName");
      }
      return `ALTER TABLE ${table} ADD ${sql}${isPrimary ? " PRIMARY KEY" : ""}${
        after !== undefined && isModified ? ` AFTER ${quoted(after, context)}` : ""
      }`;
    }),
    ...parts.flatMap(({ column, name }) => {
      const value = valueSql(column, "value", columnType(column, "type", context).kind, context);
      return value === null ? [] : [`UPDATE ${table} SET ${quoted(name, context)} = ${value}`];
    }),
    ...parts.flatMap((part) => [
      ...(isSet(part.constraints, "unique")
        ? [`ALTER TABLE ${table} ADD ${uniqueClause(part.name, part.constraints, context)}`]
        : []),
      ...[columnForeignKey(part, context)].filter((one) => one !== null)
        .map((key) => `ALTER TABLE ${table} ADD ${key}`),
    ]),
    ...columnRemarks(table, parts, context),
  ];
  const down = parts.map(({ name }) => `ALTER TABLE ${table} DROP COLUMN ${quoted(name, context)}`);
  return { up, down };
};

/** `dropColumn`. */
export const dropColumn: Translate = (change, context) => {
  onlyKnows(change, ["tableName", "schemaName", "columnName"]);
  if (context.dialect.alters === "none") throw untranslated(change, " on this database");
  const one = optional(change, "columnName");
  const names = one === undefined
    ? change.children.filter(({ name }) => name === "column").map((column) =>
      required(column, "name")
    )
    : [one];
  const table = tableOf(change, context);
  return {
    up: names.map((name) => `ALTER TABLE ${table} DROP COLUMN ${quoted(name, context)}`),
    down: null,
  };
};

/** `renameColumn`. */
export const renameColumn: Translate = (change, context) => {
  onlyKnows(change, [
    "tableName",
    "schemaName",
    "oldColumnName",
    "newColumnName",
    "columnDataType",
    "remarks",
  ]);
  if (optional(change, "remarks") !== undefined) throw untranslated(change, " with remarks");
  const table = tableOf(change, context);
  const from = quoted(required(change, "oldColumnName"), context);
  const to = quoted(required(change, "newColumnName"), context);
  const rename = (a: string, b: string) => `ALTER TABLE ${table} RENAME COLUMN ${a} TO ${b}`;
  return { up: [rename(from, to)], down: [rename(to, from)] };
};

/** `renameTable`. */
export const renameTable: Translate = (change, context) => {
  onlyKnows(change, ["oldTableName", "newTableName", "schemaName"]);
  const schema = optional(change, "schemaName");
  const [from, to] = [required(change, "oldTableName"), required(change, "newTableName")];
  // The new name has a schema of its own on MySQL alone, where it would be another database's.
  const isModified = context.dialect.alters === "modify";
  const rename = (a: string, b: string) =>
    `ALTER TABLE ${qualified(a, schema, context)} RENAME TO ${
      qualified(b, isModified ? schema : undefined, context)
    }`;
  return { up: [rename(from, to)], down: [rename(to, from)] };
};

/** `modifyDataType`. */
export const modifyDataType: Translate = (change, context) => {
  onlyKnows(change, ["tableName", "schemaName", "columnName", "newDataType"]);
  const table = tableOf(change, context);
  const column = quoted(required(change, "columnName"), context);
  const { sql } = columnType(change, "newDataType", context);
  switch (context.dialect.alters) {
    case "clauses":
      return {
        up: [`ALTER TABLE ${table} ALTER COLUMN ${column} TYPE ${sql} USING (${column}::${sql})`],
        down: null,
      };
    case "modify":
      return { up: [`ALTER TABLE ${table} MODIFY ${column} ${sql}`], down: null };
    case "none":
      throw untranslated(change, " on this database");
  }
};

/** `dropTable`. */
export const dropTable: Translate = (change, context) => {
  onlyKnows(change, ["tableName", "schemaName", "cascadeConstraints"]);
  const cascade = isSet(change, "cascadeConstraints") && context.dialect.folds ? " CASCADE" : "";
  return { up: [`DROP TABLE ${tableOf(change, context)}${cascade}`], down: null };
};
