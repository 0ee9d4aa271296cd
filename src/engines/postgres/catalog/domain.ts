/** Domains and their constraints. */

import { objectId } from "../../../core/snapshot.ts";
import { generatedName } from "../generated_name.ts";
import { joinName } from "../names.ts";
import {
  commentFacts,
  commentOn,
  type CommonFacts,
  commonFacts,
  type CommonRow,
  compact,
} from "./common.ts";
import { normalized } from "./normalized_expression.ts";
import type { Found, Reader } from "./reader.ts";
import { otherCollation, typeTraits } from "./type_traits.ts";
import { notOfExtension, userSchema } from "./user_objects.ts";

interface Row extends CommonRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly type: string;
  readonly collation: readonly [string, string] | null;
  readonly default: string | null;
  readonly not_null: boolean;
  readonly not_null_oid: string | null;
  readonly not_null_name: string | null;
  readonly not_null_comment: string | null;
  readonly constraints: readonly ConstraintRow[] | null;
}

interface ConstraintRow {
  readonly oid: string;
  readonly name: string;
  readonly definition: string;
  readonly comment: string | null;
}

/** The facts of a `domain`. */
export interface DomainFacts extends CommonFacts {
  readonly type: string;
  readonly collation?: string;
  readonly default?: string;
  readonly not_null?: true;
  /** From version 17 on, where it is not the usual one. */
  readonly not_null_name?: string;
  readonly not_null_comment?: string;
}

/** The facts of a `domain constraint`; its parent is the domain. */
export interface DomainConstraintFacts extends CommonFacts {
  readonly definition: string;
}

/** Reads `domain`s and their `domain constraint`s. */
export const domains: Reader<Row> = {
  kinds: ["domain", "domain constraint"],
  sql: (version) => `
    SELECT t.oid::int8::text AS oid, n.nspname AS schema, t.typname AS name,
      format_type(t.typbasetype, t.typtypmod) AS type,
      ${otherCollation("t.typcollation", "b.typcollation")} AS collation,
      coalesce(pg_get_expr(t.typdefaultbin, 'pg_type'::regclass), quote_literal(t.typdefault)) AS "default",
      t.typnotnull AS not_null,
      ${version >= 170000 ? NOT_NULL : NO_NOT_NULL},
      (SELECT json_agg(json_build_object('oid', k.oid::int8::text, 'name', k.conname,
          'definition', pg_get_constraintdef(k.oid),
          'comment', ${commentOn("pg_constraint", "k.oid")}) ORDER BY k.conname)
        FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c') AS constraints,
      ${typeTraits()}
    FROM pg_type t
    JOIN pg_namespace n ON n.oid = t.typnamespace
    JOIN pg_type b ON b.oid = t.typbasetype
    ${version >= 170000 ? NOT_NULL_JOIN : ""}
    WHERE t.typtype = 'd'
      AND ${userSchema("n")}
      AND ${notOfExtension("pg_type", "t.oid")}
    ORDER BY n.nspname, t.typname`,
  read: (row) => {
    const name = joinName(row.schema, row.name);
    const id = objectId("domain", name);
    const usual = generatedName(row.name, null, "not_null");
    return [
      {
        object: {
          id,
          kind: "domain",
          name,
          parent: null,
          facts: compact<DomainFacts>({
            type: row.type,
            collation: row.collation === null ? null : joinName(...row.collation),
            default: normalized(row.default),
            not_null: row.not_null,
            not_null_name: row.not_null_name === usual ? null : row.not_null_name,
            not_null_comment: row.not_null_comment,
            ...commonFacts(row),
          }),
        },
        address: `pg_type/${row.oid}/0`,
        aliases: row.not_null_oid === null ? [] : [`pg_constraint/${row.not_null_oid}/0`],
      },
      ...(row.constraints ?? []).map((constraint) => constraintOf(row, id, constraint)),
    ];
  },
};

function constraintOf(row: Row, parent: string, constraint: ConstraintRow): Found {
  const name = joinName(row.schema, row.name, constraint.name);
  return {
    object: {
      id: objectId("domain constraint", name),
      kind: "domain constraint",
      name,
      parent,
      facts: compact<DomainConstraintFacts>({
        definition: normalized(constraint.definition),
        ...commentFacts(constraint.comment),
      }),
    },
    address: `pg_constraint/${constraint.oid}/0`,
  };
}

/** The not-null constraint of a domain is a row of `pg_constraint` from version 17 on. */
const NOT_NULL = `nn.oid::int8::text AS not_null_oid, nn.conname AS not_null_name,
      ${commentOn("pg_constraint", "nn.oid")} AS not_null_comment`;

const NO_NOT_NULL = `NULL::text AS not_null_oid, NULL::text AS not_null_name,
      NULL::text AS not_null_comment`;

const NOT_NULL_JOIN = `LEFT JOIN pg_constraint nn ON nn.contypid = t.oid AND nn.contype = 'n'`;
