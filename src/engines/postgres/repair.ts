/** Gives a scratch Postgres what the real one has and a script takes for granted. */

import { DatabaseError } from "../../core/error.ts";
import type { Connection } from "../../runtimes/runtime.ts";
import type { Repair } from "../engine.ts";
import { ident, literal } from "./quote.ts";

/**
 * Creates what belongs to a server and not to a schema (a role, a tablespace, a collation of the operating system) or leaves out
 * a setting that another version has. Anything else is a real error: null.
 */
export async function repair(
  error: unknown,
  database: Connection,
  statement: string,
): Promise<Repair | null> {
  if (!(error instanceof DatabaseError)) return null;
  return await missingRole(error, database, statement) ??
    await missingDatabase(error, database, statement) ??
    unknownSetting(error, statement) ??
    await missingTablespace(error, database, statement) ??
    await missingCollation(error, database);
}

const UNDEFINED_OBJECT = "42704";
const INVALID_PARAMETER_VALUE = "22023";

async function missingRole(
  error: DatabaseError,
  database: Connection,
  statement: string,
): Promise<Repair | null> {
  const name = /^role "(.+)" does not exist$/s.exec(error.message)?.[1];
  if (name === undefined || ![UNDEFINED_OBJECT, INVALID_PARAMETER_VALUE].includes(error.code)) {
    return null;
  }
  if (/^DROP\s+(?:ROLE|USER|GROUP)\b/i.test(statement)) return null;
  await database.exec(`CREATE ROLE ${ident(name)} NOLOGIN`);
  return { note: `Created role ${ident(name)}, which the scratch server lacked` };
}

/** The scratch database gets the first name that scripts have for their own; a further one is a row of the catalog and nothing else. */
async function missingDatabase(
  error: DatabaseError,
  database: Connection,
  statement: string,
): Promise<Repair | null> {
  const name = /^database "(.+)" does not exist$/s.exec(error.message)?.[1];
  if (name === undefined || /^DROP\s/i.test(statement)) return null;
  const [row] = await database.query<{ usual: boolean; embedded: boolean }>(`
    SELECT current_database() = 'postgres' AS usual, version() ~ ' wasm32-' AS embedded`);
  if (row?.embedded !== true) return null;
  await database.exec(
    row.usual
      ? `UPDATE pg_database SET datname = ${literal(name)} WHERE datname = current_database()`
      : secondDatabase(name),
  );
  return {
    note: row.usual
      ? `The scratch database is called ${ident(name)}, as the scripts have it`
      : `Database ${ident(name)} stands for another name of the scratch database`,
  };
}

/** A copy of the own row under another name and number. */
function secondDatabase(name: string): string {
  return `
    INSERT INTO pg_database
    SELECT (jsonb_populate_record(d, jsonb_build_object(
      'oid', (SELECT greatest(max(oid::int8), 16000000) + 1 FROM pg_database),
      'datname', ${literal(name)}, 'datacl', NULL))).*
    FROM pg_database d WHERE datname = current_database()`;
}

function unknownSetting(error: DatabaseError, statement: string): Repair | null {
  const name = /^unrecognized configuration parameter "(.+)"$/.exec(error.message)?.[1];
  if (name === undefined || !/^(?:SET|RESET)\b/i.test(statement)) return null;
  return VERSIONED.has(name.toLowerCase())
    ? { note: `Left out SET ${name}, which the scratch server does not know`, skip: true }
    : null;
}

async function missingTablespace(
  error: DatabaseError,
  database: Connection,
  statement: string,
): Promise<Repair | null> {
  const name = /^tablespace "(.+)" does not exist$/s.exec(error.message)?.[1];
  if (name === undefined || error.code !== UNDEFINED_OBJECT) return null;
  if (/^(?:DROP|ALTER)\s+TABLESPACE\b/i.test(statement)) return null;
  try {
    await database.exec(`SET allow_in_place_tablespaces = on`);
    await database.exec(`CREATE TABLESPACE ${ident(name)} LOCATION ''`);
    await database.exec(`RESET allow_in_place_tablespaces`);
  } catch (refusal) {
    if (refusal instanceof DatabaseError) return null;
    throw refusal;
  }
  return { note: `Created tablespace ${ident(name)}, which the scratch server lacked` };
}

/** Collations are named for the locales of the machine that `initdb` ran on. */
async function missingCollation(
  error: DatabaseError,
  database: Connection,
): Promise<Repair | null> {
  const name = /^collation "(?:pg_catalog\.)?(.+?)" for encoding "\w+" does not exist$/
    .exec(error.message)?.[1];
  if (name === undefined || error.code !== UNDEFINED_OBJECT) return null;
  const locale = /^([a-z]{2,3}(?:[-_][A-Za-z]{2,4})*)(?:-x-icu|\.utf-?8)?$/i.exec(name)?.[1];
  if (locale === undefined || !(/-x-icu$/.test(name) || /_[A-Z]{2}/.test(name))) return null;
  const tag = literal(locale.replaceAll("_", "-"));
  try {
    await database.exec(`SET allow_system_table_mods = on`);
    await database.exec(
      `CREATE COLLATION pg_catalog.${ident(name)} (PROVIDER = icu, LOCALE = ${tag})`,
    );
  } catch (refusal) {
    if (refusal instanceof DatabaseError) return null;
    throw refusal;
  } finally {
    await database.exec(`RESET allow_system_table_mods`);
  }
  return { note: `Created collation ${ident(name)}, which the scratch server lacked, by ICU` };
}

/**
 * Settings that some versions of Postgres have and others lack and that leave a schema alone, from the release notes of 8.4 to 18.
 * A misspelt name is not among them and stays an error.
 */
const VERSIONED: ReadonlySet<string> = new Set(
  `add_missing_from array_nulls autovacuum_worker_slots backend_flush_after backtrace_functions client_connection_check_interval
  compute_query_id debug_discard_caches debug_parallel_query default_table_access_method default_toast_compression
  default_with_oids enable_async_append enable_distinct_reordering enable_gathermerge enable_group_by_reordering
  enable_incremental_sort enable_incrementalsort enable_memoize enable_parallel_append enable_parallel_hash
  enable_partition_pruning enable_partitionwise_aggregate enable_partitionwise_join enable_presorted_aggregate
  enable_self_join_elimination extra_float_digits file_copy_method force_parallel_mode gin_fuzzy_search_limit
  hash_mem_multiplier icu_validation_level idle_in_transaction_session_timeout idle_session_timeout jit lock_timeout
  log_lock_failures logical_decoding_work_mem maintenance_io_concurrency max_parallel_maintenance_workers
  max_parallel_workers_per_gather min_parallel_index_scan_size min_parallel_table_scan_size old_snapshot_threshold
  operator_precedence_warning parallel_leader_participation plan_cache_mode quote_all_identifiers recursive_worktable_factor
  regex_flavor replacement_sort_tuples restrict_nonsystem_relation_kind row_security sql_inheritance stats_fetch_consistency
  synchronize_seqscans track_cost_delay_timing transaction_timeout vacuum_buffer_usage_limit vacuum_failsafe_age
  vacuum_max_eager_freeze_failure_rate vacuum_multixact_failsafe_age vacuum_truncate xmloption`
    .split(/\s+/),
);
