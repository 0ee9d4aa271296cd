/** Finds what no reader knows, so that it is named and never dropped in silence. */

import type { Connection } from "../../../runtimes/runtime.ts";
import type { Unmodelled } from "../../../core/snapshot.ts";
import type { Resolver } from "./depends.ts";
import { LAST_SERVER_OID } from "./user_objects.ts";

/** The user's rows of one catalog. */
export interface UserRows {
  readonly catalog: string;
  /** Numbers with commas between them; null when there are none, or when they go by their names. */
  readonly oids: string | null;
  readonly names: readonly string[] | null;
}

interface Address {
  readonly catalog: string;
  readonly oid: number;
}

/** Runs a query of the catalog under a name by which the session may keep its plan. */
export type CatalogQuery = <Row extends object>(name: string, sql: string) => Promise<Row[]>;

/** Asks for all that the user has in the catalog. */
export function everything(query: CatalogQuery): Promise<readonly UserRows[]> {
  return query<UserRows>("everything", EVERYTHING);
}

/** Objects of the user that the resolver cannot trace to one that a reader found, and all security labels. */
export async function readUnmodelled(
  database: Connection,
  rows: readonly UserRows[],
  resolver: Resolver,
): Promise<readonly Unmodelled[]> {
  const unknown: Address[] = [];
  for (const { catalog, oids } of rows) {
    if (oids === null || catalog === LABELS) continue;
    for (const oid of oids.split(",").map(Number)) {
      if (!resolver.knows(catalog, oid)) unknown.push({ catalog, oid });
    }
  }
  const subscriptions = rows.flatMap(({ catalog, names }) =>
    (names ?? []).filter((name) => resolver.idOf(`${catalog}/${name}/0`) === null)
      .map((name) => ({ kind: "subscription", name }))
  );
  const hasLabels = rows.some(({ catalog, oids }) => catalog === LABELS && oids !== null);
  const labels = !hasLabels ? [] : await database.query<Unmodelled>(`
    SELECT 'security label' AS kind, l.provider || ' on ' || l.objname AS name
    FROM pg_seclabels l
    WHERE l.objoid > ${LAST_SERVER_OID}
    ORDER BY 1, 2`);
  return [...await identified(database, unknown), ...subscriptions, ...labels];
}

async function identified(
  database: Connection,
  unknown: readonly Address[],
): Promise<readonly Unmodelled[]> {
  if (unknown.length === 0) return [];
  const list = unknown.map(({ catalog, oid }) => `('${catalog}'::regclass, ${oid}::oid)`);
  return await database.query<Unmodelled>(`
    SELECT i.type AS kind, i.identity AS name
    FROM (VALUES ${list.join(", ")}) v(catalog, oid),
      pg_identify_object(v.catalog, v.oid, 0) i
    WHERE i.identity !~ '(^| |\\()pg_(temp|toast)(_[0-9]+)?\\.'
    ORDER BY 1, 2`);
}

const LABELS = "pg_seclabel";

/** Catalogs whose rows are objects on their own; what is not listed belongs to one of these. */
const CATALOGS = [
  "pg_am",
  "pg_cast",
  "pg_class",
  "pg_collation",
  "pg_constraint",
  "pg_conversion",
  "pg_default_acl",
  "pg_event_trigger",
  "pg_extension",
  "pg_foreign_data_wrapper",
  "pg_foreign_server",
  "pg_language",
  "pg_largeobject_metadata",
  "pg_namespace",
  "pg_opclass",
  "pg_operator",
  "pg_opfamily",
  "pg_policy",
  "pg_proc",
  "pg_publication",
  "pg_rewrite",
  "pg_statistic_ext",
  "pg_transform",
  "pg_trigger",
  "pg_ts_config",
  "pg_ts_dict",
  "pg_ts_parser",
  "pg_ts_template",
  "pg_type",
];

/** What is never the user's: temporary relations, toast tables, the triggers that carry out a constraint. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  pg_largeobject_metadata: " AND o.lomacl IS NOT NULL",
  pg_operator: " AND o.oprcode <> 0",
  pg_class: " AND o.relpersistence <> 't' AND o.relkind <> 't'",
  pg_namespace: " AND o.nspname NOT LIKE 'pg\\_%'",
  pg_trigger: " AND NOT (o.tgisinternal AND o.tgconstraint <> 0)",
};

/** All rows of the user, a row for each catalog. Subscriptions go by their names, since not everybody may see their oids. */
export const EVERYTHING = [
  ...CATALOGS.map((catalog) => listOf(catalog, `${catalog} o`, "o.oid", LEFT_OUT[catalog] ?? "")),
  listOf("pg_user_mapping", "pg_user_mappings o", "o.umid"),
  listOf(LABELS, `${LABELS} o`, "o.objoid"),
  `
    SELECT 'pg_subscription', NULL, json_agg(o.subname)
    FROM pg_subscription o
    JOIN pg_database d ON d.oid = o.subdbid
    WHERE d.datname = current_database()`,
].join("\n    UNION ALL");

function listOf(catalog: string, from: string, oid: string, condition = ""): string {
  return `
    SELECT '${catalog}' AS catalog, string_agg(${oid}::text, ',') AS oids, NULL::json AS names
    FROM ${from}
    WHERE ${oid} > ${LAST_SERVER_OID}${condition}`;
}
