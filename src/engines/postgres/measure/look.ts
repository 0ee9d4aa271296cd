/** What a session can see of its own effects: the locks it holds, and the files and scans of relations. */

import type { Connection } from "../../../runtimes/runtime.ts";

/** A relation at one moment. */
export interface SeenRelation {
  readonly oid: number;
  /** `public.users`. */
  readonly name: string;
  /** `pg_class.relkind`. */
  readonly kind: string;
  /** The file that holds it; 0 for none. */
  readonly file: number;
  /** How often this transaction read it whole. */
  readonly scans: number;
  /** Of an index: the oid of its table; else 0. */
  readonly table: number;
}

/** All that a statement's effects are read from. */
export interface Look {
  readonly locks: readonly { readonly oid: number; readonly mode: string }[];
  readonly relations: ReadonlyMap<number, SeenRelation>;
  /** Milliseconds; 0 for no limit. */
  readonly lockTimeout: number;
  /** Of the transaction that it was in; null outside of one, and in one that wrote nothing. */
  readonly transaction: string | null;
}

/** Looks. In a transaction or not; locks are those of the session. */
export async function look(database: Connection): Promise<Look> {
  const [row] = await database.query<{ readonly seen: Seen }>(LOOK);
  const { locks, relations, timeout, transaction } = row?.seen ?? NOTHING;
  return {
    locks: locks.map(([oid, mode]) => ({ oid, mode })),
    relations: new Map(relations.map(([oid, name, kind, file, scans, table]) => [
      oid,
      { oid, name, kind, file, scans, table },
    ])),
    lockTimeout: Number(timeout),
    transaction,
  };
}

/** True while the session is still in the transaction of a look. */
export async function isStillIn(database: Connection, { transaction }: Look): Promise<boolean> {
  if (transaction === null) return false;
  const [row] = await database.query<{ readonly id: string | null }>(
    "SELECT pg_catalog.txid_current_if_assigned()::pg_catalog.text AS id",
  );
  return row?.id === transaction;
}

interface Seen {
  readonly locks: readonly (readonly [oid: number, mode: string])[];
  readonly relations: readonly (readonly [
    oid: number,
    name: string,
    kind: string,
    file: number,
    scans: number,
    table: number,
  ])[];
  readonly timeout: string;
  readonly transaction: string | null;
}

const NOTHING: Seen = { locks: [], relations: [], timeout: "0", transaction: null };

/** Only relations outside of the system's schemas. The catalogs' own locks are nobody's business. */
const LOOK = `
  SELECT pg_catalog.json_build_object(
    'locks', (
      SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(l.relation::pg_catalog.int8, l.mode)), '[]')
      FROM pg_catalog.pg_locks l
      WHERE l.locktype = 'relation' AND l.pid = pg_catalog.pg_backend_pid() AND l.granted AND l.relation >= 16384
    ),
    'relations', (
      SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(
        c.oid::pg_catalog.int8, n.nspname || '.' || c.relname, c.relkind,
        coalesce(pg_catalog.pg_relation_filenode(c.oid), 0)::pg_catalog.int8,
        coalesce(pg_catalog.pg_stat_get_xact_numscans(c.oid), 0), coalesce(i.indrelid, 0)::pg_catalog.int8
      )), '[]')
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
      WHERE c.relkind IN ('r', 'p', 'm', 'i', 'I', 'v', 'S', 'f')
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    ),
    'transaction', pg_catalog.txid_current_if_assigned()::pg_catalog.text,
    'timeout', (SELECT s.setting FROM pg_catalog.pg_settings s WHERE s.name = 'lock_timeout')
  ) AS seen`;

/** What would be dropped with something: views, routines, keys, triggers and policies by oid, in words. */
export async function describable(database: Connection): Promise<ReadonlyMap<string, string>> {
  const rows = await database.query<{ readonly id: string; readonly words: string }>(`
    SELECT o.classid::pg_catalog.text || ' ' || o.objid::pg_catalog.text AS id,
      pg_catalog.pg_describe_object(o.classid, o.objid, 0) AS words
    FROM (
      SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid AS classid, oid AS objid
        FROM pg_catalog.pg_class WHERE oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm', 'f')
      UNION ALL SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, oid FROM pg_catalog.pg_proc WHERE oid >= 16384
      UNION ALL SELECT 'pg_catalog.pg_constraint'::pg_catalog.regclass, oid FROM pg_catalog.pg_constraint
        WHERE oid >= 16384 AND contype = 'f'
      UNION ALL SELECT 'pg_catalog.pg_trigger'::pg_catalog.regclass, oid FROM pg_catalog.pg_trigger
        WHERE oid >= 16384 AND NOT tgisinternal
      UNION ALL SELECT 'pg_catalog.pg_policy'::pg_catalog.regclass, oid FROM pg_catalog.pg_policy WHERE oid >= 16384
    ) o`);
  return new Map(rows.map(({ id, words }) => [id, words]));
}
