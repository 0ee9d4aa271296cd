/** Reads the rows and the counters of a Postgres database, and what else there is in it. */

import { joinName } from "../../../core/name.ts";
import type { Observation, ObservedCounter, ObservedTable } from "../../../core/observation.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { objectId } from "../../../core/snapshot.ts";
import { queryPrepared } from "../catalog/prepared.ts";
import { LAST_SERVER_OID } from "../catalog/user_objects.ts";
import { withPlainText } from "./plain_text.ts";
import { namedTables } from "./read_tables.ts";
import { valuesOfRecord } from "./record_text.ts";
import { observeObjects, observeServer } from "./observe_catalog.ts";

/**
 * Everything in the database, with the rows of some tables (ids) or all; or rows and counters alone. The session must be able to read
 * it; rows and counters of all are read outside of any transaction, by queries that stay prepared.
 */
export async function observe(
  database: ScratchDatabase,
  tables?: ReadonlySet<string>,
  parts: "all" | "rows" = "all",
): Promise<Observation> {
  const isPrepared = tables === undefined && parts === "rows";
  const asks = (isPlain: boolean): Ask =>
    isPlain && isPrepared
      ? (name, sql) => queryPrepared(database, name, () => sql)
      : (_, sql) => database.query(sql);
  const rows = await withPlainText(
    database,
    // What makes the session write in the one way is a transaction.
    (wasPlain) => observeTables(database, asks(wasPlain), tables),
  );
  const counters = await observeCounters(database, asks(true), tables);
  return {
    tables: rows,
    counters,
    objects: parts === "rows" ? new Map() : await observeObjects(database),
    server: parts === "rows" ? new Map() : await observeServer(database),
  };
}

/** Asks the catalog; the name is that of a query which is the same each time. */
type Ask = <Row extends object>(name: string, sql: string) => Promise<Row[]>;

interface Column {
  readonly oid: number;
  readonly schema: string;
  readonly table: string;
  /** Null for a table without columns. */
  readonly name: string | null;
  readonly number: number | null;
  /** Empty for one that is not generated. */
  readonly generated: string | null;
}

/** How many tables are read by one query. */
const AT_ONCE = 40;

async function observeTables(
  database: ScratchDatabase,
  ask: Ask,
  ids: ReadonlySet<string> | undefined,
): Promise<Observation["tables"]> {
  const columns = await ask<Column>(
    "observed_columns",
    `
    SELECT c.oid::int8 AS oid, n.nspname AS schema, c.relname AS table, a.attname AS name,
      a.attnum AS number, a.attgenerated AS generated
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_attribute a
      ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind = 'r' AND c.oid > ${LAST_SERVER_OID} AND n.nspname !~ '^pg_(toast|temp)'
      AND ${ids === undefined ? "true" : `c.oid IN (${withPartitions(ids)})`}
    ORDER BY c.oid, a.attnum`,
  );
  const tables = [...Map.groupBy(columns, ({ oid }) => Number(oid))];
  const rows = new Map<number, (string | null)[][]>();
  for (let at = 0; at < tables.length; at += AT_ONCE) {
    const parts = new Map(tables.slice(at, at + AT_ONCE));
    const sql = [...parts].map(([oid, list]) => rowsSql(oid, list)).join("\nUNION ALL\n");
    for (const { oid, row } of await database.query<{ oid: number; row: string }>(sql)) {
      const values = valuesIn(row, parts.get(Number(oid)) ?? []);
      const list = rows.get(Number(oid));
      if (list === undefined) rows.set(Number(oid), [values]);
      else list.push(values);
    }
  }
  return new Map(tables.flatMap(([oid, list]): [string, ObservedTable][] => {
    const [first] = list;
    if (first === undefined) return [];
    const name = joinName(first.schema, first.table);
    const id = objectId("table", name);
    const known = list.flatMap(({ name, number, generated }) =>
      name === null || generated !== "" ? [] : [{ key: name, identity: String(number) }]
    );
    return [[id, { id, name, identity: String(oid), columns: known, rows: rows.get(oid) ?? [] }]];
  }));
}

/** A query for the oids of the tables and of their partitions. */
function withPartitions(ids: ReadonlySet<string>): string {
  return `
        SELECT pg_catalog.unnest(ARRAY(SELECT t.relid::pg_catalog.oid FROM pg_catalog.pg_partition_tree(o.oid) t) || o.oid)
        FROM pg_catalog.pg_class o
        JOIN pg_catalog.pg_namespace m ON m.oid = o.relnamespace
        WHERE ${namedTables(ids, "m", "o")}`;
}

/**
 * Rows as the server writes them, by their types' output functions: casts may be of the user's making. A whole row takes the planner
 * much less time than a list of its columns, but has what is generated when it is read, which may fail.
 */
function rowsSql(oid: number, columns: readonly Column[]): string {
  const [first] = columns;
  const table = `${always(first?.schema ?? "")}.${always(first?.table ?? "")}`;
  const names = columns.flatMap(({ name, generated }) =>
    name === null || generated === "v" ? [] : [`t.${always(name)}`]
  );
  const row = columns.some(({ generated }) => generated === "v")
    ? `ROW(${names.join(", ")})`
    : "t.*";
  return `SELECT ${oid} AS oid, pg_catalog.format('%s', ${row}) AS row FROM ONLY ${table} t`;
}

/** The values of a row but for those that are generated. */
function valuesIn(row: string, columns: readonly Column[]): (string | null)[] {
  const there = columns.filter(({ name, generated }) => name !== null && generated !== "v");
  const values = valuesOfRecord(row);
  // A row of one column that is NULL is written as one without columns.
  if (there.length === 1 && values.length === 0) values.push(null);
  if (values.length !== there.length) throw new Error("A row has other columns than its table");
  return values.filter((_, at) => there[at]?.generated === "");
}

/** Quoted in any case: a keyword of a later version as well. */
function always(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

interface Sequence {
  readonly schema: string;
  readonly name: string;
  readonly start: number;
  readonly step: number;
  readonly owner_schema: string | null;
  readonly owner: string | null;
}

async function observeCounters(
  database: ScratchDatabase,
  ask: Ask,
  ids: ReadonlySet<string> | undefined,
): Promise<Observation["counters"]> {
  const sequences = await ask<Sequence>(
    "observed_counters",
    `
    SELECT n.nspname AS schema, c.relname AS name, s.seqstart::float8 AS start,
      s.seqincrement::float8 AS step, tn.nspname AS owner_schema, t.relname AS owner
    FROM pg_catalog.pg_sequence s
    JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid AND c.oid > ${LAST_SERVER_OID}
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN LATERAL (
      SELECT d.refobjid FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = s.seqrelid
        AND d.refclassid = d.classid AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
      LIMIT 1) d ON true
    LEFT JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
    LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
    WHERE n.nspname !~ '^pg_(toast|temp)' AND (t.oid IS NULL OR ${namedTables(ids, "tn", "t")})
    ORDER BY c.oid`,
  );
  const counters = new Map<string, ObservedCounter>();
  for (let at = 0; at < sequences.length; at += AT_ONCE) {
    const list = sequences.slice(at, at + AT_ONCE);
    const values = await database.query<{ at: number; value: number; called: boolean }>(
      list.map(({ schema, name }, index) =>
        `SELECT ${index} AS at, last_value::float8 AS value, is_called AS called FROM ${
          always(schema)
        }.${always(name)}`
      ).join("\nUNION ALL\n"),
    );
    for (const { at: index, value, called } of values) {
      const sequence = list[Number(index)];
      if (sequence === undefined) continue;
      const { schema, start, step, owner, owner_schema } = sequence;
      const name = joinName(schema, sequence.name);
      const table = owner === null || owner_schema === null
        ? null
        : objectId("table", joinName(owner_schema, owner));
      const count = (Number(value) - Number(start)) / Number(step) + (called ? 1 : 0);
      const next = (Number(value) + (called ? Number(step) : 0)) * Math.sign(Number(step));
      counters.set(name, { name, table, count, next });
    }
  }
  return counters;
}
