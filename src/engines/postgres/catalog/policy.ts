/** Row security policies. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import { commentFacts, commentOn, type CommonFacts, compact } from "./common.ts";
import { normalized } from "./normalized_expression.ts";
import type { Reader } from "./reader.ts";
import { notOfExtension, userSchema } from "./user_objects.ts";

interface Row {
  readonly oid: string;
  readonly schema: string;
  readonly relation: string;
  readonly name: string;
  readonly command: string;
  readonly permissive: boolean;
  readonly roles: readonly string[] | null;
  readonly using: string | null;
  readonly check: string | null;
  readonly comment: string | null;
}

const COMMANDS: Readonly<Record<string, PolicyFacts["command"]>> = {
  r: "select",
  a: "insert",
  w: "update",
  d: "delete",
};

/** The facts of a `policy`. */
export interface PolicyFacts extends CommonFacts {
  /** Absent for all commands. */
  readonly command?: "select" | "insert" | "update" | "delete";
  readonly restrictive?: true;
  /** Absent for PUBLIC. */
  readonly roles?: readonly string[];
  readonly using?: string;
  readonly check?: string;
}

/** Reads `policy`s. */
export const policies: Reader<Row> = {
  kinds: ["policy"],
  sql: () => `
    SELECT p.oid::int8::text AS oid, n.nspname AS schema, c.relname AS relation, p.polname AS name,
      p.polcmd::text AS command, p.polpermissive AS permissive,
      CASE WHEN p.polroles <> '{0}' THEN (
        SELECT json_agg(CASE r WHEN 0 THEN 'public' ELSE pg_get_userbyid(r) END ORDER BY 1)
        FROM (SELECT unnest(p.polroles) AS r) x
      ) END AS roles,
      pg_get_expr(p.polqual, p.polrelid) AS "using",
      pg_get_expr(p.polwithcheck, p.polrelid) AS "check",
      ${commentOn("pg_policy", "p.oid")} AS comment
    FROM pg_policy p
    JOIN pg_class c ON c.oid = p.polrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${userSchema("n")}
      AND ${notOfExtension("pg_class", "c.oid")}
    ORDER BY n.nspname, c.relname, p.polname`,
  read: (row) => {
    const name = joinName(row.schema, row.relation, row.name);
    return {
      object: {
        id: objectId("policy", name),
        kind: "policy",
        name,
        parent: objectId("table", joinName(row.schema, row.relation)),
        facts: compact<PolicyFacts>({
          command: COMMANDS[row.command],
          restrictive: !row.permissive,
          roles: row.roles === null ? null : [...row.roles].sort(),
          using: normalized(row.using),
          check: normalized(row.check),
          ...commentFacts(row.comment),
        }),
      },
      address: `pg_policy/${row.oid}/0`,
    };
  },
};
