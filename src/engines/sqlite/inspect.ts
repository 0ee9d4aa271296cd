/** Reads a SQLite database's catalog into a snapshot. */

import type { Connection } from "../../runtimes/runtime.ts";
import {
  objectId,
  type SchemaObject,
  type Snapshot,
  type Unmodelled,
} from "../../core/snapshot.ts";
import { wildcard } from "../../text/wildcard.ts";
import type { InspectOptions } from "../engine.ts";
import { withoutCycles } from "../common/without_cycles.ts";
import { cachedInspect } from "../common/snapshot_cache.ts";
import { UnreadableStatement } from "../common/token_cursor.ts";
import { cachedIndexObjects, cachedTable, cachedTableObjects } from "./catalog/parse_cache.ts";
import type { Catalog } from "./catalog/scope.ts";
import type { TableText } from "./catalog/table_text.ts";
import { readTrigger, triggerObject } from "./catalog/trigger_object.ts";
import { readView, viewObject } from "./catalog/view_object.ts";
import { readVirtualTable, virtualTableObject } from "./catalog/virtual_table_object.ts";
import { fingerprint } from "./fingerprint.ts";
import { fold } from "./tokens.ts";

/** Everything in the main database but what SQLite keeps for itself and what the options leave out. */
export const inspect = cachedInspect({
  fingerprint,
  read: (connection, options) => readCatalog(connection, options),
});

async function readCatalog(database: Connection, options: InspectOptions): Promise<Snapshot> {
  const [{ version } = { version: "" }] = await database.query<{ version: string }>(
    "SELECT sqlite_version() AS version",
  );
  const entries = await readEntries(database, options);
  const unmodelled: Unmodelled[] = [];
  const tables = await readTables(database, entries, unmodelled);
  const catalog = makeCatalog(entries, tables);
  const objects: SchemaObject[] = [];
  for (const table of tables.values()) objects.push(...cachedTableObjects(table, catalog));
  for (const entry of entries) {
    if (entry.kind === "table") continue;
    attempt(entry, unmodelled, () => objects.push(...otherObjects(entry, catalog)));
  }
  const ordered = withoutCycles(objects, ORDERED);
  return {
    dialect: "sqlite",
    version,
    objects: new Map(ordered.map((object) => [object.id, object])),
    unmodelled,
  };
}

/** Nothing depends on an index or a trigger. */
const ORDERED = new Set(["table", "column", "constraint", "view", "virtual table"]);

/** A row of the catalog that is to be modelled. */
interface Entry {
  readonly kind: "table" | "virtual table" | "index" | "view" | "trigger";
  readonly name: string;
  /** The table or view that it belongs to; its own name for these. */
  readonly owner: string;
  readonly sql: string;
}

async function readEntries(
  database: Connection,
  options: InspectOptions,
): Promise<readonly Entry[]> {
  const natures = new Map<string, string>();
  for (
    const { name, type } of await database.query<{ readonly name: string; readonly type: string }>(
      "SELECT name, type FROM pragma_table_list WHERE schema = 'main'",
    )
  ) natures.set(name, type);
  const rows = await database.query<{
    readonly type: string;
    readonly name: string;
    readonly owner: string;
    readonly sql: string | null;
  }>("SELECT type, name, tbl_name AS owner, sql FROM sqlite_schema ORDER BY rowid");
  const ignored = options.ignoreTables.map(matcher);
  const hidden = new Set<string>();
  for (const row of rows) {
    if (row.type !== "table" && row.type !== "view") continue;
    const internal = natures.get(row.name) === "shadow" || /^sqlite_/i.test(row.name);
    if (internal || ignored.some((one) => one(row.name))) hidden.add(fold(row.name));
  }
  const entries: Entry[] = [];
  for (const { type, name, owner, sql } of rows) {
    if (sql === null || hidden.has(fold(owner))) continue;
    const kind = type === "table" && natures.get(name) === "virtual"
      ? "virtual table"
      : type as Entry["kind"];
    entries.push({ kind, name, owner, sql });
  }
  return entries;
}

/** Names are the same in capital and small letters. */
function matcher(pattern: string): (name: string) => boolean {
  const matches = wildcard(fold(pattern.replace(/^main\./i, "")));
  return (name) => matches(fold(name));
}

/** Reads all CREATE TABLE texts and holds them against the columns that SQLite itself tells. */
async function readTables(
  database: Connection,
  entries: readonly Entry[],
  unmodelled: Unmodelled[],
): Promise<ReadonlyMap<string, TableText>> {
  const told = new Map<string, string[]>();
  const rows = await database.query<{ readonly owner: string; readonly name: string }>(`
    SELECT s.name AS owner, c.name AS name
    FROM sqlite_schema AS s
    JOIN pragma_table_xinfo(s.name) AS c
    WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL%'
    ORDER BY s.rowid, c.cid`);
  for (const { owner, name } of rows) {
    const list = told.get(owner);
    if (list === undefined) told.set(owner, [name]);
    else list.push(name);
  }
  const tables = new Map<string, TableText>();
  for (const entry of entries) {
    if (entry.kind !== "table") continue;
    attempt(entry, unmodelled, () => {
      const table = cachedTable(entry.sql, entry.name);
      const names = told.get(entry.name) ?? [];
      if (table.columns.map((column) => column.name).join("\n") !== names.join("\n")) {
        throw new UnreadableStatement(`columns ${names.join(", ")}`, undefined);
      }
      tables.set(fold(entry.name), table);
    });
  }
  return tables;
}

function makeCatalog(
  entries: readonly Entry[],
  tables: ReadonlyMap<string, TableText>,
): Catalog {
  const relations = new Map<string, string>();
  const names = new Set<string>(["new", "old", "excluded"]);
  for (const { kind, name } of entries) {
    if (kind === "index" || kind === "trigger") continue;
    relations.set(fold(name), objectId(kind, fold(name)));
    names.add(fold(name));
  }
  for (const table of tables.values()) {
    for (const column of table.columns) names.add(fold(column.name));
  }
  return { relations, tables, names };
}

function otherObjects(entry: Entry, catalog: Catalog): readonly SchemaObject[] {
  const owner = objectId("table", fold(entry.owner));
  switch (entry.kind) {
    case "index": {
      const table = catalog.tables.get(fold(entry.owner));
      if (table === undefined) throw new UnreadableStatement(owner, undefined);
      return cachedIndexObjects(entry.sql, table, catalog);
    }
    case "view":
      return [viewObject(readView(entry.sql), catalog)];
    case "trigger":
      return [triggerObject({ ...readTrigger(entry.sql), table: entry.owner }, catalog)];
    default:
      return [virtualTableObject(readVirtualTable(entry.sql), catalog)];
  }
}

/** A statement that cannot be read is reported, never dropped in silence. */
function attempt(entry: Entry, unmodelled: Unmodelled[], work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof UnreadableStatement)) throw error;
    unmodelled.push({ kind: entry.kind, name: entry.name });
  }
}
