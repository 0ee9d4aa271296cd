/** A digest of the catalog, to see cheaply that nothing has changed. */

import type { Connection } from "../../../runtimes/runtime.ts";
import { queryPrepared } from "./prepared.ts";
import { columnOptions } from "./options.ts";
import { LAST_SERVER_OID } from "./user_objects.ts";

/**
 * Digests all rows of the catalog that belong to the user: equal digests mean equal snapshots. Indexes, constraints, triggers and
 * defaults count by what names them, so that one which was dropped and recreated gives the same digest; everything else counts by
 * its oid. Names of roles and tablespaces count, since others refer to their oids. Statistics of the planner and of vacuum do not
 * count, nor what a dropped column leaves behind.
 */
export async function fingerprint(database: Connection): Promise<string> {
  const [row] = await queryPrepared<{ digest: string }>(database, "fingerprint", async () => {
    const [server] = await database.query<{ number: number }>(
      `SELECT current_setting('server_version_num')::int AS number`,
    );
    return fingerprintSql(server?.number ?? 0);
  });
  return row?.digest ?? "";
}

/** Catalogs whose rows count as they are, by the SQL condition for those that a user made or can change. */
const PARTS: Readonly<Record<string, string>> = {
  pg_aggregate: `aggfnoid > ${LAST_SERVER_OID}`,
  pg_am: "true",
  pg_tablespace: "true",
  pg_amop: `oid > ${LAST_SERVER_OID}`,
  pg_amproc: `oid > ${LAST_SERVER_OID}`,
  pg_cast: `oid > ${LAST_SERVER_OID}`,
  pg_collation: `oid > ${LAST_SERVER_OID}`,
  pg_conversion: `oid > ${LAST_SERVER_OID}`,
  pg_default_acl: "true",
  pg_enum: "true",
  pg_event_trigger: "true",
  pg_extension: "true",
  pg_foreign_data_wrapper: "true",
  pg_foreign_server: "true",
  pg_foreign_table: "true",
  pg_language: "true",
  pg_largeobject_metadata: "true",
  pg_namespace: "true",
  pg_opclass: `oid > ${LAST_SERVER_OID}`,
  pg_operator: `oid > ${LAST_SERVER_OID}`,
  pg_opfamily: `oid > ${LAST_SERVER_OID}`,
  pg_partitioned_table: "true",
  pg_policy: "true",
  pg_proc: `oid > ${LAST_SERVER_OID}`,
  pg_publication: "true",
  pg_publication_rel: "true",
  pg_range: `rngtypid > ${LAST_SERVER_OID}`,
  pg_rewrite: `oid > ${LAST_SERVER_OID}`,
  pg_seclabel: "true",
  pg_sequence: "true",
  pg_statistic_ext: "true",
  pg_transform: "true",
  pg_ts_config: `oid > ${LAST_SERVER_OID}`,
  pg_ts_config_map: `mapcfg > ${LAST_SERVER_OID}`,
  pg_ts_dict: `oid > ${LAST_SERVER_OID}`,
  pg_ts_parser: `oid > ${LAST_SERVER_OID}`,
  pg_ts_template: `oid > ${LAST_SERVER_OID}`,
  pg_type: `oid > ${LAST_SERVER_OID}`,
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
  "pg_enum",
  "pg_opclass",
  "pg_operator",
  "pg_opfamily",
  "pg_sequence",
]);

/** What may count by its name: the alias of what is joined, SQL for its catalog and its oid, and the catalogs it may be in. */
interface Address {
  readonly alias: string;
  readonly catalog: string;
  readonly oid: string;
  readonly catalogs: readonly (keyof typeof NAMES)[];
}

/** By catalog, the columns that name a row and the types of their hash functions; of `pg_class` only for indexes. */
const NAMES = {
  pg_class: [["name", "relname"], ["oid", "relnamespace"]],
  pg_constraint: [["name", "conname"], ["oid", "conrelid"], ["oid", "contypid"]],
  pg_trigger: [["name", "tgname"], ["oid", "tgrelid"]],
  pg_attrdef: [["int2", "adnum"], ["oid", "adrelid"]],
} as const;

const DEPENDENT: Address = {
  alias: "o",
  catalog: "classid",
  oid: "objid",
  catalogs: ["pg_class", "pg_constraint", "pg_trigger", "pg_attrdef"],
};
const NEED: Address = {
  alias: "r",
  catalog: "refclassid",
  oid: "refobjid",
  catalogs: ["pg_class", "pg_constraint"],
};
const REMARK: Address = {
  alias: "o",
  catalog: "classoid",
  oid: "t.objoid",
  catalogs: ["pg_class", "pg_constraint", "pg_trigger"],
};
const RELATION = { catalog: "'pg_class'::regclass", catalogs: ["pg_class"] } as const;
const PART: Address = { ...RELATION, alias: "o", oid: "inhrelid" };
const WHOLE: Address = { ...RELATION, alias: "r", oid: "inhparent" };

/** A catalog that refers to what counts by its name: the columns that count, by the version that brought them. */
interface Referring {
  readonly columns: Readonly<Record<number, readonly string[]>>;
  readonly from: string;
}

/**
 * What is left out of them is the oid itself, how much there is, and what `pg_depend` says as well: the index and the parent of a
 * constraint. The columns of an index follow from it, but for their statistics targets and options. Where there is a join, a cast keeps
 * the planner from the belief that users have next to nothing, and so from looking up each row for itself.
 */
const REFERRING: readonly Referring[] = [
  {
    columns: {
      120000: [
        ...[
          `CASE WHEN ${isIndex("t")} THEN 0 ELSE t.oid END`,
          "relname",
          "relnamespace",
          "reltype",
        ],
        ...["reloftype", "relowner", "relam", "reltablespace", "relpersistence", "relkind"],
        ...["relrowsecurity", "relforcerowsecurity", "relispopulated", "relreplident"],
        ...["relispartition", "relacl", "reloptions", "relpartbound"],
      ],
    },
    from: `pg_class t
      WHERE oid > ${LAST_SERVER_OID} AND relkind <> 't' AND relnamespace <> 'pg_toast'::regnamespace`,
  },
  {
    columns: {
      120000: [
        ...["attrelid", "attnum", "attname", "atttypid", "atttypmod", "attndims", "attstorage"],
        ...["attnotnull", "atthasdef", "attidentity", "attgenerated", "attislocal", "attinhcount"],
        ...["attcollation", "attstattarget", "attacl", columnOptions("a"), "attfdwoptions"],
      ],
      140000: ["attcompression"],
    },
    from: `pg_attribute a JOIN pg_class c ON c.oid = attrelid
      WHERE attrelid::int8 > ${LAST_SERVER_OID} AND attnum > 0 AND NOT attisdropped AND c.relkind NOT IN ('i', 'I', 't', 'S')`,
  },
  {
    columns: {
      120000: ["relname", "relnamespace", "attnum", "attstattarget", columnOptions("a")],
    },
    from: `pg_attribute a JOIN pg_class t ON t.oid = attrelid
      WHERE attrelid::int8 > ${LAST_SERVER_OID} AND ${isIndex("t")} AND (attstattarget >= 0 OR ${
      columnOptions("a")
    } IS NOT NULL)`,
  },
  {
    columns: {
      120000: [
        ...["relname", "relnamespace", "indrelid", "indnatts", "indnkeyatts", "indisunique"],
        ...["indisprimary", "indisexclusion", "indimmediate", "indisclustered", "indisvalid"],
        ...["indisready", "indislive", "indisreplident", "indkey", "indcollation", "indclass"],
        ...["indoption", "indexprs", "indpred"],
      ],
      150000: ["indnullsnotdistinct"],
    },
    from: `pg_index JOIN pg_class t ON t.oid = indexrelid
      WHERE indexrelid::int8 > ${LAST_SERVER_OID} AND relnamespace <> 'pg_toast'::regnamespace`,
  },
  {
    columns: {
      120000: [
        ...["conname", "connamespace", "contype", "condeferrable", "condeferred", "convalidated"],
        ...["conrelid", "contypid", "conindid <> 0", "conparentid <> 0", "confrelid"],
        ...["confupdtype", "confdeltype", "confmatchtype", "conislocal", "coninhcount"],
        ...["connoinherit", "conkey", "confkey", "conpfeqop", "conppeqop", "conffeqop"],
        ...["conexclop", "conbin"],
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
        ...["tgconstraint <> 0", "tgdeferrable", "tginitdeferred", "tgnargs", "tgattr", "tgargs"],
        ...["tgqual", "tgoldtable", "tgnewtable"],
      ],
      130000: ["tgparentid <> 0"],
    },
    from: `pg_trigger t WHERE NOT ${servesConstraint("t")}`,
  },
  {
    // What carries out a constraint follows from it, unless it is disabled.
    columns: {
      120000: ["c.conname", "c.conrelid", "tgrelid", "tgfoid", "tgtype", "tgenabled"],
    },
    from: `pg_trigger t JOIN pg_constraint c ON c.oid = tgconstraint
      WHERE ${servesConstraint("t")} AND tgenabled <> 'O'`,
  },
  {
    columns: { 120000: ["adrelid", "adnum", "adbin"] },
    from: "pg_attrdef",
  },
  {
    columns: { 120000: [named(REMARK, "0"), "classoid", "objsubid", "description"] },
    from: `pg_description t ${joins(REMARK)}
      WHERE t.objoid > ${LAST_SERVER_OID} OR classoid = 'pg_namespace'::regclass`,
  },
  {
    columns: {
      120000: [named(PART, "0"), named(WHOLE, "0"), "inhseqno"],
      140000: ["inhdetachpending"],
    },
    from: `pg_inherits ${joins(PART)} ${joins(WHOLE)}`,
  },
];

/**
 * A cast keeps the index out of it, which is slower than reading the whole table. Left out is what their own rows say of
 * constraints and defaults, that they belong to columns, and of row types and array types, that they belong to what they are made of.
 */
const DEPENDENCIES = `(
  SELECT sum(hashoidextended(classid, hashint4extended(objsubid, ${
  named(
    DEPENDENT,
    `hashoidextended(refclassid, hashint4extended(refobjsubid, ${
      named(NEED, "hashcharextended(deptype, 0)")
    }))`,
  )
})))
  FROM pg_depend
  ${joins(DEPENDENT)}
  ${joins(NEED)}
  WHERE objid::int8 > ${LAST_SERVER_OID}
    AND NOT (classid IN ('pg_constraint'::regclass, 'pg_attrdef'::regclass)
      AND refclassid = 'pg_class'::regclass AND deptype = 'a')
    AND NOT (classid = 'pg_type'::regclass AND deptype = 'i')
    AND (o_pg_trigger.oid IS NULL OR NOT ${servesConstraint("o_pg_trigger")}))`;

/** Joins the rows that name what is at an address. */
function joins({ alias, catalog, oid, catalogs }: Address): string {
  return catalogs.map((name) => {
    const row = `${alias}_${name}`;
    const only = name === "pg_class" ? ` AND ${isIndex(row)}` : "";
    return `LEFT JOIN ${name} ${row} ON ${row}.oid = ${oid} AND ${catalog} = '${name}'::regclass${only}`;
  }).join("\n  ");
}

/** The hash of what names the object that is joined, or of its oid. */
function named({ alias, catalog, oid, catalogs }: Address, seed: string): string {
  const number = `hashoidextended(${oid}, ${seed})`;
  const cases = catalogs.map((name) => {
    const row = `${alias}_${name}`;
    const hash = NAMES[name].reduceRight(
      (inner, [type, column]) => `hash${type}extended(${row}.${column}, ${inner})`,
      seed,
    );
    return `WHEN '${name}'::regclass THEN CASE WHEN ${row}.oid IS NULL THEN ${number} ELSE ${hash} END`;
  });
  return `CASE ${catalog} ${cases.join("\n    ")} ELSE ${number} END`;
}

/** True in SQL for a row of `pg_class` that is an index. */
function isIndex(alias: string): string {
  return `${alias}.relkind IN ('i', 'I')`;
}

/** True in SQL for a row of `pg_trigger` that carries out a constraint. */
function servesConstraint(alias: string): string {
  return `(${alias}.tgisinternal AND ${alias}.tgconstraint <> 0)`;
}

/** The query behind `fingerprint`, for a server of this `server_version_num`. */
export function fingerprintSql(version: number): string {
  const parts = Object.entries(PARTS).map(([catalog, condition]) =>
    version >= 140000 && HASHABLE.has(catalog)
      ? `(SELECT sum(hashint8extended(hash_record_extended(t, 0), 0)) FROM ${catalog} t WHERE ${condition})`
      : digest("t::text", `${catalog} t WHERE ${condition}`)
  );
  for (const { columns, from } of REFERRING) {
    const known = Object.entries(columns).filter(([since]) => Number(since) <= version);
    parts.push(digest(`(${known.flatMap(([, names]) => names).join(", ")})::text`, from));
  }
  parts.push(
    DEPENDENCIES,
    digest(
      "relname || reloptions::text",
      `pg_class WHERE relkind = 't' AND oid > ${LAST_SERVER_OID}`,
    ),
    digest("oid || rolname", "pg_roles"),
    digest("(subname, subowner, subslotname, subpublications)::text", "pg_subscription"),
  );
  if (version >= 150000) parts.push(digest("t::text", "pg_publication_namespace t"));
  return `SELECT md5(concat_ws(' ', ${parts.join(", ")})) AS digest`;
}

/** The sum of the hashes of a text over the rows of a FROM clause. */
function digest(text: string, from: string): string {
  return `(SELECT sum(hashtextextended(${text}, 0)) FROM ${from})`;
}
