/** The query by which statements are measured. */

import { statementName } from "../catalog/prepared.ts";

/** What the prepared query is called, as `queryPrepared` has it. */
export const LOOK_NAME = "look";

/** Runs it. */
export const EXECUTE_LOOK = `EXECUTE ${statementName(LOOK_NAME)}`;

/** One row, `seen`. Only relations outside of the system's schemas: the catalogs' own locks are nobody's business. */
export const LOOK_SQL = `
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
    'timeout', ((extract(epoch FROM pg_catalog.current_setting('lock_timeout')::pg_catalog.interval) * 1000)::pg_catalog.int8)::pg_catalog.text
  ) AS seen`;
