/** The policy for SQLite, over its own grammar's parse tree. What is not named here as harmless is refused. */

import type { Lexicon } from "../../sql/lexicon.ts";
import { DraftTables } from "./draft_tables.ts";
import type { Allowance, Policy } from "./policy.ts";
import { parsedStatements, type Place } from "./parsed.ts";
import { sqliteCopy } from "./sqlite_copy.ts";
import { type Node, type ParseSqlite, sqliteParser } from "../../parsers/sqlite.ts";
import { children, nameOf, record, walk } from "./sqlite_tree.ts";

/** Loads the parser and gives the policy. */
export async function sqlitePolicy(lexicon: Lexicon): Promise<Policy> {
  const parse = await sqliteParser();
  return {
    statements: parsedStatements({ lexicon, parse, plain: (name) => name.toLowerCase(), refusal }),
    expression: (sql) => expressionRefusal(parse, sql),
  };
}

const SHAPING = new Set([
  "CreateTableStmt",
  "AlterTableStmt",
  "CreateIndexStmt",
  "CreateViewStmt",
  "CreateTriggerStmt",
  "CreateVirtualTableStmt",
  "DropStmt",
  "InsertStmt",
  "UpdateStmt",
  "DeleteStmt",
]);

const REASONS: Readonly<Record<string, string>> = {
  TransactionStmt: "the runner opens and ends transactions",
  SavepointStmt: "the runner opens and ends transactions",
  AttachStmt: "it opens another database file",
  DetachStmt: "it closes a database file",
  VacuumStmt: "it writes files",
  SelectStmt: "a query changes nothing",
};

/** Pragmas that a rebuild of a table needs; all others are settings that no change asks for. */
const PRAGMAS = ["foreign_keys", "defer_foreign_keys", "legacy_alter_table", "foreign_key_check"];

/** Functions that reach out of the database. */
const REACHING =
  /^(?:load_extension|readfile|writefile|edit|lsdir|fsdir|zipfile|sqlar_|fts3_tokenizer|sqlite_dbpage|dbstat)/i;

/** Modules of virtual tables that read files. */
const READING_MODULES = /^(?:csv|vsv|fsdir|zipfile|dbstat|sqlite_dbpage|sqlite_dbdata)/i;

/** A table of SQLite's own that a rebuild may have to set. */
const OWN_TABLES = new Set(["sqlite_sequence"]);

function refusal(
  nodes: readonly Node[],
  { allowance, tables, statement }: Place,
): string | null {
  if (nodes.length === 0) return "it is empty";
  const [node] = nodes;
  if (nodes.length > 1 || node === undefined) return "it is more than one statement";
  if (node.type === "PragmaStmt") {
    const name = String(node.pragma_name ?? "").toLowerCase();
    return PRAGMAS.includes(name) ? null : `no change asks for the setting ${name}`;
  }
  if (!SHAPING.has(node.type)) {
    return REASONS[node.type] ?? "a migration has no business with it";
  }
  return callRefusal(node) ?? shapeRefusal(node, allowance) ??
    tableRefusal(node, tables, statement);
}

function shapeRefusal(node: Node, allowance: Allowance): string | null {
  if (/^TEMP/i.test(String(node.temporary ?? "")) || node.is_temp === true) {
    return "a temporary object is not in the schema";
  }
  if (node.type !== "CreateVirtualTableStmt") return null;
  const module = String(node.module_name ?? "");
  if (READING_MODULES.test(module)) return `the module ${module} reads files`;
  return allowance.kinds.has("virtual table") ? null : "no change asks for a virtual table";
}

function callRefusal(node: Node): string | null {
  let found: string | null = null;
  walk(node, (inner) => {
    const name = String(inner.func_name ?? "");
    if (name !== "" && REACHING.test(name)) found ??= `it calls ${name}`;
    const schema = nameOf(inner.schema);
    if (schema !== "" && schema.toLowerCase() !== "main") {
      found ??= `it reaches the database ${schema}`;
    }
  });
  return found;
}

/** Rows and tables: only what a change touches, or what this draft made itself. */
function tableRefusal(node: Node, tables: DraftTables, statement: number): string | null {
  switch (node.type) {
    case "CreateTableStmt":
    case "CreateVirtualTableStmt":
      return createRefusal(node, tables, statement);
    case "CreateViewStmt":
      tables.view(nameOf(node.view_name));
      return null;
    case "CreateTriggerStmt":
      return tables.code("trigger", nameOf(node.trigger_name));
    case "CreateIndexStmt":
      return null;
    case "InsertStmt":
    case "UpdateStmt":
    case "DeleteStmt":
      return rowRefusal(node, tables, statement);
    case "AlterTableStmt":
      return alterRefusal(node, tables);
    case "DropStmt":
      return node.object_type === "TABLE"
        ? tables.drop(nameOf(record(node.target).object_name), statement)
        : null;
    default:
      return null;
  }
}

function createRefusal(node: Node, tables: DraftTables, statement: number): string | null {
  const name = nameOf(node.table_name ?? node.target ?? node.name);
  const columns = children(node.columns).map(({ column_name }) => nameOf(column_name));
  const copy = sqliteCopy(node.as_select, node);
  return tables.create(name, node.if_not_exists === true, columns) ??
    (copy === null ? null : tables.copy(name, copy, statement));
}

function rowRefusal(node: Node, tables: DraftTables, statement: number): string | null {
  const table = nameOf(record(node.table).table_name);
  if (OWN_TABLES.has(table)) return null;
  switch (node.type) {
    case "UpdateStmt":
      return /REPLACE/.test(String(node.conflict_action))
        ? "UPDATE OR REPLACE deletes rows"
        : tables.update(table, columnsSet(node.setlist));
    case "DeleteStmt":
      return tables.delete(table, statement);
    default: {
      const replaces = /REPLACE/.test(`${node.keyword} ${node.conflict_action}`);
      const copy = sqliteCopy(node.source, node);
      return tables.insert(table) ?? (copy === null ? null : tables.copy(table, copy, statement)) ??
        tables.update(table, children(node.upsert).flatMap(({ setlist }) => columnsSet(setlist))) ??
        (replaces ? tables.delete(table, statement) : null);
    }
  }
}

/** The columns of a SET clause. */
function columnsSet(setlist: unknown): readonly string[] {
  return children(setlist).flatMap(({ column, columns }) =>
    columns === undefined || columns === null
      ? [nameOf(column)]
      : children(columns).map((one) => nameOf(one.column))
  );
}

function alterRefusal(node: Node, tables: DraftTables): string | null {
  const table = nameOf(record(node.target).object_name);
  switch (node.op) {
    case "RENAME_TABLE":
      return tables.rename(table, nameOf(node.new_name));
    case "RENAME_COLUMN":
      return tables.renameColumn(table, nameOf(node.old_name), nameOf(node.new_name));
    case "ADD_COLUMN":
      return tables.addColumn(table, nameOf(record(node.column).column_name));
    case "DROP_COLUMN":
      return tables.touch(table) ?? tables.touchColumn(table, nameOf(node.old_name));
    default:
      return tables.touch(table);
  }
}

/** `SELECT (expression)` must be one query of one column and nothing else. */
function expressionRefusal(parse: ParseSqlite, sql: string): string | null {
  const nodes = parse(`SELECT (${sql}\n)`);
  if (typeof nodes === "string") return nodes;
  const [only] = nodes;
  const columns = record(only?.columns).count;
  const bare = only !== undefined &&
    Object.keys(only).every((key) => ["columns", "flags", "type"].includes(key));
  if (nodes.length !== 1 || only?.type !== "SelectStmt" || columns !== 1 || !bare) {
    return "it is more than one expression";
  }
  return callRefusal(only);
}
