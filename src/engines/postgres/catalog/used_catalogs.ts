/** Which parts of the catalog hold anything of the user, so that a reader that would find nothing is not asked. */

import { LAST_SERVER_OID } from "./user_objects.ts";

/** By the first kind of a reader: the SQL condition without which it finds nothing. Readers that are not named always run. */
const CONDITIONS: Readonly<Record<string, string>> = {
  table: relation("'r', 'p'"),
  column: relation("'r', 'p', 'f', 'v'"),
  constraint: `EXISTS (SELECT FROM pg_constraint WHERE oid > ${LAST_SERVER_OID})`,
  index: relation("'i', 'I'"),
  sequence: relation("'S'"),
  statistics: rows("pg_statistic_ext"),
  trigger: rows("pg_trigger"),
  rule: `EXISTS (SELECT FROM pg_rewrite WHERE oid > ${LAST_SERVER_OID} AND rulename <> '_RETURN')`,
  policy: rows("pg_policy"),
  aggregate: `EXISTS (SELECT FROM pg_aggregate WHERE aggfnoid > ${LAST_SERVER_OID})`,
  "base type":
    `EXISTS (SELECT FROM pg_type t WHERE t.oid > ${LAST_SERVER_OID} AND t.typtype IN ('b', 'p')
    AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid))`,
  cast: rows("pg_cast"),
  collation: rows("pg_collation"),
  conversion: rows("pg_conversion"),
  composite: relation("'c'"),
  "default privileges": rows("pg_default_acl"),
  domain: `EXISTS (SELECT FROM pg_type WHERE oid > ${LAST_SERVER_OID} AND typtype = 'd')`,
  enum: `EXISTS (SELECT FROM pg_type WHERE oid > ${LAST_SERVER_OID} AND typtype = 'e')`,
  "event trigger": rows("pg_event_trigger"),
  "extension privileges":
    `EXISTS (SELECT FROM pg_extension WHERE oid > ${LAST_SERVER_OID}) OR EXISTS (SELECT FROM pg_language WHERE lanispl AND lanacl IS NOT NULL)`,
  "foreign data wrapper": rows("pg_foreign_data_wrapper"),
  "foreign table": relation("'f'"),
  server: rows("pg_foreign_server"),
  "user mapping": `EXISTS (SELECT FROM pg_user_mappings WHERE umid > ${LAST_SERVER_OID})`,
  subscription:
    `has_column_privilege('pg_subscription', 'subconninfo', 'SELECT') AND EXISTS (SELECT FROM pg_stat_subscription)`,
  function: rows("pg_proc"),
  "access method": rows("pg_am"),
  transform: rows("pg_transform"),
  "operator class": rows("pg_opclass"),
  "operator family": rows("pg_opfamily"),
  operator: rows("pg_operator"),
  publication: rows("pg_publication"),
  range: `EXISTS (SELECT FROM pg_range WHERE rngtypid > ${LAST_SERVER_OID})`,
  "text search configuration": rows("pg_ts_config"),
  "text search dictionary": rows("pg_ts_dict"),
  "text search parser": rows("pg_ts_parser"),
  "text search template": rows("pg_ts_template"),
  view: relation("'v', 'm'"),
};

/**
 * One row: `present`, the first kinds of the readers that may find something, and `prepared`, the names of the statements
 * that this session has prepared.
 */
export const USED_CATALOGS_SQL = `
  SELECT
    (SELECT json_agg(v.kind) FROM (VALUES
      ${
  Object.entries(CONDITIONS).map(([kind, condition]) => `('${kind}', ${condition})`).join(
    ",\n      ",
  )
}
    ) v(kind, present) WHERE v.present) AS present,
    (SELECT json_agg(name) FROM pg_prepared_statements WHERE name LIKE 'aim\\_%') AS prepared,
    current_setting('server_version_num')::int AS number,
    split_part(current_setting('server_version'), ' ', 1) AS version`;

/** What `PRESENCE_SQL` gives. */
export interface UsedCatalogs {
  readonly present: readonly string[] | null;
  readonly prepared: readonly string[] | null;
  readonly number: number;
  readonly version: string;
}

/** True when a reader of these kinds may find something. */
export function mayFind(kinds: readonly string[], presence: UsedCatalogs): boolean {
  const [first] = kinds;
  if (first === undefined || !Object.hasOwn(CONDITIONS, first)) return true;
  return presence.present?.includes(first) ?? false;
}

function relation(kinds: string): string {
  return `EXISTS (SELECT FROM pg_class WHERE oid > ${LAST_SERVER_OID} AND relkind IN (${kinds}))`;
}

function rows(catalog: string): string {
  return `EXISTS (SELECT FROM ${catalog} WHERE oid > ${LAST_SERVER_OID})`;
}
