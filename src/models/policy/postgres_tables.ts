/** Rows and tables in Postgres' parse trees: only what a change touches, or what the draft made itself. */

import type { DraftTables } from "./draft_tables.ts";
import type { Tree } from "./postgres_parser.ts";
import { list, nameOf, record, relationName, walk } from "./postgres_tree.ts";

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
      return tables.insert(relation) ??
        tables.update(relation, targets(record(node.onConflictClause)));
    case "UpdateStmt":
      return tables.update(relation, targets(node));
    case "DeleteStmt":
      return tables.delete(relation, statement);
    case "MergeStmt":
      return mergeRefusal(relation, node, options);
    case "CreateStmt":
      return tables.create(relation, node.if_not_exists === true);
    case "CreateTableAsStmt":
      return tables.create(relationName(record(node.into).rel), node.if_not_exists === true);
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
      return dropRefusal(node, tables);
    default:
      return null;
  }
}

function targets(node: Tree): readonly string[] {
  return list(node.targetList).map((target) => String(record(record(target).ResTarget).name ?? ""));
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
      ? tables.insert(relation)
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
      : subtype === "AT_DropColumn"
      ? tables.touchColumn(relation, String(name ?? ""))
      : subtype === "AT_SetIdentity" && restarts(record(record(def).List).items)
      ? "it restarts a sequence"
      : null;
    if (reason !== null && node.objtype === "OBJECT_TABLE") return reason;
  }
  return node.objtype === "OBJECT_TABLE" ? tables.touch(relation) : null;
}

function restarts(options: unknown): boolean {
  return list(options).some((option) => record(record(option).DefElem).defname === "restart");
}

function dropRefusal(node: Tree, tables: DraftTables): string | null {
  if (node.removeType !== "OBJECT_TABLE") return null;
  for (const object of list(node.objects)) {
    const reason = tables.drop(nameOf(record(record(object).List).items, true));
    if (reason !== null) return reason;
  }
  return null;
}
