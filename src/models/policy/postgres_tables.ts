/** Rows and tables in Postgres' parse trees: only what a change touches, or what the draft made itself. */

import type { DraftTables } from "./draft_tables.ts";
import { postgresCopy } from "./postgres_copy.ts";
import type { Tree } from "../../parsers/postgres.ts";
import { list, nameOf, record, relationName, walk } from "../../parsers/postgres_tree.ts";

/** A name without the schema that migrations run in. */
export function plainName(name: string): string {
  return name.replace(/^public\./, "");
}

/** Why a statement, counted from 1, is refused, or null. What it makes, drops and renames is noted. */
export function tableRefusal(tree: unknown, tables: DraftTables, statement: number): string | null {
  let found: string | null = null;
  walk(tree, (type, node) => {
    found ??= nodeRefusal(type, node, { tables, statement });
  });
  return found;
}

interface Options {
  readonly tables: DraftTables;
  readonly statement: number;
}

function nodeRefusal(type: string, node: Tree, options: Options): string | null {
  const { tables, statement } = options;
  const relation = relationName(node.relation);
  switch (type) {
    case "InsertStmt":
      return tables.insert(relation) ?? copyRefusal(relation, node.selectStmt, node, options) ??
        tables.update(relation, targets(record(node.onConflictClause)));
    case "UpdateStmt":
      return tables.update(relation, targets(node));
    case "DeleteStmt":
      return tables.delete(relation, statement);
    case "MergeStmt":
      return mergeRefusal(relation, node, options);
    case "CreateStmt":
      return tables.create(relation, node.if_not_exists === true, columnsOf(node));
    case "CreateTableAsStmt": {
      const name = relationName(record(node.into).rel);
      return tables.create(name, node.if_not_exists === true) ??
        copyRefusal(name, node.query, node, options);
    }
    case "ViewStmt":
      tables.view(relationName(node.view));
      return null;
    case "IndexStmt":
      return tables.touch(relation);
    case "AlterSeqStmt":
      return restarts(node.options) ? "it restarts a sequence" : null;
    case "RenameStmt":
      return renameRefusal(relation, node, tables);
    case "AlterObjectSchemaStmt":
      if (node.objectType !== "OBJECT_TABLE") return null;
      return tables.rename(relation, `${node.newschema}.${record(node.relation).relname}`);
    case "AlterTableStmt":
      return alterRefusal(relation, node, tables);
    case "DropStmt":
      return dropRefusal(node, options);
    default:
      return null;
  }
}

function targets(node: Tree): readonly string[] {
  return list(node.targetList).map((target) => String(record(record(target).ResTarget).name ?? ""));
}

/** A MERGE passes over rows. */
const MERGED = { onConflictClause: {} };

function copyRefusal(
  target: string,
  query: unknown,
  node: Tree,
  { tables, statement }: Options,
): string | null {
  const copy = postgresCopy(query, node);
  return copy === null ? null : tables.copy(target, copy, statement);
}

/** Columns in order; none where another table's are taken over. */
function columnsOf(node: Tree): readonly string[] {
  const elements = list(node.tableElts);
  if (elements.some((element) => record(element).TableLikeClause !== undefined)) return [];
  return elements.flatMap((element) => {
    const { colname } = record(record(element).ColumnDef);
    return colname === undefined ? [] : [String(colname)];
  });
}

function mergeRefusal(relation: string, node: Tree, options: Options): string | null {
  const { tables, statement } = options;
  for (const item of list(node.mergeWhenClauses)) {
    const clause = record(record(item).MergeWhenClause);
    const reason = clause.commandType === "CMD_DELETE"
      ? tables.delete(relation, statement)
      : clause.commandType === "CMD_UPDATE"
      ? tables.update(relation, targets(clause))
      : clause.commandType === "CMD_INSERT"
      ? tables.insert(relation) ?? copyRefusal(relation, node.sourceRelation, MERGED, options)
      : null;
    if (reason !== null) return reason;
  }
  return tables.touch(relation);
}

function renameRefusal(relation: string, node: Tree, tables: DraftTables): string | null {
  const to = String(node.newname ?? "");
  switch (node.renameType) {
    case "OBJECT_TABLE": {
      const { schemaname } = record(node.relation);
      return tables.rename(relation, schemaname === undefined ? to : `${schemaname}.${to}`);
    }
    case "OBJECT_COLUMN":
      return node.relationType === "OBJECT_TABLE"
        ? tables.renameColumn(relation, String(node.subname ?? ""), to)
        : null;
    case "OBJECT_TABCONSTRAINT":
      return tables.touch(relation);
    default:
      return null;
  }
}

function alterRefusal(relation: string, node: Tree, tables: DraftTables): string | null {
  for (const item of list(node.cmds)) {
    const { subtype, name, def } = record(record(item).AlterTableCmd);
    const reason = subtype === "AT_AddColumn"
      ? tables.addColumn(relation, String(record(record(def).ColumnDef).colname ?? ""))
      : subtype === "AT_AlterColumnType" && computes(record(record(def).ColumnDef).raw_default)
      ? tables.computeColumn(relation, String(name ?? ""))
      : subtype === "AT_DropColumn"
      ? tables.touchColumn(relation, String(name ?? ""))
      : subtype === "AT_SetIdentity" && restarts(record(record(def).List).items)
      ? "it restarts a sequence"
      : null;
    if (reason !== null && node.objtype === "OBJECT_TABLE") return reason;
  }
  return node.objtype === "OBJECT_TABLE" ? tables.touch(relation) : null;
}

/** True for a USING that does more than to convert a column. */
function computes(value: unknown): boolean {
  const { TypeCast, CollateClause, ColumnRef } = record(value);
  const inner = TypeCast ?? CollateClause;
  if (inner !== undefined) return computes(record(inner).arg);
  return value !== undefined && ColumnRef === undefined;
}

function restarts(options: unknown): boolean {
  return list(options).some((option) => record(record(option).DefElem).defname === "restart");
}

function dropRefusal(node: Tree, { tables, statement }: Options): string | null {
  if (node.removeType !== "OBJECT_TABLE") return null;
  for (const object of list(node.objects)) {
    const reason = tables.drop(nameOf(record(record(object).List).items, true), statement);
    if (reason !== null) return reason;
  }
  return null;
}
