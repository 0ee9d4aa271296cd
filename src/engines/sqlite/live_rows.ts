/** A sample of the rows of a SQLite file that people use. */

import type { SqliteFile } from "../../runtimes/sqlite_live.ts";
import { rowWriterOf } from "../common/row_writer.ts";
import type { Cell, RowReader, SampledRows, SampledTable } from "../live.ts";
import { ident } from "./books.ts";
import { literal, quote } from "./quote.ts";
import { readSeedTables, type SeedTable } from "./rows/tables.ts";
import { fold } from "./tokens.ts";

/** The most characters of a text and bytes of a blob that are read. */
const LONGEST = 2000;

/** Reads in one transaction, of one state. */
export async function sampleRows<T>(
  file: SqliteFile,
  work: (reader: RowReader) => Promise<T>,
): Promise<T> {
  return await file.read(() =>
    work({
      tables: async () => {
        const { tables } = await readSeedTables(file);
        const byName = new Map(tables.map((table) => [fold(table.name), table]));
        return tables.map((table) => sampled(table, byName));
      },
      rows: (table, which) => readRows(file, table, which),
    })
  );
}

function sampled(table: SeedTable, byName: ReadonlyMap<string, SeedTable>): SampledTable {
  const isRequired = (name: string) =>
    table.columns.some((column) => column.name === name && column.isRequired);
  return {
    id: table.id,
    quoted: quote(table.name),
    columns: table.columns.map(({ name, isRequired }) => ({ name, isRequired, length: null })),
    key: table.keys.find((columns) => columns.every(isRequired)) ?? [],
    references: table.references.flatMap(({ columns, table: name, others }) => {
      const other = byName.get(fold(name));
      const own = columns.flatMap((column) => nameIn(table, column) ?? []);
      const found = others.flatMap((column) => other && nameIn(other, column) || []);
      return other === undefined || found.length !== own.length
        ? []
        : [{ columns: own, table: other.id, others: found }];
    }),
    checks: table.rules.map(({ text }) => text),
    refused: null,
  };
}

/** The column of this name as its table writes it. */
function nameIn({ columns }: SeedTable, name: string): string | undefined {
  return columns.find((column) => fold(column.name) === fold(name))?.name;
}

async function readRows(
  file: SqliteFile,
  table: SampledTable,
  which: SampledRows,
): Promise<readonly (readonly Cell[])[]> {
  const values = table.columns.flatMap(({ name }, at) => {
    const column = `t.${ident(name)}`;
    return [
      `typeof(${column}) AS k${at}`,
      `CASE typeof(${column}) WHEN 'blob' THEN hex(substr(${column}, 1, ${LONGEST})) WHEN 'text' THEN substr(${column}, 1, ${LONGEST}) WHEN 'real' THEN printf('%!.17g', ${column}) ELSE CAST(${column} AS TEXT) END AS v${at}`,
    ];
  });
  const order = table.key.map((name) => `t.${ident(name)}`).join(", ");
  const rows = await file.query<Record<string, string | null>>(
    `SELECT ${values.join(", ")} FROM ${table.quoted} t${conditionSql(which)} ORDER BY ${
      order === "" ? "t.rowid" : order
    }${"first" in which ? ` LIMIT ${which.first}` : ""}`,
  );
  return rows.map((row) =>
    table.columns.map((_, at): Cell => cellOf(row[`k${at}`] ?? "null", row[`v${at}`] ?? null))
  );
}

/** A value is what it is, whatever its column is declared as. */
function cellOf(type: string, text: string | null): Cell {
  if (text === null) return null;
  if (type === "blob") return { kind: "bytes", text: text.toLowerCase() };
  if (type === "real") return { kind: "number", text: realText(text) };
  if (type === "integer") return { kind: "number", text };
  return { kind: DATE.test(text) ? "date" : "text", text };
}

/** The shortest text of the very number, which is no whole one. */
function realText(text: string): string {
  const short = String(Number(text));
  return /^-?\d+$/.test(short) ? `${short}.0` : /[\d]$/.test(short) ? short : text;
}

const DATE = /^\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

function conditionSql(which: SampledRows): string {
  if ("first" in which) return "";
  const rows = which.values.map((row) =>
    `(${
      row.map((cell, at) =>
        `t.${ident(which.columns[at] ?? "")} = ${cell === null ? "NULL" : valueText(cell)}`
      ).join(" AND ")
    })`
  );
  return ` WHERE ${rows.join(" OR ")}`;
}

/** See `RowWriter`. */
export const rowWriter = rowWriterOf({
  ident: quote,
  overriding: "",
  value: valueText,
});

function valueText({ kind, text }: Exclude<Cell, null>): string {
  if (kind === "number") return /^-?[\d.]+(?:e[+-]?\d+)?$/i.test(text) ? text : literal(text);
  return kind === "bytes" ? `x'${text}'` : literal(text);
}
