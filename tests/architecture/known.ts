/** What still offends against the rules of the house, each with the reason; these lists only shrink. */

type Known = Readonly<Record<string, string>>;

const SPECIFIERS =
  "engine specifiers are read and explained here: a list of the engines could say it";
const SQITCH = "sqitch hands scripts to a client program, one for each dialect";
const POLICY = "a policy reads a dialect's statements: a part of its engine";

/** Files outside of engines, runtimes and the formats' own tables that name a dialect. */
export const DIALECT_NAMES: Known = {
  "src/cli/commands/convert.ts": SPECIFIERS,
  "src/cli/commands/doctor.ts": SPECIFIERS,
  "src/cli/commands/init.ts": SPECIFIERS,
  "src/cli/commands/runtime.ts": "versions that can be fetched, by their specifiers",
  "src/cli/flags.ts": SPECIFIERS,
  "src/cli/help.ts": SPECIFIERS,
  "src/cli/personal_config.ts": SPECIFIERS,
  "src/cli/topics/config.ts": SPECIFIERS,
  "src/cli/topics/engines.ts": SPECIFIERS,
  "src/config/engine_spec.ts": SPECIFIERS,
  "src/config/keys/project.ts": SPECIFIERS,
  "src/config/keys/tools.ts": SPECIFIERS,
  "src/config/assemble.ts": SPECIFIERS,
  "src/formats/flyway/write.ts": "Flyway's configuration of one dialect",
  "src/formats/sqitch/read.ts": SQITCH,
  "src/formats/sqitch/sqlite_shell.ts": SQITCH,
  "src/formats/sqitch/verify.ts": SQITCH,
  "src/models/policy/mod.ts": POLICY,
  "src/models/policy/postgres.ts": POLICY,
  "src/models/policy/postgres_code.ts": POLICY,
  "src/models/policy/postgres_copy.ts": POLICY,
  "src/models/policy/postgres_tables.ts": POLICY,
  "src/models/policy/sqlite.ts": POLICY,
  "src/models/policy/sqlite_copy.ts": POLICY,
  "src/models/policy/sqlite_tree.ts": POLICY,
};

/** Files of the pipeline that hold words of SQL. */
export const SQL_IN_PIPELINE: Known = {
  "src/pipeline/scratch/run_script.ts": "data that stands behind a statement, in a message",
};

const COMMANDS = "help and completions list the commands, of which they are two";

/** Circles of imports by value. */
export const IMPORT_CIRCLES: Known = {
  "src/cli/commands/mod.ts -> src/cli/commands/completions.ts -> src/cli/commands/mod.ts": COMMANDS,
  "src/cli/commands/mod.ts -> src/cli/commands/help.ts -> src/cli/commands/mod.ts": COMMANDS,
};

const OWN_FILE = "used in its own file only";

/** Exports that no other file uses. */
export const UNUSED: Known = {
  "src/cli/help.ts rows": OWN_FILE,
  "src/models/anthropic.ts gatewayHeaders": OWN_FILE,
  "src/models/request_style.ts firstRequestStyle": OWN_FILE,
  "src/models/prompts/decide.ts DECIDE_PROMPT": OWN_FILE,
  "src/models/prompts/write.ts WARNINGS": OWN_FILE,
  "src/models/prompts/write.ts WRITE_PROMPT": OWN_FILE,
  "src/pipeline/files/read_sources.ts compareNames": OWN_FILE,
};
