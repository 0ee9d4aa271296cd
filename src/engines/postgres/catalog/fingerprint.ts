/** A digest of the catalog, to see cheaply that nothing has changed. */

import { DatabaseError } from "../../../errors.ts";
import type { Database } from "../../../runtimes/runtime.ts";

/**
 * Digests all rows of the catalog that belong to the user, oids included: equal digests of one database mean equal snapshots;
 * objects that were dropped and made again give another digest. Names of roles and tablespaces count, since others refer to their oids. Statistics of the planner and of vacuum do not count, nor what
 * a dropped column leaves behind.
 */
export async function fingerprint(database: Database): Promise<string> {
  const [row] = await execute(database).catch(async (error: unknown) => {
    if (!(error instanceof DatabaseError) || error.code !== UNDEFINED_STATEMENT) throw error;
    const [server] = await database.query<{ number: number }>(
      `SELECT current_setting('server_version_num')::int AS number`,
    );
    await database.exec(`PREPARE ${NAME} AS ${fingerprintSql(server?.number ?? 0)}`);
    return await execute(database);
  });
  return row?.digest ?? "";
}

function execute(database: Database): Promise<{ digest: string }[]> {
  return database.query<{ digest: string }>(`EXECUTE ${NAME}`);
}

const UNDEFINED_STATEMENT = "26000";
const NAME = "aim_fingerprint";

/** Catalogs by the SQL condition for rows that a user made or can change. */
const PARTS: Readonly<Record<string, string>> = {
  pg_aggregate: "aggfnoid >= 16384",
  pg_am: "true",
  pg_tablespace: "true",
  pg_amop: "oid >= 16384",
  pg_amproc: "oid >= 16384",
  pg_attrdef: "true",
  pg_cast: "oid >= 16384",
  pg_collation: "oid >= 16384",
  pg_constraint: "oid >= 16384",
  pg_conversion: "oid >= 16384",
  pg_default_acl: "true",
  // A cast keeps the index out of it, which is slower than reading the whole table.
  pg_depend: "objid::int8 >= 16384",
  pg_description: "objoid >= 16384 OR classoid = 'pg_namespace'::regclass",
  pg_enum: "true",
  pg_event_trigger: "true",
  pg_extension: "true",
  pg_foreign_data_wrapper: "true",
  pg_foreign_server: "true",
  pg_foreign_table: "true",
  pg_index: "indexrelid >= 16384",
  pg_inherits: "true",
  pg_language: "true",
  pg_largeobject_metadata: "true",
  pg_namespace: "true",
  pg_opclass: "oid >= 16384",
  pg_operator: "oid >= 16384",
  pg_opfamily: "oid >= 16384",
  pg_partitioned_table: "true",
  pg_policy: "true",
  pg_proc: "oid >= 16384",
  pg_publication: "true",
  pg_publication_rel: "true",
  pg_range: "rngtypid >= 16384",
  pg_rewrite: "oid >= 16384",
  pg_seclabel: "true",
  pg_sequence: "true",
  pg_statistic_ext: "true",
  pg_transform: "true",
  pg_trigger: "true",
  pg_ts_config: "oid >= 16384",
  pg_ts_config_map: "mapcfg >= 16384",
  pg_ts_dict: "oid >= 16384",
  pg_ts_parser: "oid >= 16384",
  pg_ts_template: "oid >= 16384",
  pg_type: "oid >= 16384",
  pg_user_mappings: "true",
};

/**
 * Catalogs whose columns all have hash functions, so that their rows need not be written as text first (version 14 and later).
 * The hash of a record is linear in those of its columns: without a second one, rows that swap a value would add up to the same.
 */
const HASHABLE: ReadonlySet<string> = new Set([
  "pg_aggregate",
  "pg_amop",
  "pg_amproc",
  "pg_cast",
  "pg_description",
  "pg_enum",
  "pg_inherits",
  "pg_opclass",
  "pg_operator",
  "pg_opfamily",
  "pg_sequence",
]);

/** Columns of `pg_class` that only say how much there is, or that something once was there. */
const VOLATILE = [
  "relfilenode",
  "relpages",
  "reltuples",
  "relallvisible",
  "relallfrozen",
  "relfrozenxid",
  "relminmxid",
  "relhasindex",
  "relhasrules",
  "relhastriggers",
  "relhassubclass",
  "relnatts",
  "relchecks",
  "reltoastrelid",
];

/** The query behind `fingerprint`, for a server of this `server_version_num`. */
export function fingerprintSql(version: number): string {
  const parts = Object.entries(PARTS).map(([catalog, condition]) =>
    version >= 140000 && HASHABLE.has(catalog)
      ? `(SELECT sum(hashint8extended(hash_record_extended(t, 0), 0)) FROM ${catalog} t WHERE ${condition})`
      : digest(catalog, "t::text", condition)
  );
  parts.push(
    digest(
      "pg_class",
      `(to_jsonb(t) - '{${VOLATILE.join(",")}}'::text[])::text`,
      "oid >= 16384 AND relkind <> 't' AND relnamespace <> 'pg_toast'::regnamespace",
    ),
    digest("pg_class", "t.relname || t.reloptions::text", "relkind = 't' AND oid >= 16384"),
    digest("pg_roles", "t.oid || t.rolname", "true"),
    digest("pg_attribute", "t::text", "attrelid >= 16384 AND attnum > 0 AND NOT attisdropped"),
  );
  parts.push(
    digest(
      "pg_subscription",
      "(t.subname, t.subowner, t.subslotname, t.subpublications)::text",
      "true",
    ),
  );
  if (version >= 150000) parts.push(digest("pg_publication_namespace", "t::text", "true"));
  return `SELECT md5(concat_ws(' ', ${parts.join(", ")})) AS digest`;
}

function digest(catalog: string, text: string, condition: string): string {
  return `(SELECT sum(hashtextextended(${text}, 0)) FROM ${catalog} t WHERE ${condition})`;
}
