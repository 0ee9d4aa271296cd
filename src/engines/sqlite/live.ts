/** A SQLite file that people use, read and nothing else. */

import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "../../core/error.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { SqliteFile } from "../../runtimes/sqlite_live.ts";
import type { InspectOptions } from "../engine.ts";
import type {
  BookRow,
  FoundTable,
  LiveAccess,
  LiveDatabase,
  RowReader,
  RowsQuery,
  TableSearch,
  TableStats,
} from "../live.ts";
import { editText, ident, rowsQuery } from "./books.ts";
import { inspect } from "./inspect.ts";
import { literal } from "./quote.ts";
import { rowWriter, sampleRows } from "./live_rows.ts";
import { openWriter } from "./live_writer.ts";

/** See the module's comment. */
export const live: LiveAccess = {
  form: "sqlite:path/to/file.db",
  accepts: (url) =>
    /^(?:jdbc:)?(?:sqlite3?|file)(?:\+\w+)?:/i.test(url) || !/^[a-z]\w+:/i.test(url),
  rowWriter,
  insert: (table, row) => editText(table, { edit: "insert", ...row }),
  write: (url) => openWriter(pathOf(url)),
  open: async (url) => {
    const path = pathOf(url);
    return new SqliteLive(await SqliteFile.open(path), path);
  },
};

/** `sqlite:a.db`, `sqlite:///a.db`, `sqlite:////srv/a.db`, `file:a.db`, or a path. Throws UsageError where no such file is. */
function pathOf(url: string): string {
  const [, rest = url] = /^(?:jdbc:)?(?:sqlite3?|file)(?:\+\w+)?:(.*)$/is.exec(url) ?? [];
  const bare = (rest === url ? rest : rest.replace(/\?.*$/s, "")).replace(/^\/\/(?=\/|[^/])/, "");
  const candidates = [bare, ...(bare.startsWith("/") ? [bare.slice(1)] : [])];
  const found = candidates.find((path) => path !== "" && existsSync(path));
  if (found !== undefined) return resolve(found);
  throw new UsageError(`Cannot find the SQLite file "${bare}"`, {
    code: "live-url",
    hint: "Write sqlite:path/to/file.db; a path that does not begin with / is below this folder",
  });
}

class SqliteLive implements LiveDatabase {
  readonly shown: string;
  readonly scratchVersion = null;
  readonly #path: string;
  readonly #file: SqliteFile;

  constructor(file: SqliteFile, path: string) {
    this.#file = file;
    this.#path = path;
    this.shown = `sqlite:${path}`;
  }

  get version(): string {
    return this.#file.version;
  }

  notes(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  async snapshot(options: InspectOptions): Promise<Snapshot> {
    return await inspect(this.#file, { ...options, remember: false });
  }

  async find(search: readonly TableSearch[]): Promise<readonly FoundTable[]> {
    const found: FoundTable[] = [];
    for (const { table, beside } of search) {
      await this.#in(beside, async (file) => {
        const columns = await file.query<{ name: string }>(
          `SELECT c.name AS name FROM sqlite_schema s JOIN pragma_table_info(s.name) c
           WHERE s.type = 'table' AND s.name = ${literal(table)} ORDER BY c.cid`,
        );
        if (columns.length === 0) return;
        found.push({
          table,
          schema: null,
          columns: columns.map(({ name }) => name),
          ...(beside === undefined ? {} : { beside }),
        });
      });
    }
    return found;
  }

  async rows(
    { table, beside }: FoundTable,
    query: RowsQuery,
  ): Promise<readonly BookRow[]> {
    let rows: readonly BookRow[] = [];
    await this.#in(beside, async (file) => {
      rows = await file.query(rowsQuery(table, query));
    });
    return rows;
  }

  async sample<T>(work: (reader: RowReader) => Promise<T>): Promise<T> {
    return await sampleRows(this.#file, work);
  }

  async stats(): Promise<readonly TableStats[]> {
    const tables = await this.#file.query<{ name: string }>(
      `SELECT t.name AS name FROM pragma_table_list t
       WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
       ORDER BY t.name`,
    );
    const sizes = await this.#file.query<{ name: string; bytes: number }>(
      "SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name",
    ).catch(() => []);
    const bytesOf = new Map(sizes.map(({ name, bytes }) => [name, bytes]));
    const stats: TableStats[] = [];
    for (const { name } of tables) {
      const [row] = await this.#file.query<{ rows: number }>(
        `SELECT count(*) AS rows FROM ${ident(name)}`,
      );
      stats.push({ name, rows: row?.rows ?? null, bytes: bytesOf.get(name) ?? null });
    }
    return stats;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }

  /** Works in this file, or in one beside it when that is there. */
  async #in(beside: string | undefined, work: (file: SqliteFile) => Promise<void>): Promise<void> {
    if (beside === undefined) return await work(this.#file);
    const path = join(dirname(this.#path), beside);
    if (!existsSync(path)) return;
    await using file = await SqliteFile.open(path);
    await work(file);
  }
}
