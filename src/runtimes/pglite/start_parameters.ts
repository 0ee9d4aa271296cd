/** The settings that a backend starts with. */

/**
 * PGlite's own parameters without `-O` (system tables can be altered) and its search_path, so that both are as on a real
 * server. A small buffer pool makes memory images small.
 */
export const START_PARAMETERS: readonly string[] = [
  "--single",
  "-F",
  "-j",
  ...[
    "exit_on_error=false",
    "log_min_messages=fatal",
    "log_checkpoints=false",
    "log_startup_progress_interval=0",
    "shared_buffers=8MB",
    "wal_buffers=256kB",
    // Nobody recovers a scratch cluster.
    "full_page_writes=off",
    "wal_init_zero=off",
    "wal_recycle=off",
    "max_connections=2",
    "max_wal_senders=0",
    "autovacuum_max_workers=1",
    "autovacuum_worker_slots=1",
    // A schema of thousands of tables is made, and dropped, in one transaction.
    "max_locks_per_transaction=6144",
    "max_worker_processes=0",
    "max_parallel_workers=0",
    "max_parallel_workers_per_gather=0",
    "max_parallel_maintenance_workers=0",
    "io_method=sync",
    "allow_alter_system=off",
  ].flatMap((setting) => ["-c", setting]),
];
