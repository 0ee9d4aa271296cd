/** A Postgres statement as operations, by the server's own grammar. */

import type { Operation } from "../../../core/operation.ts";
import { postgresParser, type Tree } from "../../../parsers/postgres.ts";
import { list, nameOf, record, relationName } from "../../../parsers/postgres_tree.ts";
import { alterTableOperations } from "./alter_table.ts";
import { columnClause, constraintClause, expressionText } from "./clauses.ts";
import { bodyOf, statementsIn } from "./do_block.ts";

/** What a script of statements does; empty for what the grammar does not take. */
export async function operations(sql: string): Promise<readonly Operation[]> {
  const parse = await postgresParser();
  const trees = parse(sql);
  if (typeof trees === "string") return [];
  return trees.flatMap((tree) => {
    const own = operationsOf(tree);
    const [code] = own;
    if (code?.action !== "run-code") return own;
    // What a block of code may do, whether or not it does it here.
    const inner = statementsIn(code.value ?? "").flatMap((statement) => {
      const parsed = parse(statement);
      return typeof parsed === "string" ? [] : parsed.flatMap(operationsOf);
    });
    const block: Operation = { action: "run-code", kind: "", on: "" };
    return [block, ...inner.map((one) => ({ ...one, isConditional: true } as const))];
  });
}

function operationsOf(tree: Tree): readonly Operation[] {
  const [type = "", node] = Object.entries(tree)[0] ?? [];
  return READERS[type]?.(record(node)) ?? [{ action: "other", kind: "", on: "" }];
}

type Read = (tree: Tree) => readonly Operation[];

const READERS: Readonly<Record<string, Read>> = {
  AlterTableStmt: alterTableOperations,
  CreateStmt: createTable,
  CreateTableAsStmt: (tree) => {
    const into = record(tree.into);
    const kind = tree.objtype === "OBJECT_MATVIEW" ? "materialized view" : "table";
    return [{ action: "create", kind, on: relationName(into.rel) }];
  },
  ViewStmt: (tree) => [{ action: "create", kind: "view", on: relationName(tree.view) }],
  IndexStmt: createIndex,
  CreateEnumStmt: (tree) => [{ action: "create", kind: "type", on: nameOf(tree.typeName, true) }],
  CreateDomainStmt: (tree) => [{
    action: "create",
    kind: "type",
    on: nameOf(tree.domainname, true),
  }],
  CompositeTypeStmt: (tree) => [{ action: "create", kind: "type", on: relationName(tree.typevar) }],
  CreateSchemaStmt: (tree) => [{ action: "create", kind: "schema", on: String(tree.schemaname) }],
  CreateExtensionStmt: (tree) => [{
    action: "create",
    kind: "extension",
    on: String(tree.extname),
    ...conditional(tree.if_not_exists),
  }],
  CreateFunctionStmt: (tree) => [{
    action: "create",
    kind: "function",
    on: nameOf(tree.funcname, true),
  }],
  CreateTrigStmt: (tree) => [{
    action: "create",
    kind: "trigger",
    on: relationName(tree.relation),
    name: String(tree.trigname),
  }],
  CreateSeqStmt: (
    tree,
  ) => [{ action: "create", kind: "sequence", on: relationName(tree.sequence) }],
  CreatePolicyStmt: (tree) => [{
    action: "create",
    kind: "policy",
    on: relationName(tree.table),
    name: String(tree.policy_name),
  }],
  DropStmt: dropObjects,
  DropdbStmt: (tree) => [{ action: "drop", kind: "database", on: String(tree.dbname) }],
  RenameStmt: rename,
  AlterObjectSchemaStmt: (tree) => [{
    action: "set-schema",
    kind: kindOf(tree.objectType),
    on: tree.relation === undefined ? objectName(tree.object) : relationName(tree.relation),
    newName: String(tree.newschema),
  }],
  AlterEnumStmt: (tree) => [{
    action: tree.oldVal === undefined ? "add-value" : "rename-value",
    kind: "type",
    on: nameOf(tree.typeName, true),
    name: String(tree.oldVal ?? tree.newVal),
    ...(tree.oldVal === undefined ? {} : { newName: String(tree.newVal) }),
    ...(tree.newValNeighbor === undefined ? {} : { isPlaced: true }),
    ...conditional(tree.skipIfNewValExists),
  }],
  AlterDomainStmt: alterDomain,
  TruncateStmt: (tree) =>
    list(tree.relations).map((item) => ({
      action: "truncate",
      kind: "table",
      on: relationName(record(item).RangeVar),
      ...cascading(tree.behavior),
    })),
  ReindexStmt: reindex,
  VacuumStmt: (tree) =>
    hasOption(tree.options, "full")
      ? (tree.rels === undefined ? [{}] : list(tree.rels)).map((item) => ({
        action: "rebuild",
        kind: "table",
        on: relationName(record(record(item).VacuumRelation).relation),
        value: "vacuum full",
      }))
      : [{ action: "other", kind: "table", on: "", value: "vacuum" }],
  LockStmt: (tree) =>
    list(tree.relations).map((item) => ({
      action: "other",
      kind: "table",
      on: relationName(record(item).RangeVar),
      value: "lock",
    })),
  ClusterStmt: (tree) => [{
    action: "rebuild",
    kind: "table",
    on: relationName(tree.relation),
    value: "cluster",
  }],
  RefreshMatViewStmt: (tree) => [{
    action: "refresh",
    kind: "materialized view",
    on: relationName(tree.relation),
    ...concurrent(tree.concurrent),
    ...(tree.skipData === true ? { value: "no data" } : {}),
  }],
  VariableSetStmt: (tree) => [{
    action: "set",
    kind: "setting",
    on: "",
    name: String(tree.name ?? ""),
    value: list(tree.args).map((arg) => expressionText(arg).replaceAll("'", "")).join(", "),
    ...(tree.is_local === true ? { isPlaced: true } : {}),
  }],
  TransactionStmt: (tree) => {
    const action = TRANSACTION[String(tree.kind)];
    return [{ action: action ?? "other", kind: "transaction", on: "" }];
  },
  InsertStmt: (tree) => [{ action: "insert", kind: "table", on: relationName(tree.relation) }],
  UpdateStmt: (tree) => [{
    action: "update",
    kind: "table",
    on: relationName(tree.relation),
    hasWhere: chooses(tree.whereClause) || tree.fromClause !== undefined,
  }],
  DeleteStmt: (tree) => [{
    action: "delete",
    kind: "table",
    on: relationName(tree.relation),
    hasWhere: chooses(tree.whereClause) || tree.usingClause !== undefined,
  }],
  // What a query writes in its WITH.
  SelectStmt: (tree) => {
    const written = list(record(tree.withClause).ctes).flatMap((item) => {
      const query = record(record(record(item).CommonTableExpr).ctequery);
      const [type = "", node] = Object.entries(query)[0] ?? [];
      return type === "SelectStmt" ? [] : READERS[type]?.(record(node)) ?? [];
    });
    return written.length > 0 ? written : [{ action: "other", kind: "", on: "" }];
  },
  DoStmt: (tree) => [{ action: "run-code", kind: "", on: "", value: bodyOf(tree) }],
};

/** False for no WHERE, and for one that looks at nothing of the row. */
function chooses(where: unknown): boolean {
  return where !== undefined && LOOKS.test(JSON.stringify(where));
}

const LOOKS = /"(?:ColumnRef|SubLink|FuncCall|CurrentOfExpr|ParamRef)":/;

const TRANSACTION: Readonly<Record<string, Operation["action"]>> = {
  TRANS_STMT_BEGIN: "begin",
  TRANS_STMT_START: "begin",
  TRANS_STMT_COMMIT: "commit",
  TRANS_STMT_ROLLBACK: "rollback",
};

function createTable(tree: Tree): readonly Operation[] {
  const elements = list(tree.tableElts).map(record);
  const parent = list(tree.inhRelations).map((item) => relationName(record(item).RangeVar))[0];
  return [{
    action: "create",
    kind: "table",
    on: relationName(tree.relation),
    columns: elements.flatMap(({ ColumnDef }) =>
      ColumnDef === undefined ? [] : [columnClause(ColumnDef)]
    ),
    constraints: elements.flatMap(({ Constraint }) => {
      const clause = Constraint === undefined ? null : constraintClause(Constraint);
      return clause === null ? [] : [clause];
    }),
    ...(tree.partbound === undefined || parent === undefined ? {} : { name: parent }),
    ...(record(tree.relation).relpersistence === "t" ? { isTemporary: true } : {}),
    ...(record(tree.relation).relpersistence === "u" ? { value: "unlogged" } : {}),
    ...conditional(tree.if_not_exists),
  }];
}

function createIndex(tree: Tree): readonly Operation[] {
  const columns = list(tree.indexParams).map((item) => {
    const element = record(record(item).IndexElem);
    return element.name === undefined ? expressionText(element.expr) : String(element.name);
  });
  return [{
    action: "create",
    kind: "index",
    on: relationName(tree.relation),
    ...(tree.idxname === undefined ? {} : { name: String(tree.idxname) }),
    index: {
      isUnique: tree.unique === true,
      columns,
      method: String(tree.accessMethod ?? "btree"),
      isPartial: tree.whereClause !== undefined,
    },
    ...concurrent(tree.concurrent),
    ...conditional(tree.if_not_exists),
  }];
}

function dropObjects(tree: Tree): readonly Operation[] {
  const kind = kindOf(tree.removeType);
  return list(tree.objects).map((object) => {
    const whole = objectName(object);
    // Triggers, policies and rules are named behind their table.
    const isMember = kind === "trigger" || kind === "policy" || kind === "rule";
    const at = isMember ? whole.lastIndexOf(".") : -1;
    return {
      action: "drop",
      kind,
      on: at < 0 ? whole : whole.slice(0, at),
      ...(at < 0 ? {} : { name: whole.slice(at + 1) }),
      ...cascading(tree.behavior),
      ...concurrent(tree.concurrent),
      ...conditional(tree.missing_ok),
    };
  });
}

function rename(tree: Tree): readonly Operation[] {
  const kind = kindOf(tree.renameType);
  const relation = tree.relation === undefined ? null : relationName(tree.relation);
  const newName = String(tree.newname);
  const name = String(tree.subname ?? "");
  if (kind === "column") {
    return [{ action: "rename-column", kind: "table", on: relation ?? "", name, newName }];
  }
  if (kind === "constraint") {
    return [{ action: "rename-constraint", kind: "table", on: relation ?? "", name, newName }];
  }
  const on = kind === "schema" ? name : relation ?? objectName(tree.object);
  return [{ action: "rename", kind, on, newName }];
}

function alterDomain(tree: Tree): readonly Operation[] {
  const on = nameOf(tree.typeName, true);
  const base = { kind: "domain", on } as const;
  if (tree.subtype === "C") {
    const constraint = constraintClause(record(tree.def).Constraint);
    return constraint === null
      ? [{ action: "other", ...base }]
      : [{ action: "add-constraint", ...base, constraint }];
  }
  const action = ({
    O: "set-not-null",
    N: "drop-not-null",
    X: "drop-constraint",
    V: "validate-constraint",
  } as const)[
    String(tree.subtype) as "O" | "N" | "X" | "V"
  ];
  return [{ action: action ?? "other", ...base }];
}

function reindex(tree: Tree): readonly Operation[] {
  const kind = String(tree.kind).replace("REINDEX_OBJECT_", "").toLowerCase();
  return [{
    action: "reindex",
    kind,
    on: tree.relation === undefined ? String(tree.name ?? "") : relationName(tree.relation),
    ...concurrent(hasOption(tree.params, "concurrently")),
  }];
}

function hasOption(options: unknown, name: string): boolean {
  return list(options).some((item) => {
    const { defname, arg } = record(record(item).DefElem);
    return defname === name && !(arg !== undefined && OFF.test(JSON.stringify(arg)));
  });
}

/** What an option has as its value where it is not wanted. */
const OFF = /"sval":"(?:false|off|0)"|"(?:Integer|Boolean)":\{\}/i;

function kindOf(type: unknown): string {
  const word = String(type).replace("OBJECT_", "").toLowerCase();
  return KINDS[word] ?? word.replaceAll("_", " ");
}

const KINDS: Readonly<Record<string, string>> = {
  matview: "materialized view",
  tabconstraint: "constraint",
  domconstraint: "domain constraint",
};

/** The name of an object in DROP, RENAME and the like: a list, a function with its arguments, a type. */
function objectName(value: unknown): string {
  const node = record(value);
  if (node.List !== undefined) return nameOf(record(node.List).items, true);
  if (node.ObjectWithArgs !== undefined) return nameOf(record(node.ObjectWithArgs).objname, true);
  if (node.TypeName !== undefined) return nameOf(record(node.TypeName).names, true);
  return String(record(node.String).sval ?? "");
}

function cascading(behavior: unknown): { readonly isCascade?: true } {
  return behavior === "DROP_CASCADE" ? { isCascade: true } : {};
}

function concurrent(value: unknown): { readonly isConcurrent?: true } {
  return value === true ? { isConcurrent: true } : {};
}

function conditional(value: unknown): { readonly isConditional?: true } {
  return value === true ? { isConditional: true } : {};
}
