/** Sequences on their own or owned by a column; those of identity columns are facts of the column. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import {
  commonColumns,
  type CommonFacts,
  commonFacts,
  type CommonRow,
  compact,
  type Said,
} from "./common.ts";
import type { Reader } from "./reader.ts";
import { notOfExtension, userSchema } from "./user_objects.ts";

interface Row extends CommonRow, SequenceRow {
  readonly owned_by: readonly [string, string, string] | null;
}

/** The facts of a `sequence`. One that a column owns is a member of its column and has its table's owner. */
export interface SequenceFacts extends CommonFacts, SequenceOptions {
  readonly unlogged?: true;
  /** The full name of a column. */
  readonly owned_by?: string;
}

/** Options of a sequence that are not the usual ones for its type. */
export interface SequenceOptions {
  readonly type?: string;
  readonly increment?: string;
  readonly min?: string;
  readonly max?: string;
  readonly start?: string;
  readonly cache?: string;
  readonly cycle?: true;
}

/** Reads `sequence`s. */
export const sequences: Reader<Row> = {
  kinds: ["sequence"],
  sql: (version) => `
    SELECT c.oid::int8::text AS oid, n.nspname AS schema, c.relname AS name,
      format_type(s.seqtypid, NULL) AS type, s.seqstart::text AS start, s.seqincrement::text AS increment,
      s.seqmin::text AS min, s.seqmax::text AS max, s.seqcache::text AS cache, s.seqcycle AS cycle,
      ${version >= 150000 ? "c.relpersistence = 'u'" : "false"} AS unlogged,
      (SELECT json_build_array(tn.nspname, t.relname, a.attname)
        FROM pg_depend d
        JOIN pg_class t ON t.oid = d.refobjid
        JOIN pg_namespace tn ON tn.oid = t.relnamespace
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
          AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a') AS owned_by,
      ${
    commonColumns({
      catalog: "pg_class",
      oid: "c.oid",
      owner: "c.relowner",
      acl: "c.relacl",
      defaults: "'s'",
    })
  }
    FROM pg_sequence s
    JOIN pg_class c ON c.oid = s.seqrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relpersistence <> 't'
      AND ${userSchema("n")}
      AND ${notOfExtension("pg_class", "c.oid")}
      AND NOT EXISTS (
        SELECT FROM pg_depend i
        WHERE i.classid = 'pg_class'::regclass AND i.objid = c.oid AND i.objsubid = 0 AND i.deptype = 'i'
          AND i.refclassid = 'pg_class'::regclass)
    ORDER BY n.nspname, c.relname`,
  read: (row) => {
    const name = joinName(row.schema, row.name);
    const column = row.owned_by === null ? null : joinName(...row.owned_by);
    return {
      object: {
        id: objectId("sequence", name),
        kind: "sequence",
        name,
        parent: column === null ? null : objectId("column", column),
        facts: compact<SequenceFacts>({
          ...sequenceFacts(row, "bigint"),
          unlogged: row.unlogged,
          owned_by: column,
          ...commonFacts(column === null ? row : { ...row, owner: null }),
        }),
      },
      address: `pg_class/${row.oid}/0`,
    };
  },
};

/** Options of a sequence as `pg_sequence` has them, with numbers as text. */
export interface SequenceRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly type: string;
  readonly start: string;
  readonly increment: string;
  readonly min: string;
  readonly max: string;
  readonly cache: string;
  readonly cycle: boolean;
  readonly unlogged: boolean;
}

/** Options of a sequence that are not the default for its type; `usualType` is left out. */
export function sequenceFacts(
  sequence: SequenceRow,
  usualType: string,
): Said<SequenceOptions> {
  const descending = sequence.increment.startsWith("-");
  const limits = LIMITS[sequence.type] ?? LIMITS["bigint"];
  const min = descending ? limits?.min : "1";
  const max = descending ? "-1" : limits?.max;
  const start = descending ? sequence.max : sequence.min;
  return {
    type: sequence.type === usualType ? null : sequence.type,
    increment: sequence.increment === "1" ? null : sequence.increment,
    min: sequence.min === min ? null : sequence.min,
    max: sequence.max === max ? null : sequence.max,
    start: sequence.start === start ? null : sequence.start,
    cache: sequence.cache === "1" ? null : sequence.cache,
    cycle: sequence.cycle,
  };
}

const LIMITS: Readonly<Record<string, { readonly min: string; readonly max: string }>> = {
  smallint: { min: "-32768", max: "32767" },
  integer: { min: "-2147483648", max: "2147483647" },
  bigint: { min: "-9223372036854775808", max: "9223372036854775807" },
};
