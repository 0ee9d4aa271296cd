/** The flags that every command takes. */

import { CONFIG_KEYS, type ConfigKey } from "../config/keys.ts";
import type { Completes, Flag } from "./command.ts";

const COMPLETES: Readonly<Record<string, Completes>> = {
  engine: "engine",
  format: "format",
  schema: "file",
  before: "file",
  migrations: "folder",
  runtime: "runtime",
  model: "model",
};

/** The flag that sets a key of aim.toml. */
function settingFlag(row: ConfigKey): Flag {
  return {
    name: row.key.replaceAll("_", "-"),
    value: row.placeholder,
    summary: row.summary,
    ...(row.type === "list" || row.type === "paths" ? { repeats: true } : {}),
    ...(row.choices ? { choices: row.choices } : {}),
    ...(COMPLETES[row.key] ? { completes: COMPLETES[row.key] } : {}),
  };
}

/** Flags that override aim.toml, for every command. */
export const SETTING_FLAGS: readonly Flag[] = CONFIG_KEYS
  .filter((row) => row.flag === "all")
  .map(settingFlag);

/** Keys that say what is worked on and where. */
export const PROJECT_KEYS: readonly string[] = ["engine", "format", "schema", "migrations"];

/** Keys of the commands that load the project into scratch databases. */
export const SCRATCH_KEYS: readonly string[] = [
  ...PROJECT_KEYS,
  "runtime",
  "statement_timeout",
  "memory_limit",
  "column_order",
  "ignore_tables",
  "before",
  "search_path",
  "ignore_schemas",
  "rows",
];

/** All keys that have a flag of their own for every command. */
export const ALL_KEYS: readonly string[] = CONFIG_KEYS.filter((row) => row.flag === "all")
  .map((row) => row.key);

/** The flags of a command's settings. */
export function settingFlags(keys: readonly string[] = []): readonly Flag[] {
  return SETTING_FLAGS.filter(({ name }) => keys.includes(name.replaceAll("-", "_")));
}

/** Flags that override aim.toml, for the commands that ask a model. */
export const MODEL_FLAGS: readonly Flag[] = CONFIG_KEYS
  .filter((row) => row.flag === "model")
  .map(settingFlag);

/** Flags about the run itself, for every command. */
export const RUN_FLAGS: readonly Flag[] = [
  {
    name: "directory",
    short: "C",
    value: "DIR",
    summary: "Run as if started in DIR",
    completes: "folder",
  },
  {
    name: "allow-outside",
    summary: "Use a schema and migrations that aim.toml, or a link, puts outside of the project",
  },
  {
    name: "dev-url",
    value: "URL",
    summary: "Make scratch databases on this server: postgres://user@host/database",
  },
  {
    name: "exact",
    summary: "Prove on the version that the engine asks for, or end with what is missing",
  },
  {
    name: "allow-superuser",
    summary: "Run the scripts as a superuser on a local server: they can start programs then",
  },
  { name: "json", summary: "Print one JSON object on stdout, also on failure" },
  { name: "quiet", short: "q", summary: "Print the answer and errors only" },
  { name: "verbose", short: "v", summary: "Print every statement and every turn of a model" },
  {
    name: "color",
    value: "WHEN",
    summary: "Colour: auto, always or never",
    choices: ["auto", "always", "never"],
  },
  { name: "help", short: "h", summary: "Explain the command" },
  { name: "version", short: "V", summary: "Print the version" },
];
