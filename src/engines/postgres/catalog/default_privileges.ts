/** What ALTER DEFAULT PRIVILEGES says. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import { type AclEntry, aclJson, type CommonFacts, compact, privilegeFacts } from "./common.ts";
import type { Reader } from "./reader.ts";

interface Row {
  readonly oid: string;
  readonly role: string | null;
  readonly schema: string | null;
  readonly objects: string;
  readonly acl: readonly AclEntry[];
  readonly base: readonly AclEntry[];
}

/** The facts of `default privileges`; their name is `[role] [IN SCHEMA schema] ON objects`. */
export interface DefaultPrivilegesFacts extends CommonFacts {
  /** Absent for the connected user. */
  readonly role?: string;
  readonly schema?: string;
  /** `tables` */
  readonly objects: string;
}

/** Reads `default privileges`. */
export const defaultPrivileges: Reader<Row> = {
  kinds: ["default privileges"],
  rare: true,
  sql: () => `
    SELECT d.oid::int8::text AS oid,
      CASE WHEN pg_get_userbyid(d.defaclrole) <> current_user THEN pg_get_userbyid(d.defaclrole)::text END AS role,
      n.nspname AS schema, d.defaclobjtype::text AS objects,
      ${aclJson("d.defaclacl", "d.defaclrole")} AS acl,
      CASE WHEN n.oid IS NULL THEN ${
    aclJson(
      `acldefault((CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END)::"char", d.defaclrole)`,
      "d.defaclrole",
    )
  } ELSE '[]'::json END AS base
    FROM pg_default_acl d
    LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
    ORDER BY 2, 3, 4`,
  read: (row) => {
    const objects = OBJECTS[row.objects] ?? row.objects;
    const name = [
      ...row.role === null ? [] : [joinName(row.role)],
      ...row.schema === null ? [] : [`IN SCHEMA ${joinName(row.schema)}`],
      `ON ${objects}`,
    ].join(" ");
    return {
      object: {
        id: objectId("default privileges", name),
        kind: "default privileges",
        name,
        parent: null,
        facts: compact<DefaultPrivilegesFacts>({
          role: row.role,
          schema: row.schema,
          objects,
          owner: null,
          comment: null,
          ...privilegeFacts(row.acl, row.base),
        }),
      },
      address: `pg_default_acl/${row.oid}/0`,
    };
  },
};

const OBJECTS: Readonly<Record<string, string>> = {
  r: "tables",
  S: "sequences",
  f: "functions",
  T: "types",
  n: "schemas",
  L: "large objects",
};
