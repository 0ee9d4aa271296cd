/** Columns, constraints and expressions of Postgres' parse trees, as operations have them. */

import type { ColumnClause, ConstraintClause } from "../../../core/operation.ts";
import type { Tree } from "../../../parsers/postgres.ts";
import { list, nameOf, record, relationName } from "../../../parsers/postgres_tree.ts";

/** A type as it was written, but for aliases that the grammar resolves: `varchar(20)`, `int4`. */
export function typeText(value: unknown): string {
  const { names, typmods, arrayBounds } = record(value);
  const name = nameOf(names, true).replace(/^pg_catalog\./, "");
  const modifiers = list(typmods).map(expressionText);
  const suffix = list(arrayBounds).map(() => "[]").join("");
  return `${name}${modifiers.length === 0 ? "" : `(${modifiers.join(",")})`}${suffix}`;
}

/** An expression as far as rules read it: constants, casts and names of functions; `(expression)` for all else. */
export function expressionText(value: unknown): string {
  const [type = "", node] = Object.entries(record(value))[0] ?? [];
  const tree = record(node);
  switch (type) {
    case "A_Const":
      return constantText(tree);
    case "FuncCall":
      return `${nameOf(tree.funcname, true).replace(/^pg_catalog\./, "")}(${
        list(tree.args).map(expressionText).join(", ")
      })`;
    case "TypeCast":
      return `${expressionText(tree.arg)}::${typeText(tree.typeName)}`;
    case "SQLValueFunction":
      return String(tree.op ?? "").replace(/^SVFOP_/, "").toLowerCase();
    case "ColumnRef":
      return list(tree.fields).map((field) => String(record(record(field).String).sval ?? "*"))
        .join(".");
    default:
      return "(expression)";
  }
}

function constantText(tree: Tree): string {
  if (tree.isnull === true) return "NULL";
  const { sval, ival, fval, boolval } = tree;
  if (sval !== undefined) return `'${String(record(sval).sval ?? "").replaceAll("'", "''")}'`;
  if (fval !== undefined) return String(record(fval).fval ?? "0");
  if (boolval !== undefined) return String(record(boolval).boolval ?? false);
  return String(record(ival).ival ?? 0);
}

/** A ColumnDef. */
export function columnClause(value: unknown): ColumnClause {
  const tree = record(value);
  const constraints = list(tree.constraints).map((item) => record(record(item).Constraint));
  const of = (type: string) => constraints.find(({ contype }) => contype === `CONSTR_${type}`);
  const fallback = of("DEFAULT");
  const generated = of("GENERATED");
  const foreign = of("FOREIGN");
  const type = typeText(tree.typeName);
  const isSerial = /^(?:big|small)?serial[248]?$/.test(type);
  const text = fallback === undefined ? null : expressionText(fallback.raw_expr);
  return {
    name: String(tree.colname ?? ""),
    type,
    isRequired: of("NOTNULL") !== undefined || of("PRIMARY") !== undefined || isSerial ||
      of("IDENTITY") !== undefined,
    default: text === "NULL" ? null : text,
    generated: generated === undefined
      ? null
      : generated.generated_kind === "v"
      ? "virtual"
      : "stored",
    isIdentity: isSerial || of("IDENTITY") !== undefined,
    isUnique: of("UNIQUE") !== undefined,
    isPrimary: of("PRIMARY") !== undefined,
    hasCheck: of("CHECK") !== undefined,
    references: foreign === undefined ? null : relationName(foreign.pktable),
    isPlaced: false,
    collation: tree.collClause === undefined
      ? null
      : nameOf(record(record(tree.collClause).CollateClause ?? tree.collClause).collname, true),
  };
}

const CONSTRAINTS: Readonly<Record<string, ConstraintClause["type"]>> = {
  CONSTR_PRIMARY: "primary key",
  CONSTR_UNIQUE: "unique",
  CONSTR_FOREIGN: "foreign key",
  CONSTR_CHECK: "check",
  CONSTR_EXCLUSION: "exclusion",
  CONSTR_NOTNULL: "not null",
};

/** A Constraint that stands by itself; null for what is none, such as a mere attribute. */
export function constraintClause(value: unknown): ConstraintClause | null {
  const tree = record(value);
  const type = CONSTRAINTS[String(tree.contype)];
  if (type === undefined) return null;
  const names = (nodes: unknown) =>
    list(nodes).map((node) => String(record(record(node).String).sval ?? ""));
  return {
    type,
    name: tree.conname === undefined ? null : String(tree.conname),
    columns: type === "foreign key" ? names(tree.fk_attrs) : names(tree.keys),
    references: tree.pktable === undefined ? null : relationName(tree.pktable),
    referred: names(tree.pk_attrs),
    isUnvalidated: tree.skip_validation === true,
    index: tree.indexname === undefined ? null : String(tree.indexname),
  };
}
