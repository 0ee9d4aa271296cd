/** Owner, privileges and comment of a type. */

import { commonColumns } from "./common.ts";

/** The trait columns of the `pg_type` row under `t`. */
export function typeTraits(): string {
  return commonColumns({
    catalog: "pg_type",
    oid: "t.oid",
    owner: "t.typowner",
    acl: "t.typacl",
    defaults: "'T'",
  });
}

/** A collation as `joinName` would name it, where it differs from the usual one: an SQL expression over two oids. */
export function otherCollation(collation: string, usual: string): string {
  return `CASE WHEN ${collation} <> ${usual} THEN (
        SELECT json_build_array(cn.nspname, co.collname)
        FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace
        WHERE co.oid = ${collation}) END`;
}
