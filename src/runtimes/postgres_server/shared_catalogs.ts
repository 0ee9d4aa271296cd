/** Shared catalogs of a server that is aim's alone, remembered row by row: object ids stay, so that owners and privileges do. */

import type { Json } from "../../core/snapshot.ts";
import { type Administration, quoteName, quoteText } from "./administration.ts";
import type { Shared } from "./shared.ts";

type Row = Readonly<Record<string, Json>>;

interface State {
  /** The scratch database's object id at that time. */
  readonly own: string;
  readonly catalogs: Readonly<Record<string, readonly Row[]>>;
  /** Databases that scripts made. */
  readonly databases: readonly string[];
  readonly database: { readonly acl: string | null; readonly limit: number };
}

/** See the module's comment. Needs a superuser. */
export class SharedCatalogs implements Shared {
  readonly #admin: Administration;
  readonly #database: string;
  /** Names of databases that are aim's own. */
  readonly #isOwn: (name: string) => boolean;
  #ready = false;

  constructor(
    admin: Administration,
    database: string,
    isOwn: (name: string) => boolean,
  ) {
    this.#admin = admin;
    this.#database = database;
    this.#isOwn = isOwn;
  }

  async read(): Promise<State> {
    const { major } = this.#admin;
    const parts = catalogsOf(major).map(({ name, own }) =>
      `'${name}', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t::text), '[]') FROM ${name} t WHERE ${own})`
    );
    const [row] = await this.#admin.query<{ state: State }>(`
      WITH d AS (SELECT oid, datacl, datconnlimit FROM pg_database WHERE datname = ${
      quoteText(this.#database)
    })
      SELECT jsonb_build_object(
        'own', d.oid::text,
        'database', jsonb_build_object('acl', d.datacl::text, 'limit', d.datconnlimit),
        'databases', (SELECT coalesce(jsonb_agg(datname ORDER BY datname), '[]') FROM pg_database),
        'catalogs', jsonb_build_object(${parts.join(", ")})
      ) AS state
      FROM d`);
    if (row === undefined) throw new Error(`There is no database ${this.#database}`);
    const { state } = row;
    return { ...state, databases: state.databases.filter((name) => !this.#isOwn(name)) };
  }

  /** A copy would keep roles from being dropped that its objects belong to: what says so is put aside. */
  async saved(copy: string): Promise<void> {
    if (!this.#ready) {
      await this.#admin.exec(
        `CREATE TEMP TABLE saved_dependencies AS SELECT ''::name AS copy, d.* FROM pg_shdepend d WHERE false`,
      );
      this.#ready = true;
    }
    await this.#admin.exec(`
      WITH moved AS (
        DELETE FROM pg_shdepend WHERE dbid = (SELECT oid FROM pg_database WHERE datname = ${
      quoteText(copy)
    })
        RETURNING *
      )
      INSERT INTO saved_dependencies SELECT ${quoteText(copy)}, * FROM moved`);
  }

  async beforeDrop(): Promise<void> {
    const own = `(SELECT oid FROM pg_database WHERE datname = ${quoteText(this.#database)})`;
    await this.#admin.exec(`
      DELETE FROM pg_subscription WHERE subdbid = ${own};
      SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE datoid = ${own}`);
  }

  async restore(state: unknown, copy: string | null): Promise<void> {
    const wanted = state as State;
    const now = await this.read();
    for (const name of now.databases) {
      if (!wanted.databases.includes(name)) {
        await this.#admin.exec(`DROP DATABASE IF EXISTS ${quoteName(name)} WITH (FORCE)`);
      }
    }
    const statements = catalogsOf(this.#admin.major).flatMap(({ name, own, self }) => {
      const rows = (wanted.catalogs[name] ?? []).map((row) =>
        moved(row, self, wanted.own, now.own)
      );
      return isSame(rows, now.catalogs[name] ?? [])
        ? []
        : replaceRows(name, own, { rows, database: now.own });
    });
    const { acl, limit } = wanted.database;
    if (acl !== now.database.acl || limit !== now.database.limit) {
      statements.push(
        `UPDATE pg_database SET datconnlimit = ${Number(limit)}, datacl = ${
          acl === null ? "NULL" : `${quoteText(acl)}::aclitem[]`
        } WHERE oid = ${Number(now.own)}`,
      );
    }
    if (copy !== null) {
      statements.push(`
        INSERT INTO pg_shdepend
        SELECT ${Number(now.own)}, classid, objid, objsubid, refclassid, refobjid, deptype
        FROM saved_dependencies WHERE copy = ${quoteText(copy)}`);
    }
    if (statements.length > 0) await this.#admin.exec(statements.join(";\n"));
  }
}

interface SharedCatalog {
  readonly name: string;
  /** Which of its rows `t` count: not those about other databases. `d` is the scratch database. */
  readonly own: string;
  /** The column that holds the scratch database's object id, under a condition on the row; absent where none does. */
  readonly self?: { readonly column: string; readonly holds: (row: Row) => boolean };
}

const DATABASE_CLASS = "1262";

/** Roles first: privileges name them. */
function catalogsOf(major: number): readonly SharedCatalog[] {
  const own = `(SELECT d.oid FROM d)`;
  return [
    { name: "pg_authid", own: "true" },
    { name: "pg_auth_members", own: "true" },
    {
      name: "pg_db_role_setting",
      own: `t.setdatabase IN (0, ${own})`,
      self: { column: "setdatabase", holds: () => true },
    },
    {
      name: "pg_shdescription",
      own: `t.classoid <> ${DATABASE_CLASS} OR t.objoid = ${own}`,
      self: { column: "objoid", holds: ({ classoid }) => String(classoid) === DATABASE_CLASS },
    },
    {
      name: "pg_shdepend",
      own:
        `t.dbid = 0 AND t.deptype <> 'p' AND (t.classid <> ${DATABASE_CLASS} OR t.objid = ${own})`,
      self: { column: "objid", holds: ({ classid }) => String(classid) === DATABASE_CLASS },
    },
    {
      name: "pg_subscription",
      own: `t.subdbid = ${own}`,
      self: { column: "subdbid", holds: () => true },
    },
    ...(major >= 15 ? [{ name: "pg_parameter_acl", own: "true" }] : []),
  ];
}

/** A row as it is where the scratch database has another object id. */
function moved(row: Row, self: SharedCatalog["self"], from: string, to: string): Row {
  if (self === undefined || !self.holds(row) || String(row[self.column]) !== from) return row;
  return { ...row, [self.column]: to };
}

function isSame(a: readonly Row[], b: readonly Row[]): boolean {
  if (a.length !== b.length) return false;
  const texts = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).sort();
  const right = texts(b);
  return texts(a).every((text, at) => text === right[at]);
}

/** Only the rows that differ are touched: among the others is the role that does it. */
function replaceRows(
  name: string,
  own: string,
  { rows, database }: { readonly rows: readonly Row[]; readonly database: string },
): string[] {
  const wanted = `jsonb_array_elements(${quoteText(JSON.stringify(rows))}::jsonb) AS w`;
  return [
    `WITH d AS (SELECT ${Number(database)}::oid AS oid)
     DELETE FROM ${name} t WHERE (${own})
       AND NOT EXISTS (SELECT FROM ${wanted} WHERE w.value = to_jsonb(t))`,
    `INSERT INTO ${name}
     SELECT (jsonb_populate_record(NULL::pg_catalog.${name}, w.value)).* FROM ${wanted}
     WHERE NOT EXISTS (SELECT FROM ${name} t WHERE to_jsonb(t) = w.value)`,
  ];
}
