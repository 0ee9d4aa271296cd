/** Privileges that were granted or revoked on what an extension brought along. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import {
  type AclEntry,
  aclJson,
  type CommonFacts,
  compact,
  privilegeFacts,
  type Privileges,
} from "./common.ts";
import type { Found, Reader } from "./reader.ts";

interface Row {
  readonly address: string;
  readonly extension: string;
  readonly target: string;
  readonly acl: readonly AclEntry[];
  readonly base: readonly AclEntry[];
}

/**
 * The facts of `extension privileges`: grants and revokes against what the extension's script left behind (`pg_init_privs`). Their
 * parent is the extension; their name is the target.
 */
export interface ExtensionPrivilegesFacts extends CommonFacts {
  /** The object as GRANT names it. */
  readonly target: string;
}

/** Reads `extension privileges`. */
export const extensionPrivileges: Reader<Row> = {
  kinds: ["extension privileges"],
  sql: () => `
    SELECT m.address, e.extname AS extension, m.target,
      ${aclJson("m.acl", "m.owner")} AS acl,
      ${aclJson("coalesce(i.initprivs, m.usual)", "m.owner")} AS base
    FROM (
      SELECT 'pg_proc'::regclass AS catalog, p.oid, 'pg_proc/' || p.oid || '/acl' AS address, p.proacl AS acl, p.proowner AS owner,
        acldefault('f', p.proowner) AS usual,
        CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END || p.oid::regprocedure AS target
      FROM pg_proc p
      UNION ALL
      SELECT 'pg_class'::regclass, c.oid, 'pg_class/' || c.oid || '/acl', c.relacl, c.relowner,
        acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner),
        CASE c.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || c.oid::regclass
      FROM pg_class c
      UNION ALL
      SELECT 'pg_type'::regclass, t.oid, 'pg_type/' || t.oid || '/acl', t.typacl, t.typowner,
        acldefault('T', t.typowner), 'TYPE ' || format_type(t.oid, NULL)
      FROM pg_type t
      UNION ALL
      SELECT 'pg_namespace'::regclass, n.oid, 'pg_namespace/' || n.oid || '/acl', n.nspacl, n.nspowner,
        acldefault('n', n.nspowner), 'SCHEMA ' || quote_ident(n.nspname)
      FROM pg_namespace n
      UNION ALL
      SELECT 'pg_language'::regclass, l.oid, 'pg_language/' || l.oid || '/acl', l.lanacl, l.lanowner,
        acldefault('l', l.lanowner), 'LANGUAGE ' || quote_ident(l.lanname)
      FROM pg_language l
      UNION ALL
      SELECT 'pg_foreign_data_wrapper'::regclass, w.oid, 'pg_foreign_data_wrapper/' || w.oid || '/acl', w.fdwacl, w.fdwowner,
        acldefault('F', w.fdwowner), 'FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname)
      FROM pg_foreign_data_wrapper w
    ) m
    JOIN pg_depend d ON d.classid = m.catalog AND d.objid = m.oid AND d.deptype = 'e'
    JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
    LEFT JOIN pg_init_privs i ON i.classoid = m.catalog AND i.objoid = m.oid AND i.objsubid = 0
    WHERE m.acl IS NOT NULL AND m.acl IS DISTINCT FROM coalesce(i.initprivs, m.usual)
    ORDER BY m.target`,
  read: (row) => {
    const privileges = compact<Privileges>(privilegeFacts(row.acl, row.base));
    const found: Found = {
      object: {
        id: objectId("extension privileges", row.target),
        kind: "extension privileges",
        name: row.target,
        parent: objectId("extension", joinName(row.extension)),
        facts: { target: row.target, ...privileges },
      },
      address: row.address,
    };
    return Object.keys(privileges).length === 0 ? [] : found;
  },
};
