/** The commands of ALTER TABLE, as operations. */

import type { Operation } from "../../../core/operation.ts";
import type { Tree } from "../../../parsers/postgres.ts";
import { list, record, relationName } from "../../../parsers/postgres_tree.ts";
import { columnClause, constraintClause, expressionText, typeText } from "./clauses.ts";

/** The operations of an AlterTableStmt. */
export function alterTableOperations(tree: Tree): readonly Operation[] {
  const on = relationName(tree.relation);
  const kind = KINDS[String(tree.objtype)] ?? "table";
  return list(tree.cmds).map((item) => {
    const command = record(record(item).AlterTableCmd);
    const cascade = command.behavior === "DROP_CASCADE" ? { isCascade: true } as const : {};
    const condition = command.missing_ok === true || tree.missing_ok === true
      ? { isConditional: true } as const
      : {};
    return { ...operationOf(command), on, kind, ...cascade, ...condition };
  });
}

const KINDS: Readonly<Record<string, string>> = {
  OBJECT_TABLE: "table",
  OBJECT_INDEX: "index",
  OBJECT_VIEW: "view",
  OBJECT_MATVIEW: "materialized view",
  OBJECT_SEQUENCE: "sequence",
  OBJECT_TYPE: "type",
  OBJECT_FOREIGN_TABLE: "foreign table",
};

type Bare = Omit<Operation, "on" | "kind">;

function operationOf(command: Tree): Bare {
  const subtype = String(command.subtype);
  const name = command.name === undefined ? {} : { name: String(command.name) };
  const definition = record(command.def);
  switch (subtype) {
    case "AT_AddColumn": {
      const column = columnClause(definition.ColumnDef);
      return { action: "add-column", name: column.name, column };
    }
    case "AT_AlterColumnType":
      return {
        action: "change-type",
        ...name,
        value: typeText(record(definition.ColumnDef).typeName),
      };
    case "AT_ColumnDefault":
      return command.def === undefined
        ? { action: "drop-default", ...name }
        : { action: "set-default", ...name, value: expressionText(command.def) };
    case "AT_AddConstraint": {
      const constraint = constraintClause(definition.Constraint);
      if (constraint === null) return { action: "other" };
      return { action: "add-constraint", constraint, ...named(constraint.name) };
    }
    case "AT_AttachPartition":
    case "AT_DetachPartition": {
      const partition = record(definition.PartitionCmd);
      const attaches = subtype === "AT_AttachPartition";
      return {
        action: attaches ? "attach-partition" : "detach-partition",
        name: relationName(partition.name),
        ...(partition.concurrent === true ? { isConcurrent: true } : {}),
      };
    }
    case "AT_SetExpression":
      return { action: "set-expression", ...name, value: expressionText(command.def) };
    default:
      return { action: ACTIONS[subtype] ?? "other", ...name, ...optionOf(subtype) };
  }
}

function named(name: string | null): { readonly name?: string } {
  return name === null ? {} : { name };
}

function optionOf(subtype: string): { readonly value?: string } {
  return OPTIONS[subtype] === undefined ? {} : { value: OPTIONS[subtype] };
}

const ACTIONS: Readonly<Record<string, Operation["action"]>> = {
  AT_DropColumn: "drop-column",
  AT_SetNotNull: "set-not-null",
  AT_DropNotNull: "drop-not-null",
  AT_DropConstraint: "drop-constraint",
  AT_ValidateConstraint: "validate-constraint",
  AT_DisableTrig: "disable-trigger",
  AT_DisableTrigAll: "disable-trigger",
  AT_DisableTrigUser: "disable-trigger",
  AT_SetLogged: "set-option",
  AT_SetUnLogged: "set-option",
  AT_SetTableSpace: "set-option",
  AT_SetAccessMethod: "set-option",
  AT_AddInherit: "set-option",
  AT_ClusterOn: "set-option",
  AT_AddIdentity: "set-option",
};

const OPTIONS: Readonly<Record<string, string>> = {
  AT_SetLogged: "logged",
  AT_SetUnLogged: "unlogged",
  AT_SetTableSpace: "tablespace",
  AT_SetAccessMethod: "access method",
  AT_AddInherit: "inherit",
  AT_ClusterOn: "cluster on",
  AT_AddIdentity: "identity",
  AT_DisableTrigAll: "all",
};
