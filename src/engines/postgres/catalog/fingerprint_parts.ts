/** What of the catalog counts for its digest: which rows, and which of their columns. */

import { columnOptions } from "./options.ts";
import { LAST_SERVER_OID } from "./user_objects.ts";

/** Rows of one catalog. */
interface Part {
  /** SQL of what counts of a row, by the `server_version_num` that brought it. */
  readonly columns: Readonly<Record<number, readonly string[]>>;
  /** What stands behind FROM; `named` is there for what counts by its name. */
  readonly from: string;
  /** The version that brought the catalog; all have it when absent. */
  readonly since?: number;
}

/** Catalogs whose rows count as they are, by the SQL condition for those that a user made or can change. The hashes of their columns count all that is in them. */
const WHOLE: Readonly<Record<string, string>> = {
  pg_aggregate: `aggfnoid > ${LAST_SERVER_OID}`,
  pg_am: "true",
  pg_amop: `oid > ${LAST_SERVER_OID}`,
  pg_amproc: `oid > ${LAST_SERVER_OID}`,
  pg_cast: `oid > ${LAST_SERVER_OID}`,
  pg_collation: `oid > ${LAST_SERVER_OID}`,
  pg_conversion: `oid > ${LAST_SERVER_OID}`,
  pg_enum: "true",
  pg_event_trigger: "true",
  pg_extension: "true",
  pg_foreign_table: "true",
  pg_opclass: `oid > ${LAST_SERVER_OID}`,
  pg_operator: `oid > ${LAST_SERVER_OID}`,
  pg_opfamily: `oid > ${LAST_SERVER_OID}`,
  pg_publication: "true",
  pg_range: `rngtypid > ${LAST_SERVER_OID}`,
  pg_seclabel: "true",
  pg_sequence: "true",
  pg_transform: "true",
  pg_ts_config: `oid > ${LAST_SERVER_OID}`,
  pg_ts_config_map: `mapcfg > ${LAST_SERVER_OID}`,
  pg_ts_dict: `oid > ${LAST_SERVER_OID}`,
  pg_ts_parser: `oid > ${LAST_SERVER_OID}`,
  pg_ts_template: `oid > ${LAST_SERVER_OID}`,
  pg_user_mappings: "true",
};

/**
 * The same with columns that have no hash, or privileges, whose hash leaves out who may grant them on: their rows count as text, which
 * takes long where there are many.
 */
const AS_TEXT: readonly string[] = [
  "pg_default_acl",
  "pg_foreign_data_wrapper",
  "pg_foreign_server",
  "pg_language",
  "pg_largeobject_metadata",
  "pg_namespace",
  "pg_partitioned_table",
  "pg_policy",
  "pg_publication_rel",
  "pg_statistic_ext",
  "pg_tablespace",
];

/**
 * Rows that count by some of their columns. A list of numbers in a vector, the tree of an expression and a list of privileges count by
 * their texts: they have no hash, or one that leaves something out.
 */
const PARTLY: readonly Part[] = [
  {
    columns: {
      120000: [
        ...["oid", "proname", "pronamespace", "proowner", "prolang", "procost", "prorows"],
        ...["provariadic", "prosupport", "prokind", "prosecdef", "proleakproof", "proisstrict"],
        ...["proretset", "provolatile", "proparallel", "pronargs", "pronargdefaults"],
        ...["prorettype", "proargtypes", "proallargtypes", "proargmodes", "proargnames"],
        ...["proargdefaults::text", "protrftypes", "prosrc", "probin", "proconfig", "proacl::text"],
      ],
      140000: ["prosqlbody::text"],
    },
    from: `pg_proc WHERE oid > ${LAST_SERVER_OID}`,
  },
  {
    columns: {
      120000: [
        ...["oid", "typname", "typnamespace", "typowner", "typlen", "typbyval", "typtype"],
        ...["typcategory", "typispreferred", "typisdefined", "typdelim", "typrelid", "typelem"],
        ...["typarray", "typinput", "typoutput", "typreceive", "typsend", "typmodin", "typmodout"],
        ...["typanalyze", "typalign", "typstorage", "typnotnull", "typbasetype", "typtypmod"],
        ...["typndims", "typcollation", "typdefaultbin::text", "typdefault", "typacl::text"],
      ],
      140000: ["typsubscript"],
    },
    from: `pg_type WHERE oid > ${LAST_SERVER_OID}`,
  },
  {
    columns: {
      120000: [
        ...["oid", "rulename", "ev_class", "ev_type", "ev_enabled", "is_instead"],
        ...["ev_qual::text", "ev_action::text"],
      ],
    },
    from: `pg_rewrite WHERE oid > ${LAST_SERVER_OID}`,
  },
  {
    // What is left out is how much there is.
    columns: {
      120000: [
        ...[`CASE WHEN ${isIndex("t")} THEN 0 ELSE oid END`, "relname", "relnamespace"],
        ...["reltype", "reloftype", "relowner", "relam", "reltablespace", "relpersistence"],
        ...["relkind", "relrowsecurity", "relforcerowsecurity", "relispopulated", "relreplident"],
        ...["relispartition", "relacl::text", "reloptions", "relpartbound::text"],
      ],
    },
    from: `pg_class t
      WHERE oid > ${LAST_SERVER_OID} AND relkind <> 't' AND relnamespace <> 'pg_toast'::regnamespace`,
  },
  {
    columns: { 120000: ["relname", "reloptions"] },
    from: `pg_class WHERE relkind = 't' AND oid > ${LAST_SERVER_OID} AND reloptions IS NOT NULL`,
  },
  {
    // The columns of an index follow from it, but for their statistics targets and options.
    columns: {
      120000: [
        ...[`CASE WHEN ${isIndex("c")} THEN 0 ELSE attrelid END`],
        ...[`CASE WHEN ${isIndex("c")} THEN relname END`, "relnamespace"],
        ...["attnum", "attname", "atttypid", "atttypmod", "attndims", "attstorage"],
        ...["attnotnull", "atthasdef", "attidentity", "attgenerated", "attislocal", "attinhcount"],
        ...["attcollation", "attstattarget", "attacl::text", columnOptions("a"), "attfdwoptions"],
      ],
      140000: ["attcompression"],
    },
    from: `pg_attribute a JOIN pg_class c ON c.oid = attrelid
      WHERE attrelid > ${LAST_SERVER_OID} AND attnum > 0 AND NOT attisdropped
        AND c.oid > ${LAST_SERVER_OID} AND c.relkind NOT IN ('t', 'S')
        AND (NOT ${isIndex("c")} OR attstattarget >= 0 OR attoptions IS NOT NULL)`,
  },
  {
    columns: {
      120000: [
        ...["relname", "relnamespace", "indrelid", "indnatts", "indnkeyatts", "indisunique"],
        ...["indisprimary", "indisexclusion", "indimmediate", "indisclustered", "indisvalid"],
        ...["indisready", "indislive", "indisreplident", "indkey::text", "indcollation"],
        ...["indclass", "indoption::text", "indexprs::text", "indpred::text"],
      ],
      150000: ["indnullsnotdistinct"],
    },
    from: `pg_index JOIN pg_class t ON t.oid = indexrelid
      WHERE indexrelid > ${LAST_SERVER_OID} AND t.oid > ${LAST_SERVER_OID}
        AND relnamespace <> 'pg_toast'::regnamespace`,
  },
  {
    // `pg_depend` says the index and the parent as well.
    columns: {
      120000: [
        ...["conname", "connamespace", "contype", "condeferrable", "condeferred", "convalidated"],
        ...["conrelid", "contypid", "conindid <> 0", "conparentid <> 0", "confrelid"],
        ...["confupdtype", "confdeltype", "confmatchtype", "conislocal", "coninhcount"],
        ...["connoinherit", "conkey", "confkey", "conpfeqop", "conppeqop", "conffeqop"],
        ...["conexclop", "conbin::text"],
      ],
      150000: ["confdelsetcols"],
      180000: ["conenforced", "conperiod"],
    },
    from: `pg_constraint WHERE oid > ${LAST_SERVER_OID}`,
  },
  {
    columns: {
      120000: [
        ...["tgrelid", "tgname", "tgfoid", "tgtype", "tgenabled", "tgisinternal", "tgconstrrelid"],
        ...["tgconstraint <> 0", "tgdeferrable", "tginitdeferred", "tgnargs", "tgattr::text"],
        ...["tgargs", "tgqual::text", "tgoldtable", "tgnewtable"],
      ],
      130000: ["tgparentid <> 0"],
    },
    from: "pg_trigger WHERE NOT (tgisinternal AND tgconstraint <> 0)",
  },
  {
    // What carries out a constraint follows from it, unless it is disabled.
    columns: {
      120000: ["c.conname", "c.conrelid", "tgrelid", "tgfoid", "tgtype", "tgenabled"],
    },
    from: `pg_trigger JOIN pg_constraint c ON c.oid = tgconstraint
      WHERE tgisinternal AND tgconstraint <> 0 AND tgenabled <> 'O'`,
  },
  { columns: { 120000: ["adrelid", "adnum", "adbin::text"] }, from: "pg_attrdef" },
  {
    columns: {
      120000: ["coalesce(o.name, objoid::int8)", "classoid", "objsubid", "description"],
    },
    from: `pg_description LEFT JOIN named o ON o.catalog = classoid AND o.oid = objoid
      WHERE objoid > ${LAST_SERVER_OID}`,
  },
  {
    columns: { 120000: ["objoid", "description"] },
    from: `pg_description
      WHERE classoid = 'pg_namespace'::regclass AND objoid <= ${LAST_SERVER_OID}
        AND objoid = ANY (ARRAY(SELECT oid FROM pg_namespace))`,
  },
  {
    columns: {
      120000: ["coalesce(o.name, inhrelid::int8)", "coalesce(r.name, inhparent::int8)", "inhseqno"],
      140000: ["inhdetachpending"],
    },
    from: `pg_inherits
      LEFT JOIN named o ON o.catalog = 'pg_class'::regclass AND o.oid = inhrelid
      LEFT JOIN named r ON r.catalog = 'pg_class'::regclass AND r.oid = inhparent`,
  },
  {
    // Left out is what their own rows say of constraints and defaults, that they belong to columns, and of row types and array types,
    // that they belong to what they are made of.
    columns: {
      120000: [
        ...["classid", "coalesce(o.name, objid::int8)", "objsubid"],
        ...["refclassid", "coalesce(r.name, refobjid::int8)", "refobjsubid", "deptype"],
      ],
    },
    from: `pg_depend
      LEFT JOIN named o ON o.catalog = classid AND o.oid = objid
      LEFT JOIN named r ON r.catalog = refclassid AND r.oid = refobjid
      WHERE objid > ${LAST_SERVER_OID}
        AND NOT (classid IN ('pg_constraint'::regclass, 'pg_attrdef'::regclass)
          AND refclassid = 'pg_class'::regclass AND deptype = 'a')
        AND NOT (classid = 'pg_type'::regclass AND deptype = 'i')
        AND o.serves IS NOT TRUE`,
  },
  { columns: { 120000: ["oid", "rolname"] }, from: "pg_roles" },
  {
    columns: { 120000: ["subname", "subowner", "subslotname", "subpublications"] },
    from: "pg_subscription",
  },
];

/** All that counts, in an order that tells the parts apart. */
export const PARTS: readonly Part[] = [
  ...Object.entries(WHOLE).map(([catalog, condition]) => ({
    columns: { 120000: ["t.*"] },
    from: `${catalog} t WHERE ${condition}`,
  })),
  ...AS_TEXT.map((catalog) => ({ columns: { 120000: ["t::text"] }, from: `${catalog} t` })),
  ...PARTLY,
  {
    columns: { 150000: ["t::text"] },
    from: "pg_publication_namespace t",
    since: 150000,
  },
];

/** True in SQL for a row of `pg_class` that is an index. */
function isIndex(alias: string): string {
  return `${alias}.relkind IN ('i', 'I')`;
}
