/** A sample of the rows of a Postgres database that people use. */

import { LiveSession } from "../../runtimes/postgres_server/live_session.ts";
import { rowWriterOf } from "../common/row_writer.ts";
import type { Cell, CellKind, RowReader, SampledRows, SampledTable } from "../live.ts";
import { literal } from "./quote.ts";
import { always } from "./rows/references.ts";
import { idOf, readTables, type SeedTable } from "./rows/read_tables.ts";

/** The most characters of a text that are read, and of any other value. */
const LONGEST_TEXT = 2000;
const LONGEST = 20_000;

/** Settings that make a plain scan begin at the same row each time. */
const SAME_ORDER =
  "SET LOCAL synchronize_seqscans = off; SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL bytea_output = hex";

interface ColumnInfo {
  readonly table: unknown;
  readonly name: string;
  readonly kind: CellKind;
  readonly length: number | null;
}

/** Reads in one transaction, of one state. */
export async function sampleRows<T>(
  session: LiveSession,
  work: (reader: RowReader) => Promise<T>,
): Promise<T> {
  return await session.read(async () => {
    await session.exec(SAME_ORDER);
    return await work(new PostgresRows(session));
  });
}

class PostgresRows implements RowReader {
  readonly #session: LiveSession;
  readonly #kinds = new Map<SampledTable, ReadonlyMap<string, CellKind>>();
  readonly #sources = new Map<SampledTable, string>();

  constructor(session: LiveSession) {
    this.#session = session;
  }

  async tables(): Promise<readonly SampledTable[]> {
    const query = <Row extends object>(sql: string) => this.#session.query<Row>(sql);
    const all = await readTables(query);
    if (all.length === 0) return [];
    const oids = all.map(({ oid }) => oid).join(", ");
    const columns = Map.groupBy(
      await query<ColumnInfo>(columnsSql(oids)),
      ({ table }) => Number(table),
    );
    const access = await query<{ oid: unknown; readable: boolean; secured: boolean }>(`
      SELECT c.oid::int8 AS oid, pg_catalog.has_table_privilege(c.oid, 'SELECT')
        AND pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE') AS readable,
        c.relrowsecurity AND pg_catalog.row_security_active(c.oid) AS secured
      FROM pg_catalog.pg_class c WHERE c.oid IN (${oids})`);
    const refusals = new Map(access.map(({ oid, readable, secured }) => [
      Number(oid),
      !readable
        ? "the account may not read it"
        : secured
        ? "row security hides rows from the account"
        : null,
    ]));
    const byOid = new Map(all.map((table) => [table.oid, table]));
    return all.filter(({ parent }) => parent === 0).map((table) =>
      this.#table(table, {
        columns: columns.get(table.oid) ?? [],
        refused: refusals.get(table.oid) ?? null,
        byOid,
      })
    );
  }

  async rows(table: SampledTable, which: SampledRows): Promise<readonly (readonly Cell[])[]> {
    const kinds = this.#kinds.get(table);
    const values = table.columns.map(({ name }) => valueSql(name, kinds?.get(name) ?? "other"));
    const order = table.key.map((name) => `t.${always(name)}`).join(", ");
    const found = await this.#session.query<{ readonly row: readonly (string | null)[] }>(`
      SELECT pg_catalog.to_json(ARRAY[${values.join(", ")}]::pg_catalog.text[]) AS row
      FROM ${this.#sources.get(table)} t${conditionSql(which)}${
      order === "" ? "" : ` ORDER BY ${order}`
    }${"first" in which ? ` LIMIT ${which.first}` : ""}`);
    return found.map(({ row }) =>
      table.columns.map(({ name }, at): Cell => {
        const text = row[at] ?? null;
        return text === null ? null : { kind: kinds?.get(name) ?? "other", text };
      })
    );
  }

  #table(
    table: SeedTable,
    { columns, refused, byOid }: {
      readonly columns: readonly ColumnInfo[];
      readonly refused: string | null;
      readonly byOid: ReadonlyMap<number, SeedTable>;
    },
  ): SampledTable {
    const info = new Map(columns.map((column) => [column.name, column]));
    const plain = table.keys.filter(({ isPlain }) => isPlain);
    const required = (name: string) =>
      table.columns.some((column) => column.name === name && column.notNull);
    const key = plain.find(({ columns }) => columns.every(required))?.columns ?? [];
    const sampled: SampledTable = {
      id: idOf(table),
      quoted: table.quoted,
      columns: table.columns.map(({ name, notNull, isNumbered }) => ({
        name,
        isRequired: notNull,
        length: info.get(name)?.length ?? null,
        isNumbered,
      })),
      key: [...new Set(key)],
      references: table.references.flatMap(({ columns, table: oid, others }) => {
        const other = byOid.get(byOid.get(oid)?.root ?? oid);
        return other === undefined ? [] : [{ columns, table: idOf(other), others }];
      }),
      checks: table.checks.map(({ expression }) => expression),
      refused,
    };
    this.#kinds.set(sampled, new Map(columns.map(({ name, kind }) => [name, kind])));
    this.#sources.set(sampled, `${table.isPartitioned ? "" : "ONLY "}${table.quoted}`);
    return sampled;
  }
}

/** Of a value that the server reads as the type of what it stands beside. */
function literalOf(cell: Cell): string {
  if (cell === null) return "NULL";
  return literal(cell.kind === "bytes" ? `\\x${cell.text}` : cell.text);
}

function valueSql(name: string, kind: CellKind): string {
  const column = `t.${always(name)}`;
  if (kind === "bytes") {
    return `pg_catalog.encode(pg_catalog.substring(${column}::pg_catalog.bytea, 1, ${LONGEST_TEXT}), 'hex')`;
  }
  return `pg_catalog.left(${column}::pg_catalog.text, ${kind === "text" ? LONGEST_TEXT : LONGEST})`;
}

function conditionSql(which: SampledRows): string {
  if ("first" in which) return "";
  const columns = which.columns.map((name) => `t.${always(name)}`).join(", ");
  const values = which.values.map((row) => `(${row.map(literalOf).join(", ")})`).join(", ");
  return ` WHERE (${columns}) IN (${values})`;
}

/** Kinds by the type under domains; an array or a range is what its elements are, where nobody is in these. */
function columnsSql(oids: string): string {
  return `
    WITH RECURSIVE types(oid, base, modifier) AS (
      SELECT y.oid, y.oid, -1 FROM pg_catalog.pg_type y WHERE y.typtype <> 'd'
      UNION ALL
      SELECT d.oid, t.base, CASE WHEN d.typtypmod >= 0 THEN d.typtypmod ELSE t.modifier END
      FROM types t JOIN pg_catalog.pg_type d ON d.typtype = 'd' AND d.typbasetype = t.oid
    )
    SELECT a.attrelid::int8 AS table, a.attname::text AS name,
      CASE
        WHEN y.typtype = 'e' THEN 'enum'
        WHEN y.typcategory = 'A' AND e.typtype = 'e' THEN 'enum'
        WHEN y.typname IN ('json', 'jsonb') THEN 'json'
        WHEN y.typname = 'bytea' THEN 'bytes'
        WHEN y.typname = 'uuid' THEN 'uuid'
        WHEN y.typname IN ('inet', 'cidr') THEN 'address'
        WHEN y.typtype = 'b' AND y.typcategory = 'S' THEN 'text'
        WHEN y.typtype = 'b' AND y.typcategory = 'N' AND y.typname <> 'money' AND y.typname !~ '^reg' THEN 'number'
        WHEN y.typtype = 'b' AND y.typcategory = 'B' THEN 'boolean'
        WHEN y.typtype = 'b' AND y.typcategory = 'D' THEN 'date'
        WHEN y.typname IN ('money', 'interval', 'int4range', 'int8range', 'numrange', 'daterange',
          'tsrange', 'tstzrange', '_int2', '_int4', '_int8', '_numeric', '_bool', '_float8', '_uuid', '_date')
          THEN 'enum'
        ELSE 'other'
      END AS kind,
      CASE WHEN y.typname IN ('varchar', 'bpchar') AND greatest(a.atttypmod, t.modifier) > 4
        THEN greatest(a.atttypmod, t.modifier) - 4 END AS length
    FROM pg_catalog.pg_attribute a
    JOIN types t ON t.oid = a.atttypid
    JOIN pg_catalog.pg_type y ON y.oid = t.base
    LEFT JOIN pg_catalog.pg_type e ON e.oid = y.typelem
    WHERE a.attrelid IN (${oids}) AND a.attnum > 0 AND NOT a.attisdropped`;
}

/** See `RowWriter`; the server reads each text as the type of its column. */
export const rowWriter = rowWriterOf({
  ident: always,
  overriding: " OVERRIDING SYSTEM VALUE",
  counter: (table, column) =>
    `SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence(${literal(table)}, ${
      literal(column)
    }), pg_catalog.max(${always(column)})) FROM ${table} HAVING pg_catalog.max(${
      always(column)
    }) > 0`,
  value: (cell) =>
    cell.kind === "number" && /^-?\d+(?:\.\d+)?$/.test(cell.text) ? cell.text : literalOf(cell),
});
