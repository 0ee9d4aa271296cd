/** Schemas and extensions. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import {
  type AclEntry,
  commentFacts,
  commonColumns,
  type CommonFacts,
  commonFacts,
  type CommonRow,
  compact,
  privilegeFacts,
  type Said,
} from "./common.ts";
import type { Reader } from "./reader.ts";
import { LAST_SERVER_OID, notOfExtension, userSchema } from "./user_objects.ts";

interface SchemaRow extends CommonRow {
  readonly oid: string;
  readonly name: string;
  readonly true_owner: string;
  readonly stock_owner: string;
  readonly stock_create: boolean;
}

/** `schema`: facts owner, comment, grants, revokes. Of schema public, what a new database has is no fact. */
export const schemas: Reader<SchemaRow> = {
  kinds: ["schema"],
  sql: (version) => `
    SELECT n.oid::int8::text AS oid, n.nspname AS name,
      pg_get_userbyid(n.nspowner) AS true_owner,
      ${version >= 150000 ? "'pg_database_owner'" : "pg_get_userbyid(10)"} AS stock_owner,
      ${version < 150000} AS stock_create,
      ${
    commonColumns({
      catalog: "pg_namespace",
      oid: "n.oid",
      owner: "n.nspowner",
      acl: "n.nspacl",
      defaults: "'n'",
    })
  }
    FROM pg_namespace n
    WHERE ${userSchema("n")}
      AND ${notOfExtension("pg_namespace", "n.oid")}
    ORDER BY n.nspname`,
  read: (row) => ({
    object: {
      id: objectId("schema", joinName(row.name)),
      kind: "schema",
      name: joinName(row.name),
      parent: null,
      facts: compact<CommonFacts>(row.name === "public" ? publicFacts(row) : commonFacts(row)),
    },
    address: `pg_namespace/${row.oid}/0`,
  }),
};

/** How schema public differs from that of a new database; `revokes` and `grants` are told from what it has there. */
function publicFacts(row: SchemaRow): Said<CommonFacts> {
  const entry = (to: string, privilege: string): AclEntry => (
    { to, by: null, privilege, grantable: false }
  );
  const own = [entry("@owner", "CREATE"), entry("@owner", "USAGE")];
  const stock = [...own, entry("public", "USAGE")];
  if (row.stock_create) stock.push(entry("public", "CREATE"));
  return {
    owner: row.true_owner === row.stock_owner ? null : row.true_owner,
    comment: row.comment === STOCK_COMMENT ? null : row.comment ?? "",
    ...privilegeFacts(row.acl ?? own, stock),
  };
}

/** The comment on schema public of a new database. */
export const STOCK_COMMENT = "standard public schema";

interface ExtensionRow {
  readonly oid: string;
  readonly name: string;
  readonly schema: string;
  readonly comment: string | null;
  readonly stock_comment: string | null;
  readonly relocatable: boolean;
}

/** The facts of an `extension`. */
export interface ExtensionFacts extends CommonFacts {
  readonly schema: string;
  /** It cannot be moved. */
  readonly fixed?: true;
  /** Comment and stock_comment are there where the two differ; the comment is empty when there is none. */
  readonly stock_comment?: string;
}

/** Reads `extension`s. */
export const extensions: Reader<ExtensionRow> = {
  kinds: ["extension"],
  sql: () => `
    SELECT e.oid::int8::text AS oid, e.extname AS name, n.nspname AS schema, e.extrelocatable AS relocatable, 
      d.description AS comment, a.comment AS stock_comment
    FROM pg_extension e
    JOIN pg_namespace n ON n.oid = e.extnamespace
    LEFT JOIN pg_description d
      ON d.classoid = 'pg_extension'::regclass AND d.objoid = e.oid AND d.objsubid = 0
    LEFT JOIN pg_available_extensions() a ON a.name = e.extname
    WHERE e.oid > ${LAST_SERVER_OID}
    ORDER BY e.extname`,
  read: (row) => ({
    object: {
      id: objectId("extension", joinName(row.name)),
      kind: "extension",
      name: joinName(row.name),
      parent: null,
      facts: compact<ExtensionFacts>({
        schema: joinName(row.schema),
        fixed: !row.relocatable,
        ...commentFacts(row.comment === row.stock_comment ? null : row.comment ?? ""),
        stock_comment: row.comment === row.stock_comment ? null : row.stock_comment,
      }),
    },
    address: `pg_extension/${row.oid}/0`,
  }),
};
