/** Reads what a SQLite database holds besides its schema. */

import type {
  Observation,
  ObservedCounter,
  ObservedObject,
  ObservedTable,
} from "../../../core/observation.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { objectId } from "../../../core/snapshot.ts";
import { fold } from "../tokens.ts";
import { always, tableList } from "./names.ts";

/** Everything in the main database, or its rows and counters alone; rows of the given tables, or of all. */
export async function observe(
  database: ScratchDatabase,
  tables?: ReadonlySet<string>,
  parts: "all" | "rows" = "all",
): Promise<Observation> {
  const entries = await database.query<Entry>(
    `SELECT type, name, tbl_name AS owner, rootpage AS page, ${
      parts === "rows" ? "''" : "coalesce(sql, '')"
    } AS sql, rowid AS number
    FROM sqlite_schema ${parts === "rows" ? "WHERE type = 'table'" : ""} ORDER BY rowid`,
  );
  return {
    tables: await observeTables(database, entries, tables),
    counters: await observeCounters(database, entries),
    objects: parts === "rows" ? new Map() : observeObjects(entries),
    server: parts === "rows" ? new Map() : await observeSettings(database),
  };
}

interface Entry {
  readonly type: string;
  readonly name: string;
  readonly owner: string;
  readonly page: number;
  readonly sql: string;
  readonly number: number;
}

/** Tables that store rows themselves; those that a virtual table keeps its index in are left out. */
async function observeTables(
  database: ScratchDatabase,
  entries: readonly Entry[],
  ids: ReadonlySet<string> | undefined,
): Promise<Observation["tables"]> {
  const columns = await database.query<{ readonly table: string; readonly name: string }>(`
    SELECT l.name AS "table", x.name AS name
    FROM ${tableList(ids)}
    JOIN sqlite_schema s ON s.type = 'table' AND s.name = l.name
    JOIN pragma_table_xinfo(l.name) x
    WHERE l.schema = 'main' AND l.type = 'table' AND x.hidden = 0
      AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    ORDER BY s.rowid, x.cid`);
  const tables = new Map<string, ObservedTable>();
  for (const [name, list] of Map.groupBy(columns, ({ table }) => table)) {
    const id = objectId("table", fold(name));
    const page = entries.find((entry) => entry.type === "table" && entry.name === name)?.page;
    tables.set(id, {
      id,
      name,
      identity: String(page),
      columns: list.map(({ name }) => ({ key: fold(name), identity: "" })),
      rows: await readRows(database, name, list.map(({ name }) => name)),
    });
  }
  return tables;
}

/** Values as SQL, so that their storage class is told: `501`, `501.0`, `'501'`, `X'353031'`. */
async function readRows(
  database: ScratchDatabase,
  table: string,
  columns: readonly string[],
): Promise<ObservedTable["rows"]> {
  const values = columns.map((name, at) => `${exact(always(name))} AS c${at}`);
  const rows = await database.query<Record<string, string>>(
    `SELECT ${values.join(", ")} FROM ${always(table)}`,
  );
  return rows.map((row) =>
    columns.map((_, at) => {
      const value = row[`c${at}`];
      return value === undefined || value === "NULL" ? null : value;
    })
  );
}

/** `quote` ends a text at its first zero byte. */
function exact(column: string): string {
  return `CASE WHEN typeof(${column}) = 'text' AND instr(CAST(${column} AS BLOB), X'00') > 0
    THEN 'CAST(X''' || hex(${column}) || ''' AS TEXT)' ELSE quote(${column}) END`;
}

async function observeCounters(
  database: ScratchDatabase,
  entries: readonly Entry[],
): Promise<Observation["counters"]> {
  if (!entries.some(({ name }) => name === "sqlite_sequence")) return new Map();
  const rows = await database.query<{ readonly name: string; readonly seq: number }>(
    "SELECT name, seq FROM sqlite_sequence",
  );
  return new Map(rows.map(({ name, seq }): [string, ObservedCounter] => {
    const table = objectId("table", fold(String(name)));
    return [String(name), { name: String(name), table, count: Number(seq) }];
  }));
}

function observeObjects(entries: readonly Entry[]): Observation["objects"] {
  const others = entries.filter(({ type, sql }) => type !== "table" && sql !== "");
  return new Map(
    others.map(({ type, name, owner, page, sql, number }): [string, ObservedObject] => {
      const identity = String(type === "index" ? page : number);
      const full = type === "view" ? fold(name) : `${fold(owner)}.${fold(name)}`;
      return [`${type} ${full}`, { kind: type, name: full, identity, content: sql }];
    }),
  );
}

/** Those that a rebuild of a table has to set are left out: foreign_keys, defer_foreign_keys, legacy_alter_table. */
const SETTINGS = [
  "application_id",
  "auto_vacuum",
  "encoding",
  "ignore_check_constraints",
  "journal_mode",
  "query_only",
  "recursive_triggers",
  "reverse_unordered_selects",
  "user_version",
  "writable_schema",
];

async function observeSettings(database: ScratchDatabase): Promise<Observation["server"]> {
  const found = new Map<string, string>();
  for (const name of SETTINGS) {
    const [row] = await database.query<Record<string, unknown>>(`PRAGMA ${name}`);
    found.set(`the setting ${name}`, String(Object.values(row ?? {})[0]));
  }
  const attached = await database.query<{ readonly name: string }>(
    "SELECT name FROM pragma_database_list ORDER BY name",
  );
  const open = attached.map(({ name }) => name).filter((name) => name !== "temp");
  found.set("the attached databases", open.join(" "));
  const [temporary] = await database.query<{ readonly count: number }>(
    "SELECT count(*) AS count FROM sqlite_temp_schema",
  );
  found.set("the temporary objects", String(temporary?.count ?? 0));
  return found;
}
