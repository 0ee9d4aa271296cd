/** The version that a statement needs, from its parse tree: it knows nothing of the engine's own table. */

import { postgresParser, type Tree } from "../../src/parsers/postgres.ts";

const parse = await postgresParser();

/** The earliest major version that takes a statement, as far as its grammar tells; throws for one that does not parse. */
export function versionOf(sql: string): number {
  const trees = parse(sql);
  if (typeof trees === "string") throw new Error(`${trees}: ${sql}`);
  return Math.max(0, ...trees.map((tree) => latestIn(tree)));
}

function latestIn(node: unknown, place = ""): number {
  if (Array.isArray(node)) return Math.max(0, ...node.map((one) => latestIn(one, place)));
  if (typeof node !== "object" || node === null) return 0;
  if (place === "AlterDomainStmt" && text(node as Node).includes('"CONSTR_NOTNULL"')) return 17;
  const own = NODES[place]?.(node as Node) ?? 0;
  return Math.max(own, ...Object.entries(node).map(([key, value]) => latestIn(value, key)));
}

type Node = Tree & { readonly [key: string]: unknown };

/** By the name of a node: the version that its fields ask for. */
const NODES: Readonly<Record<string, (node: Node) => number>> = {
  AlterTableCmd: (node) => {
    const subtype = String(node.subtype);
    if (subtype === "AT_AddConstraint" && text(node.def).includes('"CONSTR_NOTNULL"')) return 18;
    if (subtype === "AT_SetAccessMethod") return node.name === undefined ? 17 : 15;
    if (subtype === "AT_SetStorage") return text(node.def).includes('"default"') ? 16 : 0;
    return COMMANDS[subtype] ?? 0;
  },
  AlterTableStmt: (node) =>
    node.objtype === "OBJECT_SEQUENCE" && text(node.cmds).includes("Logged") ? 15 : 0,
  ATAlterConstraint: (node) =>
    node.alterEnforceability === true || node.alterInheritability === true ? 18 : 0,
  ColumnDef: (node) =>
    node.storage_name !== undefined ? 16 : node.compression === undefined ? 0 : 14,
  Constraint: (node) => {
    const type = node.contype;
    if (type === "CONSTR_GENERATED") return node.generated_kind === "v" ? 18 : 12;
    if (type === "CONSTR_ATTR_NOT_ENFORCED" || node.without_overlaps === true) return 18;
    if (node.fk_with_period === true) return 18;
    if (type === "CONSTR_NOTNULL" && node.keys !== undefined) return 18;
    if ((type === "CONSTR_CHECK" || type === "CONSTR_FOREIGN") && node.is_enforced !== true) {
      return 18;
    }
    return node.nulls_not_distinct === true || node.fk_del_set_cols !== undefined ? 15 : 0;
  },
  IndexStmt: (node) => node.nulls_not_distinct === true ? 15 : 0,
  RenameStmt: (node) =>
    node.renameType === "OBJECT_TABCONSTRAINT" && /_not_null\d*$/.test(String(node.subname))
      ? 18
      : 0,
  AccessPriv: (node) => node.priv_name === "maintain" ? 17 : 0,
  PublicationObjSpec: (node) => String(node.pubobjtype).includes("SCHEMA") ? 15 : 0,
  pubtable: (node) => (node.columns ?? node.whereClause) === undefined ? 0 : 15,
  DefElem: (node) => OPTIONS[String(node.defname)] ?? 0,
  CreateSeqStmt: (node) => text(node.sequence).includes('"relpersistence":"u"') ? 15 : 0,
  MergeStmt: () => 15,
  CreateTrigStmt: (node) => node.replace === true ? 14 : 0,
  PartitionCmd: (node) => node.concurrent === true ? 14 : 0,
  CreateFunctionStmt: (node) => node.sql_body === undefined ? 0 : 14,
  StatsElem: (node) => node.expr === undefined ? 0 : 14,
};

const COMMANDS: Readonly<Record<string, number>> = {
  AT_SetExpression: 17,
  AT_SetCompression: 14,
  AT_DropExpression: 13,
};

const OPTIONS: Readonly<Record<string, number>> = {
  publish_generated_columns: 18,
  security_invoker: 15,
  multirange_type_name: 14,
  subscript: 14,
  publish_via_partition_root: 13,
};

function text(value: unknown): string {
  return JSON.stringify(value ?? null);
}
