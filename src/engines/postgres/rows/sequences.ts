/** Sequences, as they stand once rows are there. */

import { LAST_SERVER_OID } from "../catalog/user_objects.ts";
import type { Query } from "./read_types.ts";
import { isRefusal } from "./solve.ts";

interface Sequence {
  readonly name: string;
  readonly table: string | null;
  readonly column: string | null;
  readonly step: number;
}

/** Sets each sequence that numbers a column to its last value, and others to some value, so that one that restarts is seen. Of the given tables alone, where there are some. */
export async function advanceSequences(
  query: Query,
  tables: readonly number[] | null,
): Promise<void> {
  const sequences = await query<Sequence>(`
    SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name,
      pg_catalog.quote_ident(tn.nspname) || '.' || pg_catalog.quote_ident(t.relname) AS table,
      pg_catalog.quote_ident(a.attname) AS column, s.seqincrement::float8 AS step
    FROM pg_catalog.pg_sequence s
    JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
      AND d.objid = c.oid AND d.refclassid = d.classid AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
    LEFT JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
    LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
    WHERE c.oid > ${LAST_SERVER_OID} AND n.nspname !~ '^pg_(toast|temp)'
      AND ${tables === null ? "true" : `t.oid IN (${[0, ...tables].join(", ")})`}
    ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C"`);
  if (sequences.length === 0) return;
  const calls = sequences.map(callsFor);
  try {
    await query(`SELECT ${calls.map(([first]) => first).join(", ")}`);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    for (const call of calls) await callOne(query, call);
  }
}

function callsFor({ name, table, column, step }: Sequence): readonly [string, string] {
  const set = (value: string) => `pg_catalog.setval('${name.replaceAll("'", "''")}', ${value})`;
  const least = set(`(SELECT last_value + ${step} * 6 FROM ${name})`);
  const isCounted = column !== null && table !== null && Number(step) > 0;
  return [
    isCounted ? set(`(SELECT coalesce(pg_catalog.max(${column})::int8, 7) FROM ${table})`) : least,
    least,
  ];
}

async function callOne(query: Query, calls: readonly [string, string]): Promise<void> {
  for (const call of calls) {
    try {
      await query(`SELECT ${call}`);
      return;
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
}
