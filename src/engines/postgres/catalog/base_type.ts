/** Base types, with their support functions, and shell types. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import { type CommonFacts, commonFacts, type CommonRow, compact, type Said } from "./common.ts";
import type { Reader } from "./reader.ts";
import { typeTraits } from "./type_traits.ts";
import { notOfExtension, userSchema } from "./user_objects.ts";

interface Row extends CommonRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly defined: boolean;
  readonly support: Said<SupportFunctions>;
  readonly length: number;
  readonly by_value: boolean;
  readonly alignment: string;
  readonly storage: string;
  readonly category: string;
  readonly preferred: boolean;
  readonly default: string | null;
  readonly element: string | null;
  readonly delimiter: string;
  readonly collatable: boolean;
}

/** The facts of a `base type`: the options of CREATE TYPE where they are not the usual ones. */
export interface BaseTypeFacts extends CommonFacts, SupportFunctions {
  /** Bytes; -1 for a variable length. */
  readonly length: number;
  readonly by_value?: true;
  readonly alignment?: string;
  readonly storage?: string;
  readonly category?: string;
  readonly preferred?: true;
  readonly default?: string;
  readonly element?: string;
  readonly delimiter?: string;
  readonly collatable?: true;
}

/** The functions that a base type is made of. */
export interface SupportFunctions {
  readonly input?: string;
  readonly output?: string;
  readonly receive?: string;
  readonly send?: string;
  readonly typmod_in?: string;
  readonly typmod_out?: string;
  readonly analyze?: string;
  readonly subscript?: string;
}

/** Reads `base type`s and `shell type`s, of which only the name is known. */
export const baseTypes: Reader<Row> = {
  kinds: ["base type", "shell type"],
  rare: true,
  sql: (version) => `
    SELECT t.oid::int8::text AS oid, n.nspname AS schema, t.typname AS name, t.typisdefined AS defined,
      json_build_object(
        'input', nullif(t.typinput, 0)::regproc::text,
        'output', nullif(t.typoutput, 0)::regproc::text,
        'receive', nullif(t.typreceive, 0)::regproc::text,
        'send', nullif(t.typsend, 0)::regproc::text,
        'typmod_in', nullif(t.typmodin, 0)::regproc::text,
        'typmod_out', nullif(t.typmodout, 0)::regproc::text,
        'analyze', nullif(t.typanalyze, 0)::regproc::text
        ${version >= 140000 ? ", 'subscript', nullif(t.typsubscript, 0)::regproc::text" : ""}
      ) AS support,
      t.typlen AS length, t.typbyval AS by_value, t.typalign::text AS alignment,
      t.typstorage::text AS storage, t.typcategory::text AS category, t.typispreferred AS preferred,
      coalesce(pg_get_expr(t.typdefaultbin, 'pg_type'::regclass), quote_literal(t.typdefault)) AS "default",
      CASE WHEN t.typelem <> 0 THEN format_type(t.typelem, NULL) END AS element,
      t.typdelim::text AS delimiter, t.typcollation <> 0 AS collatable,
      ${typeTraits()}
    FROM pg_type t
    JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE (t.typtype = 'b' OR (t.typtype = 'p' AND NOT t.typisdefined))
      AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
      AND ${userSchema("n")}
      AND ${notOfExtension("pg_type", "t.oid")}
    ORDER BY n.nspname, t.typname`,
  read: (row) => {
    const name = joinName(row.schema, row.name);
    const address = `pg_type/${row.oid}/0`;
    if (!row.defined) {
      const facts = compact<CommonFacts>(commonFacts(row));
      const id = objectId("shell type", name);
      return { object: { id, kind: "shell type", name, parent: null, facts }, address };
    }
    const facts = compact<BaseTypeFacts>({
      ...row.support,
      length: row.length,
      by_value: row.by_value,
      alignment: ALIGNMENT[row.alignment],
      storage: STORAGE[row.storage],
      category: row.category === "U" ? null : row.category,
      preferred: row.preferred,
      default: row.default,
      element: row.element,
      delimiter: row.delimiter === "," ? null : row.delimiter,
      collatable: row.collatable,
      ...commonFacts(row),
    });
    const id = objectId("base type", name);
    return { object: { id, kind: "base type", name, parent: null, facts }, address };
  },
};

const ALIGNMENT: Readonly<Record<string, string>> = {
  c: "char",
  s: "int2",
  i: "int4",
  d: "double",
};

const STORAGE: Readonly<Record<string, string>> = {
  p: "plain",
  e: "external",
  x: "extended",
  m: "main",
};
