/** An SQLite statement as operations, by SQLite's own grammar. */

import type { ColumnClause, ConstraintClause, Operation } from "../../core/operation.ts";
import { type Node, sqliteParser } from "../../parsers/sqlite.ts";
import { unquoted } from "../../sql/name.ts";

/** What a script of statements does; empty for what the grammar does not take. */
export async function operations(sql: string): Promise<readonly Operation[]> {
  const parse = await sqliteParser();
  const nodes = parse(sql);
  if (typeof nodes === "string") return newerAlter(sql);
  return nodes.flatMap((node) =>
    READERS[node.type]?.(node) ?? [{ action: "other", kind: "", on: "" }]
  );
}

/** What ALTER TABLE does from version 3.53 on, which the grammar does not know. */
function newerAlter(sql: string): readonly Operation[] {
  const [, table = "", rest = ""] =
    /^\s*ALTER\s+TABLE\s+((?:"[^"]+"|`[^`]+`|\[[^\]]+\]|[\w.$]+))\s+(.*)$/is
      .exec(sql) ?? [];
  const base = { kind: "table", on: unquoted(table) } as const;
  const [, column = "", verb = ""] =
    /^ALTER\s+(?:COLUMN\s+)?("[^"]+"|`[^`]+`|\[[^\]]+\]|[\w$]+)\s+(SET|DROP)\s+NOT\s+NULL/i
      .exec(rest) ?? [];
  if (column !== "") {
    const action = verb.toUpperCase() === "SET" ? "set-not-null" : "drop-not-null";
    return [{ action, ...base, name: unquoted(column) }];
  }
  const [, name, type] = /^ADD\s+(?:CONSTRAINT\s+("[^"]+"|[\w$]+)\s+)?(CHECK)\b/i.exec(rest) ?? [];
  if (type !== undefined) {
    const constraint: ConstraintClause = {
      type: "check",
      name: name === undefined ? null : unquoted(name),
      columns: [],
      references: null,
      referred: [],
      isUnvalidated: false,
      index: null,
    };
    return [{ action: "add-constraint", ...base, constraint }];
  }
  const [, dropped] = /^DROP\s+CONSTRAINT\s+("[^"]+"|[\w$]+)/i.exec(rest) ?? [];
  return dropped === undefined
    ? []
    : [{ action: "drop-constraint", ...base, name: unquoted(dropped) }];
}

/** False for no WHERE, and for one of constants alone. */
function chooses(where: unknown): boolean {
  return where !== undefined &&
    /"type":"(?!Literal"|BinaryExpr"|UnaryExpr")/.test(JSON.stringify(where));
}

type Read = (node: Node) => readonly Operation[];

const READERS: Readonly<Record<string, Read>> = {
  AlterTableStmt: alterTable,
  CreateTableStmt: createTable,
  CreateIndexStmt: createIndex,
  CreateViewStmt: (node) => [{ action: "create", kind: "view", on: nameIn(node.view_name) }],
  CreateTriggerStmt: (node) => [{
    action: "create",
    kind: "trigger",
    on: nameIn(node.table),
    name: nameIn(node.trigger_name),
  }],
  DropStmt: (node) => [{
    action: "drop",
    kind: String(node.object_type).toLowerCase(),
    on: nameIn(node.target),
    ...(node.if_exists === true ? { isConditional: true } : {}),
  }],
  InsertStmt: (node) => {
    const chosen = children(child(node.source).columns).map((column) => child(column.expr));
    const written = children(node.columns).map(columnOf);
    return [{
      action: "insert",
      kind: "table",
      on: nameIn(node.table),
      ...(written.length === 0 ? {} : { writes: written }),
      ...(chosen.length === 0 ? {} : {
        reads: chosen.map((expr) => expr.type === "ColumnRef" ? nameIn(expr.column) : null),
      }),
    }];
  },
  UpdateStmt: (node) => [{
    action: "update",
    kind: "table",
    on: nameIn(node.table),
    hasWhere: chooses(node.where_clause) || node.from_clause !== undefined,
  }],
  DeleteStmt: (node) => [{
    action: "delete",
    kind: "table",
    on: nameIn(node.table),
    hasWhere: chooses(node.where_clause),
  }],
  PragmaStmt: (node) => [{
    action: "set",
    kind: "setting",
    on: "",
    name: nameIn(node.pragma_name).toLowerCase(),
    value: String(node.value ?? "").toLowerCase(),
  }],
  TransactionStmt: (node) => {
    const action =
      ({ BEGIN: "begin", COMMIT: "commit", END: "commit", ROLLBACK: "rollback" } as const)[
        String(node.op) as "BEGIN"
      ];
    return [{ action: action ?? "other", kind: "transaction", on: "" }];
  },
};

function alterTable(node: Node): readonly Operation[] {
  const on = nameIn(node.target);
  const base = { kind: "table", on } as const;
  const [old, now] = [nameIn(node.old_name), nameIn(node.new_name)];
  switch (node.op) {
    case "ADD_COLUMN": {
      const column = columnClause(child(node.column));
      return [{ action: "add-column", ...base, name: column.name, column }];
    }
    case "DROP_COLUMN":
      return [{ action: "drop-column", ...base, name: old }];
    case "RENAME_COLUMN":
      return [{ action: "rename-column", ...base, name: old, newName: now }];
    case "RENAME_TABLE":
      return [{ action: "rename", ...base, newName: now }];
    default:
      return [{ action: "other", ...base }];
  }
}

function createTable(node: Node): readonly Operation[] {
  return [{
    action: "create",
    kind: "table",
    on: nameIn(node.table_name),
    columns: children(node.columns).map(columnClause),
    constraints: children(node.table_constraints).flatMap(constraintGroup),
    ...(node.if_not_exists === true ? { isConditional: true } : {}),
    ...(node.temporary === undefined || node.temporary === "NONE" ? {} : { isTemporary: true }),
  }];
}

function createIndex(node: Node): readonly Operation[] {
  return [{
    action: "create",
    kind: "index",
    on: nameIn(node.table_name),
    name: nameIn(node.index_name),
    index: {
      isUnique: node.is_unique === true,
      columns: children(node.columns).map(columnOf),
      method: "btree",
      isPartial: node.where_clause !== undefined,
    },
    ...(node.if_not_exists === true ? { isConditional: true } : {}),
  }];
}

function columnClause(node: Node): ColumnClause {
  const constraints = children(node.constraints);
  const of = (kind: string) => constraints.find((one) => one.kind === kind);
  const fallback = of("DEFAULT");
  const generated = of("GENERATED");
  const foreign = child(of("REFERENCES")?.fk_clause);
  const type = String(node.type_name ?? "").toLowerCase();
  const text = fallback === undefined ? null : expressionText(child(fallback.default_expr));
  return {
    name: nameIn(node.column_name),
    type,
    isRequired: of("NOT_NULL") !== undefined,
    default: text === null || /^null$/i.test(text) ? null : text,
    generated: generated === undefined
      ? null
      : generated.generated_storage === "STORED"
      ? "stored"
      : "virtual",
    isIdentity: of("PRIMARY_KEY") !== undefined && type === "integer",
    isUnique: of("UNIQUE") !== undefined,
    isPrimary: of("PRIMARY_KEY") !== undefined,
    hasCheck: of("CHECK") !== undefined,
    references: foreign.ref_table === undefined ? null : nameIn(foreign.ref_table),
    isPlaced: false,
    collation: null,
  };
}

const TYPES: Readonly<Record<string, ConstraintClause["type"]>> = {
  PRIMARY_KEY: "primary key",
  UNIQUE: "unique",
  FOREIGN_KEY: "foreign key",
  CHECK: "check",
};

/** A constraint with the name before it. */
function constraintGroup(node: Node): readonly ConstraintClause[] {
  const parts = children(node);
  const named = parts.find(({ type }) => type === "ConstraintNameDeclaration");
  const name = named === undefined ? null : nameIn(named.name);
  return parts.flatMap((part) => constraintClause(part, name));
}

function constraintClause(node: Node, name: string | null): readonly ConstraintClause[] {
  const type = TYPES[String(node.kind)];
  if (type === undefined) return [];
  const foreign = child(node.fk_clause);
  return [{
    type,
    name,
    columns: children(node.pk_columns ?? node.fk_columns).map(columnOf),
    references: foreign.ref_table === undefined ? null : nameIn(foreign.ref_table),
    referred: children(foreign.ref_columns).map(columnOf),
    isUnvalidated: false,
    index: null,
  }];
}

/** The text of a default: a literal, or the kind of expression. */
function expressionText(node: Node): string {
  if (node.type === "Literal") return String(node.source ?? "");
  if (node.type === "ColumnRef") return String(node.column ?? "");
  // A sign before a number is part of the constant.
  const operand = child(node.operand ?? node.expr);
  if (node.type === "UnaryExpr" && operand.type === "Literal") return String(operand.source ?? "");
  return "(expression)";
}

/** The column of an index's term, a key's term or a reference; `(expression)` for an expression. */
function columnOf(node: Node): string {
  const inner = child(node.expr);
  const column = inner.column ?? node.column;
  return column === undefined ? "(expression)" : nameIn(column);
}

/** A name, wherever it stands: a text, an identifier, a qualified name or a table of FROM. */
function nameIn(value: unknown): string {
  if (typeof value === "string") return unquoted(value);
  const node = child(value);
  const own = node.source ?? node.table_name ?? node.object_name;
  return own === undefined ? "" : nameIn(own);
}

function child(value: unknown): Node {
  return typeof value === "object" && value !== null ? value as Node : { type: "" };
}

function children(value: unknown): readonly Node[] {
  const list = child(value).children;
  return Array.isArray(list) ? list : [];
}
