/** What a session can see of its own effects: the locks it holds, and the files and scans of relations. */

import type { Connection } from "../../../runtimes/runtime.ts";
import { EXECUTE_LOOK, LOOK_NAME, LOOK_SQL } from "./look_sql.ts";
import { queryPrepared } from "../catalog/prepared.ts";

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

/** Looks, and prepares the query for the session. Not inside a transaction. */
export async function firstLook(database: Connection): Promise<Look> {
  return lookOf(await queryPrepared<{ readonly seen: Seen }>(database, LOOK_NAME, () => LOOK_SQL));
}

/** Looks, in a transaction or not, by the prepared query where the session still has it; locks are those of the session. */
export async function look(database: Connection, isPrepared: boolean): Promise<Look> {
  return lookOf(
    await database.query<{ readonly seen: Seen }>(isPrepared ? EXECUTE_LOOK : LOOK_SQL),
  );
}

function lookOf([row]: readonly { readonly seen: Seen }[]): Look {
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
