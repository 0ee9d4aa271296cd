/** Functions, window functions and procedures. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import {
  commonColumns,
  type CommonFacts,
  commonFacts,
  type CommonRow,
  compact,
  type Plain,
} from "./common.ts";
import { normalized } from "./normalized_expression.ts";
import type { Reader } from "./reader.ts";
import { LAST_SERVER_OID, notOfExtension, userSchema } from "./user_objects.ts";

interface Row extends CommonRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly signature: string;
  readonly arguments: readonly ArgumentRow[] | null;
  readonly returns: string | null;
  readonly language: string;
  readonly source: string;
  readonly binary: string | null;
  readonly sql_body: string | null;
  readonly volatility: string;
  readonly parallel: string;
  readonly strict: boolean;
  readonly leakproof: boolean;
  readonly security_definer: boolean;
  readonly cost: number | null;
  readonly rows: number | null;
  readonly support: string | null;
  readonly transforms: readonly string[] | null;
  readonly config: readonly string[] | null;
  readonly type_kind: string | null;
  readonly type: readonly [string, string] | null;
}

interface ArgumentRow {
  readonly name: string | null;
  readonly mode: string;
  readonly type: string;
  readonly default: string | null;
}

/** The facts of a `function` or `procedure`. A support function of a base type or a range has that type as its parent. */
export interface FunctionFacts extends CommonFacts {
  readonly arguments?: readonly Argument[];
  readonly returns?: string;
  readonly language: string;
  readonly body: string;
  readonly binary?: string;
  /** The body is an SQL-standard one. */
  readonly atomic?: true;
  readonly window?: true;
  /** Absent for `volatile`. */
  readonly volatility?: "immutable" | "stable";
  /** Absent for `unsafe`. */
  readonly parallel?: "safe" | "restricted";
  readonly strict?: true;
  readonly leakproof?: true;
  readonly security_definer?: true;
  /** Cost and rows, where they are not the usual. */
  readonly cost?: number;
  readonly rows?: number;
  readonly support?: string;
  readonly transforms?: readonly string[];
  readonly config?: readonly string[];
}

/** An argument of a routine, or a column of the table that it returns. */
export type Argument = {
  readonly name?: string;
  /** Absent for `in`. */
  readonly mode?: "out" | "inout" | "variadic" | "table";
  readonly type: string;
  readonly default?: string;
};

/** Reads `function`s and `procedure`s. */
export const functions: Reader<Row> = {
  kinds: ["function", "procedure"],
  sql: (version) => `
    SELECT p.oid::int8::text AS oid, n.nspname AS schema, p.proname AS name, p.prokind::text AS kind,
      ${SIGNATURE} AS signature,
      (SELECT json_agg(json_build_object(
          'name', nullif(p.proargnames[a.place], ''),
          'mode', coalesce(p.proargmodes[a.place]::text, 'i'),
          'type', format_type(a.type, NULL),
          'default', pg_get_function_arg_default(p.oid, a.place::int)) ORDER BY a.place)
        FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY a(type, place)
      ) AS arguments,
      pg_get_function_result(p.oid) AS returns,
      l.lanname AS language, p.prosrc AS source, p.probin AS binary,
      ${version >= 140000 ? "pg_get_function_sqlbody(p.oid)" : "NULL::text"} AS sql_body,
      p.provolatile::text AS volatility, p.proparallel::text AS parallel, p.proisstrict AS strict,
      p.proleakproof AS leakproof, p.prosecdef AS security_definer,
      nullif(p.procost, CASE WHEN l.lanname IN ('c', 'internal') THEN 1 ELSE 100 END) AS cost,
      CASE WHEN p.proretset THEN nullif(p.prorows, 1000) END AS rows,
      CASE WHEN p.prosupport <> 0 THEN p.prosupport::regproc::text END AS support,
      (SELECT json_agg(format_type(t, NULL)) FROM unnest(p.protrftypes) t) AS transforms,
      to_json(p.proconfig) AS config,
      o.kind AS type_kind, o.name AS type,
      ${
    commonColumns({
      catalog: "pg_proc",
      oid: "p.oid",
      owner: "p.proowner",
      acl: "p.proacl",
      defaults: "'f'",
    })
  }
    FROM (
      -- First of all the few that count; the rest of the query is dear.
      SELECT own.*
      FROM pg_proc own
      WHERE own.oid > ${LAST_SERVER_OID}
        AND own.prokind IN ('f', 'w', 'p')
        AND ${notOfExtension("pg_proc", "own.oid")}
      OFFSET 0
    ) p
    JOIN pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_language l ON l.oid = p.prolang
    LEFT JOIN (
      SELECT DISTINCT ON (support.function) support.function,
        CASE t.typtype WHEN 'b' THEN 'base type' ELSE 'range' END AS kind,
        json_build_array(tn.nspname, t.typname) AS name
      FROM pg_type t
      JOIN pg_namespace tn ON tn.oid = t.typnamespace
      LEFT JOIN pg_range r ON r.rngtypid = t.oid
      CROSS JOIN LATERAL (VALUES (r.rngcanonical::oid, true), (t.typinput, false), (t.typoutput, false),
        (t.typreceive, false), (t.typsend, false), (t.typmodin, false), (t.typmodout, false),
        (t.typanalyze, false)) support(function, of_range)
      WHERE t.oid > ${LAST_SERVER_OID}
        AND support.function <> 0 AND (support.of_range OR t.typtype = 'b')
        AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
        AND ${userSchema("tn")}
      ORDER BY support.function, t.oid
    ) o ON o.function = p.oid
    WHERE ${userSchema("n")}
      AND ${notMadeByType("pg_proc", "p.oid")}
    ORDER BY n.nspname, p.proname, signature`,
  read: (row) => {
    const kind = row.kind === "p" ? "procedure" : "function";
    const name = `${joinName(row.schema, row.name)}(${row.signature})`;
    return {
      object: {
        id: objectId(kind, name),
        kind,
        name,
        parent: row.type === null || row.type_kind === null
          ? null
          : objectId(row.type_kind, joinName(...row.type)),
        facts: functionFacts(row),
      },
      address: `pg_proc/${row.oid}/0`,
    };
  },
};

/** The types of the input arguments of the `pg_proc` row under `p`, as SQL. */
export const SIGNATURE = `(
        SELECT coalesce(string_agg(format_type(s.type, NULL), ', ' ORDER BY s.place), '')
        FROM unnest(p.proargtypes) WITH ORDINALITY s(type, place))`;

/** True in SQL for an object that is not an internal part of another one (the constructors of a range type, its casts). */
export function notMadeByType(catalog: string, oid: string): string {
  return `NOT EXISTS (
        SELECT FROM pg_depend part
        WHERE part.classid = 'pg_catalog.${catalog}'::regclass AND part.objid = ${oid} AND part.deptype = 'i')`;
}

const VOLATILITY: Readonly<Record<string, FunctionFacts["volatility"]>> = {
  i: "immutable",
  s: "stable",
};
const PARALLEL: Readonly<Record<string, FunctionFacts["parallel"]>> = {
  s: "safe",
  r: "restricted",
};
const MODE: Readonly<Record<string, Argument["mode"]>> = {
  o: "out",
  b: "inout",
  v: "variadic",
  t: "table",
};

function functionFacts(row: Row): Plain<FunctionFacts> {
  return compact<FunctionFacts>({
    arguments: (row.arguments ?? []).map((argument) =>
      compact<Argument>({
        name: argument.name,
        mode: MODE[argument.mode] ?? null,
        type: argument.type,
        default: normalized(argument.default),
      })
    ),
    returns: row.returns,
    language: row.language,
    body: normalized(row.sql_body) ?? row.source,
    binary: row.binary,
    atomic: row.sql_body !== null,
    window: row.kind === "w",
    volatility: VOLATILITY[row.volatility] ?? null,
    parallel: PARALLEL[row.parallel] ?? null,
    strict: row.strict,
    leakproof: row.leakproof,
    security_definer: row.security_definer,
    cost: row.cost,
    rows: row.rows,
    support: row.support,
    transforms: row.transforms,
    config: row.config,
    ...commonFacts(row),
  });
}
