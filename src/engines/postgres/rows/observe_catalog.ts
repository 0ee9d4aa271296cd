/** Reads what else a Postgres database holds: its objects by what the catalog says of them, and the state of its server. */

import { splitName } from "../../../core/name.ts";
import type { Observation, ObservedObject } from "../../../core/observation.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { LAST_SERVER_OID } from "../catalog/user_objects.ts";

/** Catalogs whose rows stand for objects, by the SQL for those that count and for what counts of them. */
const OBJECTS: Readonly<Record<string, { readonly where?: string; readonly content?: string }>> = {
  pg_class: {
    where:
      "t.relkind NOT IN ('t', 'c', 'r') AND t.relnamespace <> 'pg_toast'::pg_catalog.regnamespace",
    content:
      "(t.relname, t.relnamespace, t.relowner, t.relkind, t.relacl, t.reloptions, t.relpersistence)",
  },
  pg_proc: {},
  pg_type: {
    where:
      `NOT EXISTS (SELECT FROM pg_catalog.pg_class r WHERE r.oid = t.typrelid AND r.relkind <> 'c')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)`,
  },
  pg_constraint: {},
  pg_trigger: { where: "NOT t.tgisinternal" },
  pg_rewrite: {},
  pg_policy: {},
  pg_namespace: {},
  pg_extension: {},
  pg_event_trigger: {},
  pg_operator: {},
  pg_opclass: {},
  pg_opfamily: {},
  pg_cast: {},
  pg_collation: {},
  pg_conversion: {},
  pg_language: {},
  pg_statistic_ext: {},
  pg_publication: {},
  pg_foreign_data_wrapper: {},
  pg_foreign_server: {},
  pg_transform: {},
  pg_ts_config: {},
  pg_ts_dict: {},
  pg_ts_parser: {},
  pg_ts_template: {},
};

/** Objects that are no tables. */
export async function observeObjects(database: ScratchDatabase): Promise<Observation["objects"]> {
  const parts = Object.entries(OBJECTS).map(([catalog, { where = "true", content = "t" }]) =>
    `SELECT 'pg_catalog.${catalog}'::pg_catalog.regclass AS catalog, t.oid,
      pg_catalog.md5(${content}::pg_catalog.text) AS content
    FROM pg_catalog.${catalog} t WHERE t.oid > ${LAST_SERVER_OID} AND ${where}`
  );
  const rows = await database.query<ObservedObject>(`
    SELECT i.type AS kind, x.catalog::oid || ':' || x.oid AS identity, x.content,
      CASE WHEN t.oid IS NULL THEN i.identity
        ELSE pg_catalog.quote_ident(i.name) || ' on ' || pg_catalog.quote_ident(n.nspname)
          || '.' || pg_catalog.quote_ident(t.relname) END AS name
    FROM (${parts.join("\nUNION ALL\n")}) x
    CROSS JOIN pg_catalog.pg_identify_object(x.catalog, x.oid, 0) i
    LEFT JOIN pg_catalog.pg_index d ON d.indexrelid = x.oid
      AND x.catalog = 'pg_catalog.pg_class'::pg_catalog.regclass
    LEFT JOIN pg_catalog.pg_class t ON t.oid = d.indrelid
    LEFT JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
    WHERE i.identity IS NOT NULL`);
  return new Map(rows.map(({ name, ...row }) => {
    const plain = plainName(name);
    return [`${row.kind} ${plain}`, { ...row, name: plain }];
  }));
}

/** `users_pkey on public.users` as `public.users.users_pkey`, without quotes and blanks. */
function plainName(identity: string): string {
  const [, member, owner] = /^("(?:[^"]|"")*"|[^" ]+) on (.+)$/.exec(identity) ?? [];
  const name = member === undefined || owner === undefined ? identity : `${owner}.${member}`;
  const signature = /\(.*$/s.exec(name)?.[0] ?? "";
  return `${splitName(name).join(".")}${signature}`.replaceAll(/["\s]/g, "");
}

/** Those that the session may read although it may not read all. */
const OWN_LARGE_OBJECTS =
  `(SELECT oid, pg_catalog.lo_get(oid) FROM pg_catalog.pg_largeobject_metadata
  WHERE pg_catalog.pg_has_role(lomowner, 'USAGE'))`;

/** Roles, settings and the like. */
export async function observeServer(database: ScratchDatabase): Promise<Observation["server"]> {
  const all = (catalog: string) =>
    `SELECT pg_catalog.md5(pg_catalog.string_agg(t::pg_catalog.text, ' ' ORDER BY t::pg_catalog.text)) FROM ${catalog} t`;
  const [reads] = await database.query<{ roles: boolean; objects: boolean }>(`
    SELECT pg_catalog.has_table_privilege('pg_catalog.pg_authid', 'SELECT') AS roles,
      pg_catalog.has_table_privilege('pg_catalog.pg_largeobject', 'SELECT') AS objects`);
  const parts = Object.entries({
    // Without passwords where these are hidden from the session.
    "the roles": all(reads?.roles === true ? "pg_catalog.pg_authid" : "pg_catalog.pg_roles"),
    "the members of roles": all(
      "(SELECT roleid, member, grantor, admin_option FROM pg_catalog.pg_auth_members)",
    ),
    "the settings of roles and databases": all("pg_catalog.pg_db_role_setting"),
    "the database": all(
      "(SELECT datname, datdba, datacl, datallowconn, datconnlimit FROM pg_catalog.pg_database)",
    ),
    "default privileges": all(
      "(SELECT oid, defaclrole, defaclobjtype FROM pg_catalog.pg_default_acl)",
    ),
    "the large objects": all(
      reads?.objects === true ? "pg_catalog.pg_largeobject" : OWN_LARGE_OBJECTS,
    ),
    "the privileges of large objects": all("pg_catalog.pg_largeobject_metadata"),
    "the role of the session": "SELECT session_user || ' ' || current_user",
    "the prepared statements": all("(SELECT name FROM pg_catalog.pg_prepared_statements)"),
    "the open cursors": all("(SELECT name FROM pg_catalog.pg_cursors WHERE name <> '')"),
    "the advisory locks": all(
      "(SELECT classid, objid, objsubid FROM pg_catalog.pg_locks WHERE locktype = 'advisory')",
    ),
    "the channels listened to": all("pg_catalog.pg_listening_channels()"),
    "the temporary objects": all(
      "(SELECT relname FROM pg_catalog.pg_class WHERE relpersistence = 't')",
    ),
  }).map(([name, sql]) => `SELECT '${name}' AS name, (${sql}) AS value`);
  const rows = await database.query<{ name: string; value: string | null }>(
    `${parts.join("\nUNION ALL\n")}
    UNION ALL SELECT 'the setting ' || name, setting FROM pg_catalog.pg_settings
    WHERE name !~ '^(transaction_|in_hot_standby)'`,
  );
  return new Map(rows.map(({ name, value }) => [name, value ?? ""]));
}
