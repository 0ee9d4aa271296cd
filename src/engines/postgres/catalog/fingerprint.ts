/** A digest of the catalog, to see cheaply that nothing has changed. */

import type { Connection } from "../../../runtimes/runtime.ts";
import { PARTS } from "./fingerprint_parts.ts";
import { queryPrepared } from "./prepared.ts";
import { LAST_SERVER_OID } from "./user_objects.ts";

/**
 * Digests all rows of the catalog that belong to the user: equal digests mean equal snapshots. Indexes, constraints, triggers and
 * defaults count by what names them, so that one which was dropped and recreated gives the same digest; everything else counts by
 * its oid. Names of roles and tablespaces count, since others refer to their oids. Statistics of the planner and of vacuum do not
 * count, nor what a dropped column leaves behind. Not inside a transaction.
 */
export async function fingerprint(database: Connection): Promise<string> {
  const sql = async () => {
    const [server] = await database.query<{ number: number }>(
      `SELECT current_setting('server_version_num')::int AS number`,
    );
    return fingerprintSql(server?.number ?? 0);
  };
  const [row] = await queryPrepared<{ digest: string }>(database, "fingerprint", sql, PLANNING);
  return row?.digest ?? "";
}

/**
 * What the plan goes by, whenever it is made, and for this one query: the rows of the user by the index of their oids and never those
 * of the server, and each join by hashing, however few rows the planner believes that there are.
 */
const PLANNING =
  "SET LOCAL enable_seqscan = off; SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off; ";

/** The query behind `fingerprint`, for a server of this `server_version_num`. */
export function fingerprintSql(version: number): string {
  const hash = version >= 140000 ? hashOfRecord : hashOfText;
  const rows = PARTS.filter(({ since = 0 }) => since <= version).map(
    ({ columns, from }, seed) => {
      const known = Object.entries(columns).filter(([from]) => Number(from) <= version);
      const row = `ROW(${known.flatMap(([, names]) => names).join(", ")})`;
      return `SELECT ${hash(row, seed)} AS hash FROM ${from}`;
    },
  );
  return `WITH named AS (${namedSql(hash)})
    SELECT md5(concat_ws(' ', count(*), sum(hash))) AS digest FROM (${
    rows.join("\n    UNION ALL ")
  }) AS rows`;
}

type Hash = (row: string, seed: number) => string;

/**
 * The hash of a record is linear in those of its columns: without a second one, rows that swap a value would add up to the same.
 * `seed` tells equal rows of two catalogs apart.
 */
const hashOfRecord: Hash = (row, seed) =>
  `hashint8extended(hash_record_extended(${row}, 0), ${seed})`;

/** Before version 14 a record has no hash. */
const hashOfText: Hash = (row, seed) => `hashtextextended(${row}::text, ${seed})`;

/** What counts by its name: its address, the hash of that name, and whether it is a trigger that carries out a constraint. */
function namedSql(hash: Hash): string {
  const names = {
    pg_class: ["relname", "relnamespace"],
    pg_constraint: ["conname", "conrelid", "contypid"],
    pg_trigger: ["tgname", "tgrelid"],
    pg_attrdef: ["adnum", "adrelid"],
  };
  const only: Readonly<Record<string, string>> = { pg_class: " AND relkind IN ('i', 'I')" };
  return Object.entries(names).map(([catalog, columns]) => {
    const serves = catalog === "pg_trigger" ? "tgisinternal AND tgconstraint <> 0" : "false";
    return `SELECT '${catalog}'::regclass::oid AS catalog, oid, ${
      hash(`ROW(${columns.join(", ")})`, 0)
    } AS name, ${serves} AS serves FROM ${catalog} WHERE oid > ${LAST_SERVER_OID}${
      only[catalog] ?? ""
    }`;
  }).join("\n    UNION ALL ");
}
