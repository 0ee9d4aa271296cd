/** A MySQL or MariaDB database that people use, read and nothing else. */

import { DatabaseError, UsageError } from "../../core/error.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Session } from "../../runtimes/mysql_server/session.ts";
import type { Connection } from "../../runtimes/runtime.ts";
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
import { bookRows, editText, rowsQuery } from "./books.ts";
import { inspect } from "./inspect.ts";
import { isMysqlUrl, type LiveAddress, readAddress } from "./live_address.ts";
import { hiddenFrom } from "./live_grants.ts";
import { rowWriter, sampleRows } from "./live_rows.ts";
import { openSession } from "./live_session.ts";
import { openWriter } from "./live_writer.ts";
import { literal } from "./quote.ts";
import { MODES_WITH_ZERO_DATES } from "./session.ts";

/** How the databases of a family are reached. */
export function liveOf(family: "mysql" | "mariadb"): LiveAccess {
  return {
    form: `${family}://user@host:3306/database`,
    accepts: isMysqlUrl,
    prelude: ({ objects }) => {
      const { charset, collation } = objects.get("database:default")?.facts ?? {};
      return typeof charset === "string" && typeof collation === "string"
        ? `ALTER DATABASE CHARACTER SET ${charset} COLLATE ${collation}`
        : "";
    },
    insert: (table, row) => editText(table, { edit: "insert", ...row }),
    rowWriter,
    open: async (url) => await MysqlLive.open(family, readAddress(url)),
    write: async (url) => await openWriter(readAddress(url)),
  };
}

class MysqlLive implements LiveDatabase {
  readonly #session: Session;
  readonly #family: "mysql" | "mariadb";
  readonly #address: LiveAddress;
  readonly version: string;

  static async open(family: "mysql" | "mariadb", address: LiveAddress): Promise<MysqlLive> {
    const session = await openSession(address);
    try {
      const [row] = await session.ask<{ version: string }>("SELECT VERSION() AS version", 1 << 16);
      const version = row?.version ?? "";
      const isMariadb = /mariadb/i.test(version);
      if (isMariadb !== (family === "mariadb")) {
        const other = isMariadb ? "mariadb" : "mysql";
        throw new UsageError(`Cannot read this server as ${family}: it is ${other}`, {
          code: "live-url",
          hint: `Set engine = "${other}", or pass --engine ${other}`,
        });
      }
      await session.run(settingsOf(family));
      return new MysqlLive(session, family, address, version);
    } catch (error) {
      session.close();
      throw error;
    }
  }

  private constructor(
    session: Session,
    family: "mysql" | "mariadb",
    address: LiveAddress,
    version: string,
  ) {
    this.#session = session;
    this.#family = family;
    this.#address = address;
    this.version = /^\d+\.\d+\.\d+/.exec(version)?.[0] ?? version;
  }

  get shown(): string {
    return this.#address.shown;
  }

  get scratchVersion(): string {
    return this.version.split(".").slice(0, 2).join(".");
  }

  async notes(): Promise<readonly string[]> {
    const grants = await this.#ask<Record<string, unknown>>("SHOW GRANTS");
    const texts = grants.map((row) => String(Object.values(row)[0]));
    const { address, database } = this.#address;
    const isRemote = address.socket === null && !/^(?:localhost$|127\.|::1$)/.test(address.host);
    const hidden = hiddenFrom(texts, database, this.#family);
    return [
      ...isRemote && address.tls === "PREFERRED"
        ? [
          "Nothing in the address demands TLS: ssl-mode=VERIFY_IDENTITY does, ssl-mode=DISABLED says that none is wanted",
        ]
        : [],
      ...hidden.length === 0 ? [] : [`The account may not see all: ${hidden.join("; ")}`],
    ];
  }

  async snapshot(options: InspectOptions): Promise<Snapshot> {
    const connection: Connection = {
      dialect: this.#family,
      exec: () => Promise.reject(forbidden()),
      execAll: () => Promise.reject(forbidden()),
      query: (sql) => this.#ask(sql),
      queryEach: (statements) => {
        for (const sql of statements) demandReading(sql);
        return this.#session.askEach(statements, MOST_BYTES);
      },
    };
    for (let left = MOST_TRIES;; left--) {
      try {
        const found = await inspect(connection, { ...options, remember: false });
        // What else is on the server is none of this database's.
        const unmodelled = found.unmodelled.filter(({ kind }) => kind !== "database");
        return { ...found, unmodelled };
      } catch (error) {
        if (!(error instanceof DatabaseError) || error.code !== LOCK_WAIT || left <= 1) throw error;
      }
    }
  }

  async find(search: readonly TableSearch[]): Promise<readonly FoundTable[]> {
    const names = search.map(({ table }) => literal(table)).join(", ");
    const { database } = this.#address;
    const schemas = [...new Set([database, ...search.flatMap(({ schema }) => schema ?? [])])];
    const rows = await this.#ask<{ name: string; place: string; field: string }>(`
      SELECT c.table_name AS name, c.table_schema AS place, c.column_name AS field
      FROM information_schema.columns c JOIN information_schema.tables t
        ON t.table_schema = c.table_schema AND t.table_name = c.table_name
      WHERE t.table_type = 'BASE TABLE' AND c.table_schema IN (${
      schemas.map(literal).join(", ")
    }) AND c.table_name IN (${names})
      ORDER BY c.table_schema, c.table_name, c.ordinal_position`);
    const tables = Map.groupBy(rows, ({ name, place }) => `${place}\0${name}`);
    return [...tables.values()].flatMap((columns) => {
      const [first] = columns;
      if (first === undefined) return [];
      const { name: table, place: schema } = first;
      const isMeant = search.some((one) =>
        one.table === table && schema === (one.schema ?? database)
      );
      return isMeant ? [{ table, schema, columns: columns.map(({ field }) => field) }] : [];
    });
  }

  async rows(table: FoundTable, query: RowsQuery): Promise<readonly BookRow[]> {
    return bookRows(await this.#ask<Record<string, unknown>>(rowsQuery(table, query)));
  }

  async sample<T>(work: (reader: RowReader) => Promise<T>): Promise<T> {
    return await sampleRows(this.#session, await this.snapshot({ ignoreTables: [] }), work);
  }

  async stats(): Promise<readonly TableStats[]> {
    const rows = await this.#ask<{ name: string; counted: unknown; bytes: unknown }>(`
      SELECT table_name AS name, table_rows AS counted, data_length + index_length AS bytes
      FROM information_schema.tables
      WHERE table_schema = DATABASE() AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
      ORDER BY table_name`);
    return rows.map(({ name, counted, bytes }) => ({
      name,
      rows: counted === null ? null : Number(counted),
      bytes: bytes === null ? null : Number(bytes),
    }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#session.close();
    return Promise.resolve();
  }

  async #ask<Row extends object>(sql: string): Promise<Row[]> {
    demandReading(sql);
    return await this.#session.ask<Row>(sql, MOST_BYTES);
  }
}

/** Nothing is written, no lock is waited for long, and counts are those of now. */
function settingsOf(family: "mysql" | "mariadb"): string {
  const own = family === "mariadb"
    ? "SET SESSION max_statement_time = 30"
    : `SET SESSION max_execution_time = 30000, SESSION information_schema_stats_expiry = 0, SESSION sql_mode = ${MODES_WITH_ZERO_DATES}`;
  return `SET NAMES utf8mb4; SET SESSION TRANSACTION READ ONLY; SET SESSION lock_wait_timeout = 2, SESSION sql_mode = DEFAULT, SESSION sql_quote_show_create = 1; ${own}`;
}

function demandReading(sql: string): void {
  if (!/^\s*(?:SELECT|SHOW)\b/i.test(sql)) throw forbidden();
}

function forbidden(): Error {
  return new Error("Only queries of aim's own may be sent to a live database");
}

const LOCK_WAIT = "1205";

/** How often the catalog is read before a lock is reported. */
const MOST_TRIES = 3;

/** Of an answer. */
const MOST_BYTES = 1 << 28;
