/**
 * The tests that run once more on a compiled binary, named by AIM_TEST_BIN; this file prints them. What a command decides is the same code
 * on both, so only that is here which differs by the program: `.ci/run` runs these, and all others from source alone.
 */

/** By the reason. */
export const ON_THE_BINARY: Readonly<Record<string, readonly string[]>> = {
  "every command, by each of its examples": [
    "tests/cli/examples_of_help_test.ts",
    "tests/orm/examples_test.ts",
  ],
  "streams, signals, exit codes and the terminal": [
    "tests/attacks/terminal_test.ts",
    "tests/cli/interrupt_test.ts",
    "tests/cli/json_test.ts",
    "tests/cli/mcp_test.ts",
    "tests/cli/run_test.ts",
    "tests/cli/terminal_test.ts",
    "tests/cli/watch_test.ts",
  ],
  "an engine's thread: its memory, its end, what it may reach": [
    "tests/attacks/crash_test.ts",
    "tests/attacks/hang_test.ts",
    "tests/attacks/host_code_test.ts",
    "tests/attacks/memory_test.ts",
  ],
  "embedded files: grammars, the engine of Prisma, the layout of a picture, the page of a report": [
    "tests/cli/convert_test.ts",
    "tests/cli/diagram_test.ts",
    "tests/cli/lint_test.ts",
    "tests/formats/prisma_engine_test.ts",
    "tests/reports/page_test.ts",
  ],
  "processes that it starts, and what is left when it is killed": [
    "tests/approvals/approvals_test.ts",
    "tests/cli/check_test.ts",
    "tests/cli/runtime_test.ts",
    "tests/cli/upgrade_test.ts",
    "tests/orm/models_test.ts",
    "tests/orm/replay_command_test.ts",
    "tests/runtimes/docker_test.ts",
    "tests/runtimes/killed_test.ts",
    "tests/runtimes/local_test.ts",
  ],
  "sockets: TLS, the protocols of servers, HTTP": [
    "tests/attacks/keys_test.ts",
    "tests/models/cli_test.ts",
    "tests/models/gateway_test.ts",
    "tests/mysql/docker_test.ts",
    "tests/mysql/session_test.ts",
    "tests/mysql/url_test.ts",
    "tests/pipeline/apply_postgres_test.ts",
    "tests/pipeline/apply_sqlite_test.ts",
    "tests/pipeline/live_mysql_test.ts",
    "tests/pipeline/live_postgres_test.ts",
    "tests/pipeline/push_test.ts",
    "tests/runtimes/postgres_server_test.ts",
  ],
};

if (import.meta.main) console.log(Object.values(ON_THE_BINARY).flat().join("\n"));
