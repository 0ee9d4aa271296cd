/** SQL fragments that every reader uses: what belongs to the user. */

/**
 * The last oid of the server's own objects: those of a user have a greater one. Compare with this one and not with the next:
 * Postgres takes a constant of type oid for a relation that the plan of the query depends on, and the next is the first thing
 * that a user makes, upon which all plans would be made anew.
 */
export const LAST_SERVER_OID = 16383;

/** True in SQL for a schema of the user: `pg_namespace` under this alias. */
export function userSchema(alias: string): string {
  return `(${alias}.nspname <> 'information_schema' AND ${alias}.nspname NOT LIKE 'pg\\_%')`;
}

/** True in SQL for an object that no extension brought along. */
export function notOfExtension(catalog: string, oid: string): string {
  return `NOT EXISTS (
    SELECT FROM pg_depend extension_member
    WHERE extension_member.classid = 'pg_catalog.${catalog}'::regclass
      AND extension_member.objid = ${oid}
      AND extension_member.deptype = 'e')`;
}
