/** Finds what no reader knows, so that it is named and never dropped in silence. */

import type { Database } from "../../../runtimes/runtime.ts";
import type { Unmodelled } from "../../../schema.ts";
import type { Resolver } from "./depends.ts";

interface Row {
  readonly address: string;
  readonly kind: string;
  readonly name: string;
}

/** Runs a query of the catalog under a name by which the session may keep its plan. */
export type CatalogQuery = <Row extends object>(name: string, sql: string) => Promise<Row[]>;

/** Objects of the user that the resolver cannot trace to one that a reader found, and all security labels. */
export async function readUnmodelled(
  database: Database,
  query: CatalogQuery,
  resolver: Resolver,
): Promise<readonly Unmodelled[]> {
  const rows = await query<Row>("everything", EVERYTHING);
  const unknown = rows.filter(({ address }) => resolver.idOf(address) === null);
  const inCatalog = (catalog: string) =>
    unknown.filter(({ address }) => address.startsWith(`${catalog}/`));
  const subscriptions = inCatalog("pg_subscription").map(({ address }) => ({
    kind: "subscription",
    name: address.slice(address.indexOf("/") + 1, -2),
  }));
  const labels = inCatalog("pg_seclabel").length === 0 ? [] : await database.query<Unmodelled>(`
    SELECT 'security label' AS kind, l.provider || ' on ' || l.objname AS name
    FROM pg_seclabels l
    WHERE l.objoid >= 16384
    ORDER BY 1, 2`);
  const others = unknown.filter(({ address }) => !/^pg_(subscription|seclabel)\//.test(address));
  return [...await identified(database, others), ...subscriptions, ...labels];
}

async function identified(
  database: Database,
  rows: readonly Row[],
): Promise<readonly Unmodelled[]> {
  if (rows.length === 0) return [];
  const list = rows.map(({ address }) => {
    const [catalog, oid] = address.split("/");
    return `('${catalog}'::regclass, ${oid}::oid)`;
  });
  return await database.query<Unmodelled>(`
    SELECT i.type AS kind, i.identity AS name
    FROM (VALUES ${list.join(", ")}) v(catalog, oid),
      pg_identify_object(v.catalog, v.oid, 0) i
    WHERE i.identity !~ '(^| |\\()pg_(temp|toast)(_[0-9]+)?\\.'
    ORDER BY 1, 2`);
}

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

/** Subscriptions go by their names, since not everybody may see their oids. */
const EVERYTHING = [
  ...CATALOGS.map((catalog) => `
    SELECT '${catalog}/' || o.oid || '/0' AS address
    FROM ${catalog} o
    WHERE o.oid >= 16384${LEFT_OUT[catalog] ?? ""}`),
  `
    SELECT 'pg_user_mapping/' || o.umid || '/0'
    FROM pg_user_mappings o
    WHERE o.umid >= 16384`,
  `
    SELECT 'pg_subscription/' || o.subname || '/0'
    FROM pg_subscription o
    JOIN pg_database d ON d.oid = o.subdbid
    WHERE d.datname = current_database()`,
  `
    SELECT 'pg_seclabel/' || o.objoid || '/' || o.objsubid
    FROM pg_seclabel o
    WHERE o.objoid >= 16384`,
].join("\n    UNION ALL");
