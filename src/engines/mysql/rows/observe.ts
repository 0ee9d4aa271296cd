/** Reads what a database holds besides its schema. */

import { joinName } from "../../../core/name.ts";
import type {
  Observation,
  ObservedCounter,
  ObservedObject,
  ObservedTable,
} from "../../../core/observation.ts";
import { objectId } from "../../../core/snapshot.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { readRows } from "../catalog/rows.ts";
import { fold } from "../catalog/scope.ts";
import { asText } from "./literals.ts";

/** See `Rows.observe`. */
export async function observe(
  database: ScratchDatabase,
  tables?: ReadonlySet<string>,
  parts: "all" | "rows" = "all",
): Promise<Observation> {
  const counters = await observeCounters(database);
  const isWanted = ({ table }: ObservedCounter) =>
    parts === "all" || tables === undefined || table === null || tables.has(table);
  return {
    tables: await observeTables(database, tables),
    counters: new Map([...counters].filter(([, counter]) => isWanted(counter))),
    objects: parts === "rows" ? new Map() : await observeObjects(database),
    server: parts === "rows" ? new Map() : await observeServer(database),
  };
}

interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly isGenerated: number | string;
}

async function observeTables(
  database: ScratchDatabase,
  wanted: ReadonlySet<string> | undefined,
): Promise<Observation["tables"]> {
  const columns = await database.query<ColumnRow>(`
    SELECT c.table_name AS \`table\`, c.column_name AS name, c.data_type AS type,
      COALESCE(c.generation_expression, '') <> '' AS isGenerated
    FROM information_schema.columns c
    JOIN information_schema.tables t ON t.table_schema = DATABASE() AND t.table_name = c.table_name
    WHERE c.table_schema = DATABASE() AND t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
    ORDER BY c.table_name, c.ordinal_position`);
  const found = new Map<string, ObservedTable>();
  for (const [name, all] of Map.groupBy(columns, ({ table }) => table)) {
    const list = all.filter(({ isGenerated }) => Number(isGenerated) === 0);
    const id = objectId("table", joinName(name));
    if (wanted !== undefined && !wanted.has(id)) continue;
    const values = list.map(({ name, type }, at) => `${asText(quoted(name), type)} AS c${at}`);
    const rows = await database.query<Record<string, string | null>>(
      `SELECT ${[...values, "1 AS one"].join(", ")} FROM ${quoted(name)}`,
    );
    found.set(id, {
      id,
      name: joinName(name),
      identity: "",
      columns: list.map(({ name }) => ({ key: fold(name), identity: "" })),
      rows: rows.map((row) => list.map((_, at) => row[`c${at}`] ?? null)),
    });
  }
  return found;
}

function quoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

interface CounterRow {
  readonly name: string;
  readonly next: string | number;
  readonly column: string;
}

async function observeCounters(database: ScratchDatabase): Promise<Observation["counters"]> {
  const rows = await database.query<CounterRow>(`
    SELECT t.table_name AS name, t.auto_increment AS next, c.column_name AS \`column\`
    FROM information_schema.tables AS t
    JOIN information_schema.columns AS c
      ON c.table_schema = DATABASE() AND c.table_name = t.table_name
    WHERE t.table_schema = DATABASE() AND t.auto_increment IS NOT NULL
      AND t.table_type <> 'SEQUENCE' AND c.extra LIKE '%auto_increment%'`);
  return new Map(rows.map(({ name, next, column }): [string, ObservedCounter] => {
    const table = objectId("table", joinName(name));
    const counted = objectId("column", joinName(name, fold(column)));
    return [name, { name, table, column: counted, count: Number(next) - 1 }];
  }));
}

async function observeObjects(database: ScratchDatabase): Promise<Observation["objects"]> {
  const rows = await readRows(database);
  const found = new Map<string, ObservedObject>();
  const add = (kind: string, name: string, content: string) =>
    found.set(`${kind} ${name}`, { kind, name, identity: "", content });
  for (const { name, text } of rows.views) add("view", name, text);
  for (const { name, text } of rows.sequences) add("sequence", name, text);
  for (const row of rows.routines) add(row.type.toLowerCase(), fold(row.name), row.body ?? "");
  for (const row of rows.triggers) add("trigger", row.name, row.body);
  for (const row of rows.events) add("event", fold(row.name), row.body);
  return found;
}

async function observeServer(database: ScratchDatabase): Promise<Observation["server"]> {
  const rows = await database.query<{ readonly name: string }>(
    "SELECT schema_name AS name FROM information_schema.schemata ORDER BY schema_name",
  );
  return new Map([["the databases", rows.map(({ name }) => name).join(" ")]]);
}
