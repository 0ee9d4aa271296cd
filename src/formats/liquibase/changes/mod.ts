/** Changes of changelogs as SQL, and what takes them back where Liquibase knows that by itself. */

import {
  type ChangeContext,
  columnForeignKey,
  columnList,
  type ColumnParts,
  columnParts,
  columnType,
  isSet,
  literal,
  number,
  onlyKnows,
  optional,
  qualified,
  quoted,
  required,
  untranslated,
  valueNames,
  valueSql,
} from "../columns.ts";
import { childOf, type Element, textOf } from "../element.ts";

/** What a change does, and what undoes it; null where Liquibase has no way back of its own. */
export interface ChangeSql {
  readonly up: readonly string[];
  readonly down: readonly string[] | null;
}

type Translate = (change: Element, context: ChangeContext) => ChangeSql;

/** True for a change that is one statement after the other, whatever the database. */
export function isTyped(name: string): boolean {
  return Object.hasOwn(CHANGES, name);
}

/** The SQL of a change. Throws UsageError, with its place, for what aim does not know to translate. */
export function changeSql(change: Element, context: ChangeContext): ChangeSql {
  const translate = Object.hasOwn(CHANGES, change.name) ? CHANGES[change.name] : undefined;
  if (translate === undefined) throw untranslated(change);
  return translate(change, context);
}

function tableOf(change: Element, context: ChangeContext, key = "tableName"): string {
  const schema = optional(change, key === "baseTableName" ? "baseTableSchemaName" : "schemaName");
  return qualified(required(change, key), schema, context);
}

const createTable: Translate = (change, context) => {
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

const addColumn: Translate = (change, context) => {
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

const dropColumn: Translate = (change, context) => {
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

const renameColumn: Translate = (change, context) => {
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

const renameTable: Translate = (change, context) => {
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

const modifyDataType: Translate = (change, context) => {
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

const createIndex: Translate = (change, context) => {
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

const dropIndex: Translate = (change, context) => {
  onlyKnows(change, ["tableName", "schemaName", "indexName", "associatedWith"]);
  return { up: [dropIndexSql(change, context)], down: null };
};

/** `ALTER TABLE t ADD CONSTRAINT ...` and back, where the database can. */
function addConstraint(
  change: Element,
  context: ChangeContext,
  { table, clause, drop }: {
    readonly table: string;
    readonly clause: string;
    readonly drop: string | null;
  },
): ChangeSql {
  if (context.dialect.alters === "none") throw untranslated(change, " on this database");
  const name = optional(change, "constraintName");
  const own = name === undefined ? "" : `CONSTRAINT ${quoted(name, context)} `;
  return {
    up: [`ALTER TABLE ${table} ADD ${own}${clause}`],
    down: drop === null ? null : [`ALTER TABLE ${table} DROP ${drop}`],
  };
}

function deferred(change: Element, { dialect }: ChangeContext): string {
  if (!dialect.hasDeferrable) return "";
  const parts = [
    ...(isSet(change, "deferrable") ? [" DEFERRABLE"] : []),
    ...(isSet(change, "initiallyDeferred") ? [" INITIALLY DEFERRED"] : []),
  ];
  return parts.join("");
}

/** What `DROP` says of a constraint, by its kind. */
function dropClause(
  kind: "KEY" | "FOREIGN KEY" | "PRIMARY KEY",
  name: string | undefined,
  context: ChangeContext,
) {
  const isModified = context.dialect.alters === "modify";
  if (isModified && kind === "PRIMARY KEY") return kind;
  if (name === undefined) return null;
  return `${isModified ? kind : "CONSTRAINT"} ${quoted(name, context)}`;
}

const addPrimaryKey: Translate = (change, context) => {
  onlyKnows(change, ["tableName", "schemaName", "columnNames", "constraintName", "validate"]);
  return addConstraint(change, context, {
    table: tableOf(change, context),
    clause: `PRIMARY KEY (${columnList(required(change, "columnNames"), context)})`,
    drop: dropClause("PRIMARY KEY", optional(change, "constraintName"), context),
  });
};

const addUniqueConstraint: Translate = (change, context) => {
  onlyKnows(change, [
    "tableName",
    "schemaName",
    "columnNames",
    "constraintName",
    "deferrable",
    "initiallyDeferred",
    "validate",
  ]);
  return addConstraint(change, context, {
    table: tableOf(change, context),
    clause: `UNIQUE (${columnList(required(change, "columnNames"), context)})${
      deferred(change, context)
    }`,
    drop: dropClause("KEY", optional(change, "constraintName"), context),
  });
};

const ACTIONS = /^(?:CASCADE|SET NULL|SET DEFAULT|RESTRICT|NO ACTION)$/i;

const addForeignKeyConstraint: Translate = (change, context) => {
  onlyKnows(change, [
    "baseTableName",
    "baseTableSchemaName",
    "baseColumnNames",
    "constraintName",
    "referencedTableName",
    "referencedTableSchemaName",
    "referencedColumnNames",
    "onDelete",
    "onUpdate",
    "deleteCascade",
    "deferrable",
    "initiallyDeferred",
    "referencesUniqueColumn",
    "validate",
  ]);
  if (optional(change, "validate")?.toLowerCase() === "false") {
    throw untranslated(change, " with validate");
  }
  const target = qualified(
    required(change, "referencedTableName"),
    optional(change, "referencedTableSchemaName"),
    context,
  );
  const action = (key: "onDelete" | "onUpdate", words: string) => {
    const said = optional(change, key);
    if (said === undefined) return "";
    if (!ACTIONS.test(said)) throw untranslated(change, ` with ${key}="${said}"`);
    return ` ${words} ${said.toUpperCase()}`;
  };
  const onDelete = action("onDelete", "ON DELETE");
  return addConstraint(change, context, {
    table: tableOf(change, context, "baseTableName"),
    clause: `FOREIGN KEY (${
      columnList(required(change, "baseColumnNames"), context)
    }) REFERENCES ${target} (${columnList(required(change, "referencedColumnNames"), context)})${
      action("onUpdate", "ON UPDATE")
    }${onDelete !== "" ? onDelete : isSet(change, "deleteCascade") ? " ON DELETE CASCADE" : ""}${
      deferred(change, context)
    }`,
    drop: dropClause("FOREIGN KEY", required(change, "constraintName"), context),
  });
};

function dropConstraint(
  kind: Parameters<typeof dropClause>[0],
  key: "tableName" | "baseTableName",
): Translate {
  return (change, context) => {
    onlyKnows(change, [
      key,
      "schemaName",
      "baseTableSchemaName",
      "constraintName",
      "uniqueColumns",
    ]);
    const clause = dropClause(kind, optional(change, "constraintName"), context);
    if (context.dialect.alters === "none" || clause === null) throw untranslated(change, " here");
    return { up: [`ALTER TABLE ${tableOf(change, context, key)} DROP ${clause}`], down: null };
  };
}

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

const addNotNullConstraint: Translate = (change, context) => {
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

const dropNotNullConstraint: Translate = (change, context) => {
  onlyKnows(change, NOT_NULL);
  return { up: [setNotNull(change, context, false)], down: [setNotNull(change, context, true)] };
};

function alterDefault(change: Element, context: ChangeContext, clause: string): string {
  const column = quoted(required(change, "columnName"), context);
  if (context.dialect.alters === "none") throw untranslated(change, " on this database");
  const word = context.dialect.alters === "clauses" ? "ALTER COLUMN" : "ALTER";
  return `ALTER TABLE ${tableOf(change, context)} ${word} ${column} ${clause}`;
}

const addDefaultValue: Translate = (change, context) => {
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

const dropDefaultValue: Translate = (change, context) => {
  onlyKnows(change, NOT_NULL);
  return { up: [alterDefault(change, context, "DROP DEFAULT")], down: null };
};

const createSequence: Translate = (change, context) => {
  onlyKnows(change, [
    "sequenceName",
    "schemaName",
    "dataType",
    "startValue",
    "incrementBy",
    "minValue",
    "maxValue",
    "cacheSize",
    "cycle",
  ]);
  if (!context.dialect.hasSequences) throw untranslated(change, " on this database");
  const name = qualified(required(change, "sequenceName"), optional(change, "schemaName"), context);
  const option = (key: string, words: string) => {
    const said = optional(change, key);
    return said === undefined ? "" : ` ${words} ${number(change, said)}`;
  };
  const type = optional(change, "dataType") === undefined
    ? ""
    : ` AS ${columnType(change, "dataType", context).sql}`;
  const options = option("startValue", "START WITH") + option("incrementBy", "INCREMENT BY") +
    option("minValue", "MINVALUE") + option("maxValue", "MAXVALUE") + option("cacheSize", "CACHE");
  return {
    up: [
      `CREATE SEQUENCE IF NOT EXISTS ${name}${type}${options}${
        isSet(change, "cycle") ? " CYCLE" : ""
      }`,
    ],
    down: [`DROP SEQUENCE ${name} CASCADE`],
  };
};

const dropSequence: Translate = (change, context) => {
  onlyKnows(change, ["sequenceName", "schemaName"]);
  if (!context.dialect.hasSequences) throw untranslated(change, " on this database");
  const name = qualified(required(change, "sequenceName"), optional(change, "schemaName"), context);
  return { up: [`DROP SEQUENCE ${name} CASCADE`], down: null };
};

const createView: Translate = (change, context) => {
  onlyKnows(change, [
    "viewName",
    "schemaName",
    "replaceIfExists",
    "fullDefinition",
    "encoding",
    "selectQuery",
  ]);
  const query = (optional(change, "selectQuery") ?? textOf(change)).trim().replace(/;\s*$/, "");
  const name = qualified(required(change, "viewName"), optional(change, "schemaName"), context);
  if (isSet(change, "fullDefinition")) return { up: [query], down: [`DROP VIEW ${name}`] };
  if (!isSet(change, "replaceIfExists")) {
    return { up: [`CREATE VIEW ${name} AS ${query}`], down: [`DROP VIEW ${name}`] };
  }
  const up = context.dialect.alters === "none"
    ? [`DROP VIEW IF EXISTS ${name}`, `CREATE VIEW ${name} AS ${query}`]
    : [`CREATE OR REPLACE VIEW ${name} AS ${query}`];
  return { up, down: null };
};

const dropView: Translate = (change, context) => {
  onlyKnows(change, ["viewName", "schemaName", "ifExists"]);
  const name = qualified(required(change, "viewName"), optional(change, "schemaName"), context);
  return { up: [`DROP VIEW ${isSet(change, "ifExists") ? "IF EXISTS " : ""}${name}`], down: null };
};

const dropTable: Translate = (change, context) => {
  onlyKnows(change, ["tableName", "schemaName", "cascadeConstraints"]);
  const cascade = isSet(change, "cascadeConstraints") && context.dialect.folds ? " CASCADE" : "";
  return { up: [`DROP TABLE ${tableOf(change, context)}${cascade}`], down: null };
};

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

const insert: Translate = (change, context) => {
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

const update: Translate = (change, context) => {
  onlyKnows(change, ["tableName", "schemaName", "where"]);
  const values = rowValues(change, context).map(({ name, value }) => `${name} = ${value}`);
  return {
    up: [`UPDATE ${tableOf(change, context)} SET ${values.join(", ")}${whereOf(change)}`],
    down: null,
  };
};

const deleteRows: Translate = (change, context) => {
  onlyKnows(change, ["tableName", "schemaName", "where"]);
  return { up: [`DELETE FROM ${tableOf(change, context)}${whereOf(change)}`], down: null };
};

const setTableRemarks: Translate = (change, context) => {
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

const setColumnRemarks: Translate = (change, context) => {
  onlyKnows(change, [...NOT_NULL, "remarks"]);
  if (context.dialect.remarks !== "statement") throw untranslated(change, " on this database");
  const column = quoted(required(change, "columnName"), context);
  const text = literal(required(change, "remarks"), context);
  return { up: [`COMMENT ON COLUMN ${tableOf(change, context)}.${column} IS ${text}`], down: null };
};

const nothing: Translate = () => ({ up: [], down: [] });

const CHANGES: Readonly<Record<string, Translate>> = {
  createTable,
  addColumn,
  dropColumn,
  renameColumn,
  renameTable,
  modifyDataType,
  createIndex,
  dropIndex,
  addPrimaryKey,
  dropPrimaryKey: dropConstraint("PRIMARY KEY", "tableName"),
  addUniqueConstraint,
  dropUniqueConstraint: dropConstraint("KEY", "tableName"),
  addForeignKeyConstraint,
  dropForeignKeyConstraint: dropConstraint("FOREIGN KEY", "baseTableName"),
  addNotNullConstraint,
  dropNotNullConstraint,
  addDefaultValue,
  dropDefaultValue,
  createSequence,
  dropSequence,
  createView,
  dropView,
  dropTable,
  insert,
  update,
  delete: deleteRows,
  setTableRemarks,
  setColumnRemarks,
  tagDatabase: nothing,
  empty: nothing,
  output: nothing,
};
