/** What a Postgres database holds that can be changed. */

import type { ScratchDatabase } from "../../src/runtimes/runtime.ts";

/** What a database holds, names as SQL has them. */
export interface Holdings {
  readonly columns: readonly Column[];
  readonly relations: readonly { readonly ref: string; readonly kind: string }[];
  readonly constraints: readonly Part[];
  readonly triggers: readonly Part[];
  readonly policies: readonly Part[];
  readonly routines: readonly { readonly ref: string; readonly kind: string }[];
  readonly types: readonly Type[];
  readonly schemas: readonly string[];
  /** All that a comment can stand on, as `COMMENT ON` names it. */
  readonly things: readonly { readonly kind: string; readonly ref: string }[];
}

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
}

/** Something with a name of its own on a table. */
export interface Part {
  readonly table: string;
  readonly name: string;
}

interface Type {
  readonly ref: string;
  /** `e` enum, `d` domain, `c` composite. */
  readonly kind: string;
  readonly labels: readonly string[] | null;
  readonly attributes: readonly string[] | null;
}

const USERS = `nspname !~ '^pg_' AND nspname <> 'information_schema'`;

/** Catalogs whose rows can have comments. */
const COMMENTED = [
  ...["pg_class", "pg_constraint", "pg_trigger", "pg_policy", "pg_rewrite", "pg_type", "pg_proc"],
  ...["pg_namespace", "pg_extension", "pg_language", "pg_opclass", "pg_opfamily", "pg_operator"],
  ...["pg_cast", "pg_collation", "pg_statistic_ext", "pg_publication", "pg_event_trigger"],
  ...["pg_ts_config", "pg_ts_dict", "pg_conversion", "pg_foreign_data_wrapper"],
  "pg_foreign_server",
];

const HOLDINGS = `
  SELECT
    (SELECT json_agg(json_build_object('table', c.oid::regclass, 'name', quote_ident(a.attname),
        'type', format_type(a.atttypid, a.atttypmod)))
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND ${USERS}) AS columns,
    (SELECT json_agg(json_build_object('ref', c.oid::regclass, 'kind', c.relkind))
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'i', 'I', 'f') AND ${USERS}) AS relations,
    (SELECT json_agg(json_build_object('table', conrelid::regclass, 'name', quote_ident(conname)))
      FROM pg_constraint WHERE conrelid >= 16384) AS constraints,
    (SELECT json_agg(json_build_object('table', tgrelid::regclass, 'name', quote_ident(tgname)))
      FROM pg_trigger WHERE NOT tgisinternal) AS triggers,
    (SELECT json_agg(json_build_object('table', polrelid::regclass, 'name', quote_ident(polname)))
      FROM pg_policy) AS policies,
    (SELECT json_agg(json_build_object('ref', p.oid::regprocedure, 'kind', p.prokind))
      FROM pg_proc p
      WHERE p.oid >= 16384 AND NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')) AS routines,
    (SELECT json_agg(json_build_object('ref', t.oid::regtype, 'kind', t.typtype, 'labels', (
        SELECT json_agg(e.enumlabel) FROM pg_enum e WHERE e.enumtypid = t.oid), 'attributes', (
        SELECT json_agg(quote_ident(a.attname)) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)))
      FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
      WHERE t.oid >= 16384 AND (t.typtype IN ('e', 'd') OR c.relkind = 'c')) AS types,
    (SELECT json_agg(quote_ident(nspname)) FROM pg_namespace WHERE ${USERS}) AS schemas,
    (SELECT json_agg(json_build_object('kind', i.type, 'ref', i.identity))
      FROM (${
  COMMENTED.map((catalog) =>
    `SELECT '${catalog}'::regclass::oid AS catalog, oid, 0 AS number FROM ${catalog} WHERE oid >= 16384`
  ).join(" UNION ALL ")
}
        UNION ALL SELECT 'pg_class'::regclass, a.attrelid, a.attnum
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
          WHERE c.oid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'v', 'm', 'c', 'f', 'p')) x,
        pg_identify_object(x.catalog, x.oid, x.number) i
      WHERE i.identity !~ 'pg_toast') AS things`;

/** Reads it all. */
export async function readHoldings(database: ScratchDatabase): Promise<Holdings> {
  const [row = {}] = await database.query<Partial<Record<keyof Holdings, never[] | null>>>(
    HOLDINGS,
  );
  const list = (name: keyof Holdings) => row[name] ?? [];
  return {
    columns: list("columns"),
    relations: list("relations"),
    constraints: list("constraints"),
    triggers: list("triggers"),
    policies: list("policies"),
    routines: list("routines"),
    types: list("types"),
    schemas: list("schemas"),
    things: list("things"),
  };
}
