/**
 * The test files that `deno task test` leaves out, since they take most of the time of all: `deno task test:long` runs them, and so does
 * `.ci/run`. Prints them; with `--ignore` as one word, for the option of that name.
 */

import process from "node:process";

/** By the reason. */
export const LONG: Readonly<Record<string, readonly string[]>> = {
  "servers that are busy, far away, under load or restarted, and runs that are killed": [
    "tests/pipeline/apply_back_test.ts",
    "tests/pipeline/apply_hours_test.ts",
    "tests/pipeline/apply_kills_test.ts",
    "tests/pipeline/apply_pooler_test.ts",
    "tests/pipeline/apply_postgres_test.ts",
    "tests/pipeline/baseline_test.ts",
    "tests/pipeline/live_busy_test.ts",
    "tests/pipeline/live_distance_test.ts",
    "tests/pipeline/live_mysql_busy_test.ts",
    "tests/pipeline/live_mysql_test.ts",
    "tests/pipeline/live_postgres_test.ts",
    "tests/pipeline/live_values_test.ts",
    "tests/pipeline/observe_test.ts",
    "tests/pipeline/online_load_test.ts",
    "tests/pipeline/online_test.ts",
    "tests/pipeline/seed_postgres_test.ts",
    "tests/postgres/server_versions_test.ts",
    "tests/runtimes/killed_test.ts",
  ],
  "programs of others, installed and run": [
    "tests/cli/pre_commit_test.ts",
    "tests/orm/examples_test.ts",
    "tests/orm/models_test.ts",
    "tests/orm/prisma_test.ts",
    "tests/orm/replay_command_test.ts",
    "tests/reports/page_test.ts",
  ],
  "whole lists, on each engine or by a start of the program for each entry": [
    "tests/approvals/enforced_test.ts",
    "tests/attacks/files_test.ts",
    "tests/attacks/keys_test.ts",
    "tests/attacks/machine_test.ts",
    "tests/attacks/model_effects_test.ts",
    "tests/attacks/outside_test.ts",
    "tests/attacks/providers_test.ts",
    "tests/attacks/unseen_test.ts",
    "tests/cli/amend_test.ts",
    "tests/cli/examples_of_help_test.ts",
    "tests/cli/examples_test.ts",
    "tests/cli/false_greens_test.ts",
    "tests/cli/impact_test.ts",
    "tests/cli/init_schema_test.ts",
    "tests/cli/json_test.ts",
    "tests/cli/lint_test.ts",
    "tests/cli/runbook_test.ts",
    "tests/convert/convert_test.ts",
    "tests/convert/routines_by_model_test.ts",
    "tests/create/cli_test.ts",
    "tests/create/data_test.ts",
    "tests/create/requests_test.ts",
    "tests/engines/data_test.ts",
    "tests/engines/idioms_test.ts",
    "tests/engines/order_test.ts",
    "tests/engines/refused_rows_test.ts",
    "tests/engines/rows_test.ts",
    "tests/models/cli_test.ts",
    "tests/models/live_canary_test.ts",
    "tests/models/loop_test.ts",
    "tests/models/review_test.ts",
    "tests/pipeline/batched_moves_test.ts",
    "tests/pipeline/before_history_test.ts",
    "tests/pipeline/common_prefix_test.ts",
    "tests/pipeline/estimates_test.ts",
    "tests/pipeline/expand_move_test.ts",
    "tests/pipeline/expand_test.ts",
    "tests/pipeline/kept_states_test.ts",
    "tests/pipeline/rows_projects_test.ts",
    "tests/pipeline/watch_schema_test.ts",
    "tests/postgres/alterations_test.ts",
    "tests/postgres/expressions_test.ts",
    "tests/rules/examples_test.ts",
    "tests/runtimes/pglite_test.ts",
  ],
  "what hangs, ends or takes too much, until it is stopped": [
    "tests/attacks/crash_test.ts",
    "tests/attacks/hang_test.ts",
    "tests/attacks/host_code_test.ts",
    "tests/attacks/memory_test.ts",
    "tests/attacks/terminal_test.ts",
  ],
};

if (import.meta.main) {
  const files = Object.values(LONG).flat();
  console.log(files.join(process.argv.includes("--ignore") ? "," : "\n"));
}
