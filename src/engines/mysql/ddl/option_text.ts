/** Options of tables, partitions, columns and indexes. */

import type { TableFacts } from "../facts.ts";
import { literal } from "../quote.ts";

/** An option with its value, as the server writes it: `KEY_BLOCK_SIZE=8`. */
export function optionText(name: string, value: string): string {
  const word = name.toUpperCase();
  return /^[A-Z_ ]+$/.test(word) ? `${word}=${value}` : `\`${name}\`=${value}`;
}

/** The options of a new table. */
export function tableOptions(table: TableFacts, autoIncrement?: string): string {
  return [
    `ENGINE=${table.engine}`,
    ...autoIncrement === undefined ? [] : [`AUTO_INCREMENT=${autoIncrement}`],
    `DEFAULT CHARSET=${table.charset} COLLATE=${table.collation}`,
    ...table.row_format === undefined ? [] : [`ROW_FORMAT=${table.row_format}`],
    ...Object.entries(table.options ?? {}).map(([name, value]) => optionText(name, value)),
    ...table.comment === undefined ? [] : [`COMMENT=${literal(table.comment)}`],
  ].join(" ");
}

/** The options that change, as clauses of ALTER TABLE; what a table has no longer goes back to its default. */
export function changedOptions(before: TableFacts, after: TableFacts): readonly string[] {
  const [had, has] = [before.options ?? {}, after.options ?? {}];
  const names = [...new Set([...Object.keys(had), ...Object.keys(has)])].sort();
  const isOtherText = before.charset !== after.charset || before.collation !== after.collation;
  return [
    ...before.engine === after.engine ? [] : [`ENGINE=${after.engine}`],
    ...isOtherText ? [`DEFAULT CHARACTER SET ${after.charset} COLLATE ${after.collation}`] : [],
    ...before.row_format === after.row_format
      ? []
      : [`ROW_FORMAT=${after.row_format ?? "DEFAULT"}`],
    ...names.filter((name) => had[name] !== has[name])
      .map((name) => optionText(name, has[name] ?? defaultOf(name))),
    ...before.comment === after.comment ? [] : [`COMMENT=${literal(after.comment ?? "")}`],
  ];
}

/** What gives an option its default back. */
function defaultOf(name: string): string {
  if (ZERO.has(name)) return "0";
  return TEXTS[name] ?? "DEFAULT";
}

const ZERO: ReadonlySet<string> = new Set(
  ("autoextend_size avg_row_length checksum delay_key_write key_block_size max_rows min_rows")
    .split(
      " ",
    ),
);

const TEXTS: Readonly<Record<string, string>> = {
  compression: "''",
  connection: "''",
  encryption: "'N'",
  engine_attribute: "''",
  insert_method: "NO",
  secondary_engine: "NULL",
  secondary_engine_attribute: "''",
  union: "()",
};
