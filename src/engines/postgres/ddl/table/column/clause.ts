/** A column as it stands in CREATE TABLE and ADD COLUMN. */

import type { Identity } from "../../../catalog/column.ts";
import { generatedName } from "../../../generated_name.ts";
import { joinName, lastName } from "../../../names.ts";
import type { Column, Default, Sequence } from "../../../objects.ts";
import { ident, literal, reference } from "../../../quote.ts";
import { ownerOf, schemaOf } from "../../clauses/relation.ts";
import { sequenceClauses } from "../sequence_options.ts";
import { generatedClause } from "./generated.ts";

/** What goes into one column's clause. */
export interface ColumnParts {
  readonly column: Column;
  /** Its default, where the clause is to carry it. */
  readonly default?: Default | undefined;
  /** A sequence of its own that makes it a serial column. */
  readonly serial?: boolean;
  /** Constraints that follow, already as SQL: `PRIMARY KEY`, `CHECK (n > 0)`. */
  readonly constraints?: readonly string[];
  /** True when something else (a primary key) makes it NOT NULL. */
  readonly impliedNotNull?: boolean;
  /** The name of its not-null constraint, where that is not left to the server. */
  readonly notNullName?: string | undefined;
  /** A value for the rows that exist, written as a default. */
  readonly usual?: string;
  /** Leaves NOT NULL out although the column is to have it. */
  readonly nullable?: boolean;
}

/** `email text COLLATE "C" NOT NULL DEFAULT 'x'` */
export function columnClause(parts: ColumnParts): string {
  const { column } = parts;
  const collation = column.facts.collation;
  const compression = column.facts.compression;
  const identity = column.facts.identity;
  const generated = column.facts.generated;
  const fdw = column.facts.fdw_options ?? [];
  return [
    ident(lastName(column.name)),
    parts.serial === true ? SERIAL[column.facts.type] ?? "serial" : column.facts.type,
    fdw.length > 0 ? `OPTIONS (${fdw.map(fdwOption).join(", ")})` : "",
    compression === undefined ? "" : `COMPRESSION ${compression}`,
    collation === undefined ? "" : `COLLATE ${collationName(collation)}`,
    identity === undefined ? "" : identityClause(identity),
    generated === undefined ? "" : generatedClause(generated),
    notNullClause(parts),
    parts.usual !== undefined
      ? `DEFAULT ${parts.usual}`
      : parts.default === undefined || parts.serial === true
      ? ""
      : `DEFAULT ${defaultExpression(parts.default, column)}`,
    ...parts.constraints ?? [],
  ].filter((part) => part !== "").join(" ");
}

/** The expression of a default; a plain constant goes without the cast to the column's own type. */
export function defaultExpression(value: Default, column: Column | undefined): string {
  const expression = value.facts.expression;
  const [, constant, type] = /^('(?:[^'\\]|'')*')::(.+)$/s.exec(expression) ?? [];
  const own = column?.facts.type.replace(/\([^)]*\)/, "");
  return constant !== undefined && type !== undefined && type === own && !NUMBERS.has(type)
    ? constant
    : expression;
}

/** Constants of these types read better without quotes, which needs another cast. */
const NUMBERS: ReadonlySet<string> = new Set(["smallint", "integer", "bigint", "numeric"]);

/** `CONSTRAINT c NOT NULL NO INHERIT`, or nothing. */
export function notNullClause(parts: ColumnParts): string {
  const { column, impliedNotNull, nullable, serial } = parts;
  if (column.facts.not_null !== true || nullable === true) return "";
  if (column.facts.not_null_not_valid === true) return "";
  const name = parts.notNullName;
  const apart = column.facts.not_null_no_inherit === true;
  const implied = impliedNotNull === true || serial === true || column.facts.identity !== undefined;
  if (implied && name === undefined && !apart) return "";
  return `${name === undefined ? "" : `CONSTRAINT ${ident(name)} `}NOT NULL${
    apart ? " NO INHERIT" : ""
  }`;
}

/** `GENERATED ALWAYS AS IDENTITY (START WITH 5)` */
export function identityClause(identity: Identity): string {
  const name = identity.name !== undefined ? [`SEQUENCE NAME ${reference(identity.name)}`] : [];
  const options = [...name, ...sequenceClauses({ ...identity, type: undefined })]
    .filter((clause) => clause !== "");
  const generation = identity.generation.toUpperCase();
  return `GENERATED ${generation} AS IDENTITY${
    options.length > 0 ? ` (${options.join(" ")})` : ""
  }`;
}

/** A collation's full name as SQL; those of the server go without their schema. */
export function collationName(name: string): string {
  return schemaOf(name) === "pg_catalog" ? ident(lastName(name)) : reference(name);
}

/** `key 'value'` from `key=value`. */
export function fdwOption(option: string): string {
  const at = option.indexOf("=");
  return `${ident(option.slice(0, at))} ${literal(option.slice(at + 1))}`;
}

/** True when `sequence` and `default` together are what `serial` makes. */
export function isSerial(
  column: Column,
  sequence: Sequence | undefined,
  value: Default | undefined,
): boolean {
  if (sequence === undefined || value === undefined) return false;
  const type = column.facts.type;
  if (SERIAL[type] === undefined || column.facts.not_null !== true) return false;
  const usual = serialSequence(column);
  const options = Object.keys(sequence.facts).filter((fact) => !PLAIN.has(fact));
  return sequence.name === usual && options.length === 0 &&
    (sequence.facts.type ?? "bigint") === type && sequence.facts.owned_by === column.name &&
    value.facts.expression === `nextval('${reference(usual).replaceAll("'", "''")}'::regclass)`;
}

/** The full name of the sequence that serial and identity columns get. */
export function serialSequence(column: Column): string {
  const table = ownerOf(column.name);
  return joinName(
    schemaOf(table),
    generatedName(lastName(table), lastName(column.name), "seq"),
  );
}

const SERIAL: Readonly<Record<string, string>> = {
  smallint: "smallserial",
  integer: "serial",
  bigint: "bigserial",
};

/** Facts of a sequence that CREATE TABLE with serial either makes or leaves to statements of their own. */
const PLAIN: ReadonlySet<string> = new Set(["type", "owned_by", "comment", "grants", "revokes"]);
