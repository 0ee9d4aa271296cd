/** Collations and conversions. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import { commonColumns, type CommonFacts, commonFacts, type CommonRow, compact } from "./common.ts";
import type { Reader } from "./reader.ts";
import { LAST_SERVER_OID, notOfExtension, userSchema } from "./user_objects.ts";

interface CollationRow extends CommonRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly provider: string;
  readonly collate: string | null;
  readonly ctype: string | null;
  readonly locale: string | null;
  readonly rules: string | null;
  readonly deterministic: boolean;
}

/** The facts of a `collation`. */
export interface CollationFacts extends CommonFacts {
  readonly provider: string;
  /** Where collate and ctype are the same. */
  readonly locale?: string;
  readonly collate?: string;
  readonly ctype?: string;
  readonly rules?: string;
  readonly nondeterministic?: true;
}

/** Reads `collation`s. */
export const collations: Reader<CollationRow> = {
  kinds: ["collation"],
  rare: true,
  sql: (version) => `
    SELECT c.oid::int8::text AS oid, n.nspname AS schema, c.collname AS name, c.collprovider::text AS provider,
      c.collcollate AS collate, c.collctype AS ctype, c.collisdeterministic AS deterministic,
      ${localeColumn(version)} AS locale,
      ${version >= 160000 ? "c.collicurules" : "NULL::text"} AS rules,
      ${commonColumns({ catalog: "pg_collation", oid: "c.oid", owner: "c.collowner" })}
    FROM pg_collation c
    JOIN pg_namespace n ON n.oid = c.collnamespace
    WHERE c.oid > ${LAST_SERVER_OID}
      AND ${userSchema("n")}
      AND ${notOfExtension("pg_collation", "c.oid")}
    ORDER BY n.nspname, c.collname`,
  read: (row) => {
    const name = joinName(row.schema, row.name);
    const collate = row.locale === null ? row.collate : null;
    const ctype = row.locale === null ? row.ctype : null;
    return {
      object: {
        id: objectId("collation", name),
        kind: "collation",
        name,
        parent: null,
        facts: compact<CollationFacts>({
          provider: PROVIDER[row.provider] ?? row.provider,
          locale: row.locale ?? (collate === ctype ? collate : null),
          collate: collate === ctype ? null : collate,
          ctype: collate === ctype ? null : ctype,
          rules: row.rules,
          nondeterministic: !row.deterministic,
          ...commonFacts(row),
        }),
      },
      address: `pg_collation/${row.oid}/0`,
    };
  },
};

const PROVIDER: Readonly<Record<string, string>> = {
  b: "builtin",
  c: "libc",
  d: "default",
  i: "icu",
};

function localeColumn(version: number): string {
  return version >= 170000 ? "c.colllocale" : version >= 150000 ? "c.colliculocale" : "NULL::text";
}

interface ConversionRow extends CommonRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly source: string;
  readonly target: string;
  readonly function: string;
  readonly default: boolean;
}

/** The facts of a `conversion`. */
export interface ConversionFacts extends CommonFacts {
  readonly source: string;
  readonly target: string;
  readonly function: string;
  readonly default?: true;
}

/** Reads `conversion`s. */
export const conversions: Reader<ConversionRow> = {
  kinds: ["conversion"],
  rare: true,
  sql: () => `
    SELECT c.oid::int8::text AS oid, n.nspname AS schema, c.conname AS name,
      pg_encoding_to_char(c.conforencoding) AS source, pg_encoding_to_char(c.contoencoding) AS target,
      c.conproc::regproc::text AS function, c.condefault AS "default",
      ${commonColumns({ catalog: "pg_conversion", oid: "c.oid", owner: "c.conowner" })}
    FROM pg_conversion c
    JOIN pg_namespace n ON n.oid = c.connamespace
    WHERE ${userSchema("n")}
      AND ${notOfExtension("pg_conversion", "c.oid")}
    ORDER BY n.nspname, c.conname`,
  read: (row) => {
    const name = joinName(row.schema, row.name);
    return {
      object: {
        id: objectId("conversion", name),
        kind: "conversion",
        name,
        parent: null,
        facts: compact<ConversionFacts>({
          source: row.source,
          target: row.target,
          function: row.function,
          default: row.default,
          ...commonFacts(row),
        }),
      },
      address: `pg_conversion/${row.oid}/0`,
    };
  },
};
