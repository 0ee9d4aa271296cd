/** SQL fragments that every reader uses: what belongs to the user. */

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
