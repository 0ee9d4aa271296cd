/** A column as it stands in CREATE TABLE and in ALTER TABLE. */

import { lastName } from "../../../core/name.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import { type ColumnFacts, factsOf, styleOf, type TableFacts } from "../facts.ts";
import { literal, quote } from "../quote.ts";
import { optionText } from "./option_text.ts";

/** Where a column stands. */
export interface ColumnPlace {
  /** The table with the defaults that its columns are to have. */
  readonly table: TableFacts;
  readonly isMariadb: boolean;
}

/** The column with its name: `email varchar(255) NOT NULL`. */
export function columnText(column: SchemaObject, place: ColumnPlace): string {
  return `${quote(lastName(column.name))} ${definitionOf(column, place)}`;
}

/** What stands behind the name; `facts` in place of those of the column. */
export function definitionOf(
  column: SchemaObject,
  { table, isMariadb }: ColumnPlace,
  facts: ColumnFacts = factsOf(column, "column"),
): string {
  const name = lastName(column.name);
  const isJson = isMariadb && isJsonText(facts, name);
  return [
    isJson ? "json" : facts.type,
    ...facts.compressed === undefined ? [] : [compressed(facts.compressed)],
    ...facts.srid === undefined
      ? []
      : [isMariadb ? `REF_SYSTEM_ID=${facts.srid}` : `SRID ${facts.srid}`],
    ...isJson ? [] : charsetText(column, facts, table),
    ...generatedText(facts),
    ...nullText(facts, isMariadb),
    ...facts.invisible === true ? ["INVISIBLE"] : [],
    ...facts.default === undefined ? [] : [`DEFAULT ${facts.default}`],
    ...facts.on_update === undefined ? [] : [`ON UPDATE ${facts.on_update}`],
    ...facts.auto_increment === true ? ["AUTO_INCREMENT"] : [],
    ...facts.comment === undefined ? [] : [`COMMENT ${literal(facts.comment)}`],
    ...Object.entries(facts.options ?? {}).map(([option, value]) =>
      isMariadb ? optionText(option, value) : `${option.toUpperCase()} ${value}`
    ),
    ...facts.versioning === undefined
      ? []
      : [`${facts.versioning.toUpperCase()} SYSTEM VERSIONING`],
    ...facts.check === undefined || isJson ? [] : [`CHECK (${facts.check})`],
  ].join(" ");
}

/** True for what MariaDB makes of the type JSON. */
function isJsonText({ type, charset, collation, check }: ColumnFacts, name: string): boolean {
  return type === "longtext" && charset === "utf8mb4" && collation === "utf8mb4_bin" &&
    check === `json_valid(\`${name.replaceAll("`", "``")}\`)`;
}

function compressed(method: string): string {
  return /^\w+$/.test(method) && method.toLowerCase() !== "zlib"
    ? `COMPRESSED=${method}`
    : "COMPRESSED";
}

/** The character set and collation, where they are not those of the table, or where their author states them. */
function charsetText(
  column: SchemaObject,
  { charset, collation }: ColumnFacts,
  table: TableFacts,
): readonly string[] {
  if (charset === undefined || collation === undefined) return [];
  const style = styleOf(column, "column");
  const isOther = charset !== table.charset;
  const statesCharset = isOther || style.charset_stated === true;
  const isStated = style.collation_stated === true;
  const statesCollation = isOther
    ? isStated || style.charset_stated !== true
    : collation !== table.collation || (isStated && style.charset_stated === true);
  return [
    ...statesCharset ? [`CHARACTER SET ${charset}`] : [],
    ...statesCollation ? [`COLLATE ${collation}`] : [],
  ];
}

function generatedText({ generated, stored, row }: ColumnFacts): readonly string[] {
  if (row !== undefined) return [`GENERATED ALWAYS AS ROW ${row.toUpperCase()}`];
  if (generated === undefined) return [];
  return [`GENERATED ALWAYS AS (${generated}) ${stored === true ? "STORED" : "VIRTUAL"}`];
}

/** A timestamp that may be NULL says so: older servers take it for one that may not. */
function nullText({ type, not_null, generated, row }: ColumnFacts, isMariadb: boolean) {
  if (row !== undefined || (generated !== undefined && isMariadb)) return [];
  if (not_null === true) return ["NOT NULL"];
  return type.startsWith("timestamp") && generated === undefined ? ["NULL"] : [];
}
