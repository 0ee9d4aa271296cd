/** A Postgres server that people use, read and nothing else. */

import { DatabaseError } from "../../core/error.ts";
import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";
import { shownAddress } from "../../runtimes/postgres_server/address.ts";
import { LiveSession } from "../../runtimes/postgres_server/live_session.ts";
import { parsePostgresUrl } from "../../runtimes/postgres_server/parse_url.ts";
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
import { inspect } from "./catalog/inspect.ts";
import { LAST_SERVER_OID } from "./catalog/user_objects.ts";
import { bookRows, editText, rowsQuery } from "./books.ts";
import { rowWriter, sampleRows } from "./live_rows.ts";
import { openWriter } from "./live_writer.ts";
import { literal } from "./quote.ts";

/** See the module's comment. */
export const live: LiveAccess = {
  form: "postgres://user@host:5432/database",
  accepts: (url) => /^(?:jdbc:)?postgres(?:ql)?(?:\+\w+)?:/i.test(url),
  plain: withoutPrivileges,
  rowWriter,
  insert: (table, row) => editText(table, { edit: "insert", ...row }),
  write: (url, { variables }) => openWriter(parsePostgresUrl(libpqUrl(url), variables)),
  open: async (url, { signal, variables }) => {
    const address = parsePostgresUrl(libpqUrl(url), variables);
    const session = await LiveSession.connect(address, signal);
    const isPlain = address.tls === "prefer" || address.tls === "allow";
    const isRemote = !/^(?:\/|localhost$|127\.|::1$)/.test(address.host);
    return new PostgresLive(session, {
      shown: `postgres://${shownAddress(address)}/${address.database}`,
      unprotected: isPlain && isRemote,
    });
  },
};

/** `jdbc:postgresql://...` and `postgresql+driver://...` as libpq writes them. */
function libpqUrl(url: string): string {
  return url.replace(/^jdbc:/i, "").replace(/^(postgres(?:ql)?)\+\w+:/i, "$1:");
}

class PostgresLive implements LiveDatabase {
  readonly shown: string;
  readonly #session: LiveSession;
  readonly #unprotected: boolean;

  constructor(
    session: LiveSession,
    { shown, unprotected }: { readonly shown: string; readonly unprotected: boolean },
  ) {
    this.#session = session;
    this.shown = shown;
    this.#unprotected = unprotected;
  }

  get version(): string {
    return this.#session.version;
  }

  get scratchVersion(): string {
    return String(Number.parseInt(this.version));
  }

  async notes(): Promise<readonly string[]> {
    const [hidden] = await this.#session.query<Hidden>(HIDDEN_SQL);
    const notes: string[] = [];
    if (this.#unprotected) {
      notes.push(
        "Nothing in the address demands TLS: sslmode=verify-full does, sslmode=disable says that none is wanted",
      );
    }
    if (hidden?.subscriptions) notes.push("The account may not see subscriptions: not covered");
    if (hidden?.mappings) {
      notes.push("The account may not see the options of user mappings: not covered");
    }
    return notes;
  }

  demandOwnSession(): Promise<void> {
    return this.#session.demandOwn();
  }

  async snapshot(options: InspectOptions): Promise<Snapshot> {
    for (let left = MOST_TRIES;; left--) {
      try {
        return await inspect(this.#session, { ...options, remember: false });
      } catch (error) {
        if (!(error instanceof DatabaseError) || error.code !== LOCK_NOT_AVAILABLE) throw error;
        if (left <= 1) throw await this.#locked(error);
      }
    }
  }

  async find(search: readonly TableSearch[]): Promise<readonly FoundTable[]> {
    const names = search.map(({ table }) => literal(table)).join(", ");
    const found = await this.#session.query<FoundTable>(`
      SELECT c.relname AS "table", n.nspname AS "schema",
        (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND c.relname IN (${names})
      ORDER BY n.nspname <> 'public', n.nspname COLLATE "C"`);
    return found.filter((one) =>
      search.some(({ table, schema }) =>
        one.table === table && (schema === undefined || one.schema === schema)
      )
    ).map((one) => ({ ...one, columns: one.columns ?? [] }));
  }

  async rows(table: FoundTable, query: RowsQuery): Promise<readonly BookRow[]> {
    const sql = rowsQuery(table, query);
    return bookRows(await this.#session.query<Record<string, unknown>>(sql));
  }

  async sample<T>(work: (reader: RowReader) => Promise<T>): Promise<T> {
    return await sampleRows(this.#session, work);
  }

  async stats(): Promise<readonly TableStats[]> {
    const rows = await this.#session.query<{ name: string; rows: unknown; bytes: unknown }>(`
      SELECT n.nspname || '.' || c.relname AS name,
        CASE WHEN s.n_live_tup > 0 THEN s.n_live_tup
          WHEN c.reltuples >= 0 THEN c.reltuples::bigint END AS rows,
        c.relpages::bigint * pg_catalog.current_setting('block_size')::bigint AS bytes
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_stat_all_tables s ON s.relid = c.oid
      WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND c.oid > ${LAST_SERVER_OID}
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`);
    return rows.map(({ name, rows, bytes }) => ({
      name,
      rows: rows === null ? null : Number(rows),
      bytes: bytes === null ? null : Number(bytes),
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }

  /** Says who holds what. */
  async #locked(cause: DatabaseError): Promise<DatabaseError> {
    const holders = await this.#session.query<{ name: string; pid: number }>(`
      SELECT DISTINCT n.nspname || '.' || c.relname AS name, l.pid
      FROM pg_catalog.pg_locks l
        JOIN pg_catalog.pg_class c ON c.oid = l.relation
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE l.mode = 'AccessExclusiveLock' AND l.granted AND c.oid > ${LAST_SERVER_OID}
        AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
      ORDER BY 1 LIMIT 5`).catch(() => []);
    const who = holders.map(({ name, pid }) => `${name} (session ${pid})`).join(", ");
    return new DatabaseError(
      `Cannot read the catalog of ${this.shown}: ${
        who === "" ? "something in it is locked" : `locked are ${who}`
      }`,
      { code: LOCK_NOT_AVAILABLE, hint: "Try again when that session has ended", cause },
    );
  }
}

interface Hidden {
  readonly subscriptions: boolean;
  readonly mappings: boolean;
}

/** What the account may not see. */
const HIDDEN_SQL = `
  SELECT
    NOT has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'SELECT') AND EXISTS (
      SELECT s.oid FROM pg_catalog.pg_subscription s WHERE s.subdbid =
        (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
    ) AS subscriptions,
    NOT pg_catalog.has_table_privilege('pg_catalog.pg_user_mapping', 'SELECT')
      AND EXISTS (SELECT FROM pg_catalog.pg_user_mappings m WHERE m.umoptions IS NULL) AS mappings`;

const LOCK_NOT_AVAILABLE = "55P03";

/** How often the catalog is read before a lock is reported. */
const MOST_TRIES = 3;

const PRIVILEGE_KINDS: ReadonlySet<string> = new Set([
  "default privileges",
  "extension privileges",
]);

/** A schema without owners and privileges: those are the business of a server, and differ between servers. */
function withoutPrivileges(snapshot: Snapshot): Snapshot {
  const objects = new Map<string, SchemaObject>();
  for (const [id, object] of snapshot.objects) {
    if (PRIVILEGE_KINDS.has(object.kind)) continue;
    const { owner: _owner, grants: _grants, revokes: _revokes, ...facts } = object.facts;
    objects.set(id, { ...object, facts });
  }
  return { ...snapshot, objects };
}
