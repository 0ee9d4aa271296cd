/** Scratch databases on a Postgres server that runs already, whoever started it. */

import { randomBytes } from "node:crypto";
import process from "node:process";
import { DatabaseError, SetupError } from "../../core/error.ts";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import { PostgresDatabase } from "../postgres_wire/database.ts";
import type { ScratchDatabase, Server } from "../runtime.ts";
import type { PostgresAddress } from "./address.ts";
import { Administration, quoteName, quoteText } from "./administration.ts";
import { PostgresClient, type Reply } from "./client.ts";
import { ServerSession } from "./session.ts";
import type { Shared } from "./shared.ts";
import { SharedCatalogs } from "./shared_catalogs.ts";
import { SharedRoles } from "./shared_roles.ts";
import { ScratchTemplates, type Template } from "./templates.ts";

/** A server and what may be done on it. */
export interface PostgresServerOptions {
  /** Name of the runtime. */
  readonly runtime: string;
  /** How aim itself logs in, to a database that is no scratch database. On a server of aim's own: as a superuser. */
  readonly address: PostgresAddress;
  /** The role that scripts run as; aim's own when absent. */
  readonly role?: { readonly user: string; readonly password: string | null };
  /** True for a server that only this run uses: everything that belongs to the server is remembered and put back. */
  readonly isPrivate: boolean;
  /** What the scratch database is called on a private server. */
  readonly database?: string;
  /** The scripts' role becomes a member of the roles that it creates: right for one that is no superuser. */
  readonly joinsRoles?: boolean;
  /** What to do about a statement that the scripts' role may not run. */
  readonly forbiddenHint?: string;
  /** What aim runs before anything else. */
  readonly prepare?: string;
  readonly signal: AbortSignal;
  readonly limits?: Limits;
  /** Gives statements rights that the scripts' role has not, where that is safe; see `SessionOptions`. */
  readonly elevated?: (
    sql: string,
    client: PostgresClient,
    admin: Administration,
  ) => Promise<Reply> | null;
  /** Ends the server itself, after its last session. */
  stop?(): Promise<void>;
}

/** Databases of aim on a server that others use begin with this. */
const SCRATCH_PREFIX = "aim_scratch_";

/**
 * Logs in and makes ready; drops what runs left behind that are gone.
 * @throws {DatabaseError} for a server that cannot be reached.
 */
export async function openPostgresServer(options: PostgresServerOptions): Promise<Server> {
  const tag = `${process.pid}_${randomBytes(4).toString("hex")}`;
  const { address, signal, isPrivate } = options;
  const parameters = { ...address.parameters, application_name: `${SCRATCH_PREFIX}${tag}` };
  signal.throwIfAborted();
  const admin = await Administration.connect({ ...address, parameters }, afterwards(signal));
  try {
    if (!isPrivate) await dropStale(admin);
    if (options.prepare !== undefined) await admin.exec(options.prepare);
    return await PostgresServer.open(options, admin, tag);
  } catch (error) {
    await admin.end();
    throw error;
  }
}

/** Databases whose run is gone: it has a session, named like them, from before the first is made until the last is dropped. */
async function dropStale(admin: Administration): Promise<void> {
  const stale = await admin.query<{ name: string }>(`
    SELECT d.datname AS name
    FROM pg_catalog.pg_database d
    JOIN pg_catalog.pg_roles r ON r.oid = d.datdba AND r.rolname = current_user
    WHERE d.datname ~ '^${SCRATCH_PREFIX}[0-9]+_[0-9a-f]+_[0-9]+$'
      AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_stat_activity a
        WHERE a.application_name = pg_catalog.regexp_replace(d.datname, '_[0-9]+$', ''))`);
  for (const { name } of stale) {
    // Another run may be dropping it at the same time.
    await admin.exec(`DROP DATABASE IF EXISTS ${quoteName(name)}`).catch(() => {});
  }
}

class PostgresServer implements Server {
  readonly runtime: string;
  readonly version: string;
  readonly #options: PostgresServerOptions;
  readonly #admin: Administration;
  readonly #tag: string;
  readonly #shared: Shared;
  readonly #initial: unknown;
  #names = 0;
  #templates: ScratchTemplates | null = null;
  #current: PostgresDatabase | null = null;

  static async open(
    options: PostgresServerOptions,
    admin: Administration,
    tag: string,
  ): Promise<PostgresServer> {
    const { database = MAINTENANCE } = options;
    const shared = options.isPrivate
      ? new SharedCatalogs(
        admin,
        database,
        (name) => name === database || name.startsWith(SCRATCH_PREFIX),
      )
      : new SharedRoles(admin);
    return new PostgresServer(options, { admin, tag, shared, initial: await shared.read() });
  }

  private constructor(
    options: PostgresServerOptions,
    { admin, tag, shared, initial }: {
      readonly admin: Administration;
      readonly tag: string;
      readonly shared: Shared;
      readonly initial: unknown;
    },
  ) {
    this.#options = options;
    this.#admin = admin;
    this.#tag = tag;
    this.#shared = shared;
    this.#initial = initial;
    this.runtime = options.runtime;
    this.version = admin.version;
  }

  async create(): Promise<ScratchDatabase> {
    await this.#endDatabase();
    const { isPrivate, role, address, signal, limits = DEFAULT_LIMITS } = this.#options;
    const { elevated, forbiddenHint, joinsRoles = false } = this.#options;
    const user = role?.user ?? address.user;
    const isFirst = this.#names === 0;
    const database = isPrivate ? this.#options.database ?? MAINTENANCE : this.#name();
    const templates = new ScratchTemplates({
      admin: this.#admin,
      database,
      owner: user,
      empty: "template0",
      copiesFiles: isPrivate,
      shared: this.#shared,
      name: () => this.#name(),
    });
    this.#templates = templates;
    const empty: Template = { database: null, shared: this.#initial };
    // A private server comes with an empty database.
    if (isPrivate && isFirst) this.#names++;
    else await templates.load(empty);
    const login = { ...address, user, password: role?.password ?? address.password, database };
    const session = await ServerSession.open({
      templates,
      limits,
      signal,
      connect: () => logIn(login, signal),
      login,
      terminate: (processId) =>
        this.#admin.exec(`SELECT pg_catalog.pg_terminate_backend(${processId})`),
      joinsRoles,
      note: (sql) => this.#shared.note?.(sql),
      ...(isPrivate ? { size: () => this.#size(database) } : {}),
      ...(forbiddenHint === undefined ? {} : { forbiddenHint }),
      ...(elevated === undefined ? {} : {
        elevated: (sql: string, client: PostgresClient) => elevated(sql, client, this.#admin),
      }),
    });
    return this.#current = new PostgresDatabase(session);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#current?.[Symbol.asyncDispose]();
      if (!this.#options.isPrivate) await this.#endDatabase();
    } finally {
      await this.#admin.end();
      await this.#options.stop?.();
    }
  }

  async #endDatabase(): Promise<void> {
    await this.#current?.[Symbol.asyncDispose]();
    this.#current = null;
    const templates = this.#templates;
    this.#templates = null;
    await templates?.end();
    if (templates !== null && !this.#options.isPrivate) {
      await this.#shared.restore(this.#initial, null);
    }
  }

  async #size(database: string): Promise<number> {
    return Number(
      await this.#admin.value(
        `SELECT pg_catalog.pg_database_size(${quoteText(database)}) AS value`,
      ),
    );
  }

  #name(): string {
    return `${SCRATCH_PREFIX}${this.#tag}_${++this.#names}`;
  }
}

/** The database that every new server has. */
const MAINTENANCE = "postgres";

/** Aborts some time after another signal does: what was begun is tidied up first. */
function afterwards(signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const abort = () => void setTimeout(() => controller.abort(signal.reason), TIDYING).unref();
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  return controller.signal;
}

/** Milliseconds for dropping databases after a run was interrupted. */
const TIDYING = 5000;

/** A session of the scratch server. Throws SetupError where it lets none in: that is none of the schema's doing. */
async function logIn(address: PostgresAddress, signal: AbortSignal): Promise<PostgresClient> {
  try {
    return await PostgresClient.connect(address, signal);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new SetupError(`Cannot open a session on the scratch server: ${error.message}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}
