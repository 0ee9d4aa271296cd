/** Names, types, values and columns of changes, as SQL. */

import type { UsageError } from "../../core/error.ts";
import { refusal } from "../format_error.ts";
import type { ChangeDialect } from "./dialects.ts";
import { childOf, type Element, valueOf } from "./element.ts";

/** What changes are translated for. */
export interface ChangeContext {
  readonly dialect: ChangeDialect;
  /** True where names mean what they say to the letter: `objectQuotingStrategy="QUOTE_ALL_OBJECTS"`. */
  readonly quotesAll: boolean;
}

/** The error about a change that aim does not translate. */
export function untranslated(element: Element, what = ""): UsageError {
  return refusal(
    `Cannot read "${element.file.path}": what Liquibase makes of <${element.name}>${what} aim does not know`,
    element.file,
    element.start,
    "Write it as <sql>",
  );
}

/** Throws UsageError for an attribute that is not in the list, since it could change what is made. */
export function onlyKnows(element: Element, names: readonly string[]): void {
  for (const name of element.attributes.keys()) {
    if (!names.includes(name)) throw untranslated(element, ` with ${name}`);
  }
}

/** What an attribute says. Throws UsageError where it is not there. */
export function required(element: Element, name: string): string {
  const value = valueOf(element, name);
  if (value !== undefined && value.trim() !== "") return value.trim();
  throw refusal(
    `Cannot read "${element.file.path}": <${element.name}> says no ${name}`,
    element.file,
    element.start,
  );
}

/** What an attribute says; undefined where it is not there or empty. */
export function optional(element: Element, name: string): string | undefined {
  const value = valueOf(element, name)?.trim();
  return value === "" ? undefined : value;
}

/** True for an attribute that says so. */
export function isSet(element: Element | undefined, name: string): boolean {
  return element !== undefined && optional(element, name)?.toLowerCase() === "true";
}

/** Words that Postgres reserves: Liquibase quotes them in whatever letters they are. */
const RESERVED = new Set(
  ("ALL ANALYSE ANALYZE AND ANY ARRAY AS ASC ASYMMETRIC AUTHORIZATION BINARY BOTH CASE CAST CHECK COLLATE COLLATION COLUMN " +
    "CONCURRENTLY CONSTRAINT CREATE CROSS CURRENT_DATE CURRENT_ROLE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DEFAULT " +
    "DEFERRABLE DESC DISTINCT DO ELSE END EXCEPT FALSE FETCH FOR FOREIGN FREEZE FROM FULL GRANT GROUP HAVING ILIKE IN " +
    "INITIALLY INNER INTERSECT INTO IS ISNULL JOIN LATERAL LEADING LEFT LIKE LIMIT LOCALTIME LOCALTIMESTAMP NATURAL NOT " +
    "NOTNULL NULL OFFSET ON ONLY OR ORDER OUTER OVERLAPS PLACING PRIMARY REFERENCES RETURNING RIGHT SELECT SESSION_USER " +
    "SIMILAR SOME SYMMETRIC TABLE TABLESAMPLE THEN TO TRAILING TRUE UNION UNIQUE USER USING VARIADIC VERBOSE WHEN WHERE " +
    "WINDOW WITH").split(" "),
);

/** A name in quotes, in the letters under which the database keeps it. */
export function quoted(name: string, { dialect, quotesAll }: ChangeContext): string {
  const { quote } = dialect;
  const isFolded = dialect.folds && !quotesAll && /^[A-Z_][A-Z0-9_$]*$/.test(name) &&
    !RESERVED.has(name);
  const kept = isFolded ? name.toLowerCase() : name;
  return `${quote}${kept.replaceAll(quote, quote + quote)}${quote}`;
}

/** A table, a view or an index with its schema. */
export function qualified(
  name: string,
  schema: string | undefined,
  context: ChangeContext,
): string {
  return `${schema === undefined ? "" : `${quoted(schema, context)}.`}${quoted(name, context)}`;
}

/** A list of columns, `a, b`; what has brackets is an expression. */
export function columnList(names: string, context: ChangeContext): string {
  return names.split(",").map((name) => quoted(name.trim(), context)).join(", ");
}

/** A text as a string of SQL. */
export function literal(text: string, { dialect }: ChangeContext): string {
  const plain = dialect.doublesBackslashes ? text.replaceAll("\\", "\\\\") : text;
  return `'${plain.replaceAll("'", "''")}'`;
}

interface ColumnType {
  readonly sql: string;
  /** Of the name that the changelog has, in small letters. */
  readonly kind: "text" | "number" | "boolean" | "time" | "other";
  /** True for `serial` and its like. */
  readonly isNumbered: boolean;
}

const TYPE =
  /^(?:java\.sql\.Types\.)?([A-Za-z_][A-Za-z0-9_ ]*?)\s*(?:\(([^()]*)\))?\s*((?:with|without)\s[a-z ]+|unsigned[a-z ]*)?$/i;
const TEXT_KIND = /char|text|clob|string/;
const NUMBER_KIND = /int|serial|dec|num|float|double|real|currency|money/;

/** A type as the database gets it. Throws UsageError for `serial` of a size that Liquibase has no other name for. */
export function columnType(
  element: Element,
  name: string,
  { dialect }: ChangeContext,
): ColumnType {
  const said = required(element, name);
  const [, word = said, args, tail = ""] = TYPE.exec(said) ?? [];
  const own = word.toLowerCase().replaceAll(/\s+/g, " ");
  const serial = { serial: "int", bigserial: "bigint" }[own];
  if (serial === undefined && own.includes("serial")) {
    throw untranslated(element, ` of type ${said}`);
  }
  const isTimed = /^with/i.test(tail);
  const base = serial ?? (isTimed ? `${own} ${tail.toLowerCase().replaceAll(/\s+/g, " ")}` : own);
  const row = dialect.types[base];
  const sql = row === undefined
    ? said.replace(/^java\.sql\.Types\./, "")
    : row.replace("~", args === undefined ? "" : `(${args})`) +
      (isTimed || dialect.alters === "clauses" || tail === "" ? "" : ` ${tail}`);
  const kind = /bool|^bit$/.test(own)
    ? "boolean"
    : TEXT_KIND.test(own)
    ? "text"
    : NUMBER_KIND.test(own)
    ? "number"
    : /date|time/.test(own)
    ? "time"
    : "other";
  return { sql, kind, isNumbered: serial !== undefined };
}

/** Names of the attributes that give a column its default, or a row its value: `prefix` is `defaultValue` or `value`. */
export function valueNames(prefix: string): readonly string[] {
  return ["", "Numeric", "Boolean", "Computed", "Date"].map((end) => `${prefix}${end}`);
}

/** The SQL of the one value that an element says; null where it says none. */
export function valueSql(
  element: Element,
  prefix: string,
  kind: ColumnType["kind"],
  context: ChangeContext,
): string | null {
  const { dialect } = context;
  const computed = optional(element, `${prefix}Computed`);
  if (computed !== undefined) return isNow(computed) ? dialect.now : computed;
  const sequence = optional(element, `${prefix}SequenceNext`);
  if (sequence !== undefined && dialect.hasSequences) {
    return `nextval('${sequence.replaceAll("'", "''")}')`;
  }
  const truth = optional(element, `${prefix}Boolean`);
  if (truth !== undefined) {
    return /^(?:true|1|t|yes)$/i.test(truth) ? dialect.isTrue : dialect.isFalse;
  }
  const number = optional(element, `${prefix}Numeric`);
  if (number !== undefined) return kind === "text" ? literal(number, context) : number;
  const moment = optional(element, `${prefix}Date`);
  if (moment !== undefined) {
    return isNow(moment)
      ? dialect.now
      : moment.includes("(")
      ? moment
      : literal(moment.replace(/^(\d+-\d+-\d+)T/, "$1 "), context);
  }
  const plain = valueOf(element, prefix);
  return plain === undefined ? null : plainValue(plain, kind, context);
}

function plainValue(value: string, kind: ColumnType["kind"], context: ChangeContext): string {
  if (value.toLowerCase() === "null") return "NULL";
  if (kind === "number" && /^[-+\d.eE]+$/.test(value)) return value;
  if (kind === "boolean") {
    return /^(?:true|1|t|yes|b'1')$/i.test(value)
      ? context.dialect.isTrue
      : context.dialect.isFalse;
  }
  if (kind === "time" && /\(.*\)$/.test(value)) return value;
  return literal(value, context);
}

function isNow(value: string): boolean {
  return /^(?:current_timestamp|current_datetime|now\(\))$/i.test(value.trim());
}

const COLUMN = [
  "name",
  "type",
  "autoIncrement",
  "startWith",
  "incrementBy",
  "remarks",
  "defaultValueSequenceNext",
  ...valueNames("defaultValue"),
];

const CONSTRAINTS = [
  "nullable",
  "primaryKey",
  "primaryKeyName",
  "unique",
  "uniqueConstraintName",
  "foreignKeyName",
  "references",
  "referencedTableName",
  "referencedColumnNames",
  "deleteCascade",
  "validateNullable",
  "validateUnique",
  "validatePrimaryKey",
  "validateForeignKey",
];

/** A column of `createTable` or `addColumn`, taken apart. */
export interface ColumnParts {
  readonly name: string;
  /** Its definition: name, type, default, NOT NULL. */
  readonly sql: string;
  readonly constraints: Element | undefined;
  readonly isPrimary: boolean;
  readonly isNumbered: boolean;
  readonly remarks: string | undefined;
}

/** Takes a column apart. `extra` are attributes that the change itself sees to. Throws UsageError for what is not known. */
export function columnParts(
  column: Element,
  context: ChangeContext,
  extra: readonly string[] = [],
): ColumnParts {
  const { dialect } = context;
  onlyKnows(column, [...COLUMN, ...extra]);
  const constraints = childOf(column, "constraints");
  if (constraints !== undefined) onlyKnows(constraints, CONSTRAINTS);
  const name = required(column, "name");
  const type = columnType(column, "type", context);
  const isPrimary = isSet(constraints, "primaryKey");
  const isNumbered = type.isNumbered || isSet(column, "autoIncrement");
  const remarks = optional(column, "remarks");
  const value = valueSql(column, "defaultValue", type.kind, context);
  const isRequired = isPrimary ||
    constraints !== undefined && optional(constraints, "nullable")?.toLowerCase() === "false";
  const parts = [
    quoted(name, context),
    type.sql,
    ...(isNumbered && !(dialect.inlinesKey && isPrimary) ? [identity(column, context)] : []),
    ...(value === null ? [] : [`DEFAULT ${value}`]),
    ...(isRequired ? ["NOT NULL"] : dialect.saysNull ? ["NULL"] : []),
    ...(remarks === undefined || dialect.remarks !== "clause"
      ? []
      : [`COMMENT ${literal(remarks, context)}`]),
  ];
  return { name, sql: parts.join(" "), constraints, isPrimary, isNumbered, remarks };
}

function identity(column: Element, { dialect }: ChangeContext): string {
  const start = optional(column, "startWith");
  const step = optional(column, "incrementBy");
  if (start === undefined && step === undefined) return dialect.identity;
  if (dialect.alters !== "clauses") throw untranslated(column, " with startWith or incrementBy");
  const options = [
    ...(start === undefined ? [] : [`START WITH ${number(column, start)}`]),
    ...(step === undefined ? [] : [`INCREMENT BY ${number(column, step)}`]),
  ];
  return `${dialect.identity} (${options.join(" ")})`;
}

/** A whole number of a changelog. Throws UsageError for anything else. */
export function number(element: Element, text: string): string {
  if (/^-?\d+$/.test(text)) return text;
  throw refusal(
    `Cannot read "${element.file.path}": "${text}" of <${element.name}> is no number`,
    element.file,
    element.start,
  );
}

/** The foreign key that a column's constraints state; null where they state none. */
export function columnForeignKey(
  { name, constraints }: ColumnParts,
  context: ChangeContext,
): string | null {
  if (constraints === undefined) return null;
  const written = optional(constraints, "references");
  const table = optional(constraints, "referencedTableName");
  if (written === undefined && table === undefined) return null;
  const target = table === undefined
    ? referenced(constraints, written ?? "", context)
    : `${quoted(table, context)} (${
      columnList(required(constraints, "referencedColumnNames"), context)
    })`;
  return [
    `CONSTRAINT ${quoted(required(constraints, "foreignKeyName"), context)}`,
    `FOREIGN KEY (${quoted(name, context)}) REFERENCES ${target}`,
    ...(isSet(constraints, "deleteCascade") ? ["ON DELETE CASCADE"] : []),
  ].join(" ");
}

/** `references="s.users(id)"` in quotes. */
function referenced(constraints: Element, text: string, context: ChangeContext): string {
  const [, schema, table = "", columns = ""] = /^\s*(?:([^.()\s]+)\.)?([^.()]+?)\s*\(([^()]+)\)\s*$/
    .exec(text) ?? [];
  if (table === "") throw untranslated(constraints, ` with references="${text}"`);
  return `${qualified(table, schema, context)} (${columnList(columns, context)})`;
}
