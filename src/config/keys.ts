/** The keys of aim.toml: the one table that loading, flags, variables, help and docs/config.md are made from. */

/** One key. */
export interface ConfigKey {
  /** As in aim.toml: `max_retries`. */
  readonly key: string;
  readonly type:
    | "text"
    | "path"
    | "count"
    | "amount"
    | "duration"
    | "size"
    | "switch"
    | "list"
    | "answers"
    | "prices";
  /** What stands for the value in help: `E`. */
  readonly placeholder: string;
  /** One sentence without a full stop. */
  readonly summary: string;
  /** What holds when nothing says otherwise; null for nothing. */
  readonly fallback: string | number | boolean | readonly string[] | null;
  /** A value to show where there is no default. */
  readonly example?: string;
  /** The only values it takes. */
  readonly choices?: readonly string[];
  /** More to know, in whole sentences, for docs and `aim help config`. */
  readonly more?: string;
  /** Commands that have a flag of this name: all of them, those that ask a model, or none. */
  readonly flag: "all" | "model" | "none";
}

/** All keys, in the order in which they are explained. */
export const CONFIG_KEYS: readonly ConfigKey[] = [
  {
    key: "engine",
    type: "text",
    placeholder: "E",
    summary: "The database: postgres, postgres-16, sqlite, sqlite-3.35, mysql-9, mariadb-11.4",
    fallback: null,
    more:
      "Required. The bare name takes the version that is built in; with a version the migration is made for that one.",
    flag: "all",
  },
  {
    key: "format",
    type: "text",
    placeholder: "F",
    summary: "The migration runner whose files are read and written",
    fallback: "migrate",
    more: "`aim help formats` lists them.",
    flag: "all",
  },
  {
    key: "schema",
    type: "path",
    placeholder: "P",
    summary: "The desired schema: an SQL file, a folder or a glob",
    fallback: "schema.sql",
    more:
      "The files of a folder or a glob are loaded in the order of their names. In a glob `*`, `?`, `[a-z]` and `{a,b}` stand for parts of a name and `**` for any folders. `--schema -` reads it from stdin.",
    flag: "all",
  },
  {
    key: "migrations",
    type: "path",
    placeholder: "D",
    summary: "The folder of migrations",
    fallback: "migrations",
    flag: "all",
  },
  {
    key: "runtime",
    type: "text",
    placeholder: "R",
    summary: "Where scratch databases run, instead of the best place that can serve",
    fallback: null,
    example: "docker",
    more:
      "`aim doctor` lists them. A built-in runtime that is named here proves on its own version, whatever version `engine` asks for, and says so.",
    flag: "all",
  },
  {
    key: "statement_timeout",
    type: "duration",
    placeholder: "T",
    summary: "The longest that one statement may run on a scratch database; 0 for no limit",
    fallback: "60s",
    more:
      "Seconds, or a number with a unit: `500ms`, `90s`, `5min`, `1h`. A statement that does not end is cancelled; where that does not help, its engine is ended with it.",
    flag: "all",
  },
  {
    key: "memory_limit",
    type: "size",
    placeholder: "M",
    summary: "The most memory that a scratch database may take",
    fallback: "2GB",
    more:
      "A number with a unit, `MB` or `GB`, from 256MB. An embedded Postgres takes 2GB at most for itself, its files come on top.",
    flag: "all",
  },
  {
    key: "column_order",
    type: "text",
    placeholder: "O",
    summary: "Whether the order of columns inside a table counts: ignore or strict",
    fallback: "ignore",
    choices: ["ignore", "strict"],
    flag: "all",
  },
  {
    key: "ignore_tables",
    type: "list",
    placeholder: "T",
    summary: "Tables to leave out besides the runners' own, such as `audit_logs` or `audit_*`",
    fallback: [],
    more: "`*` stands for any characters; each pattern has at most 256.",
    flag: "all",
  },
  {
    key: "model",
    type: "text",
    placeholder: "M",
    summary: "The language model for what the planner cannot decide: provider/model",
    fallback: null,
    example: "anthropic/claude-haiku-5-5",
    more: "Without one, aim plans what it can and lists what is left open.",
    flag: "all",
  },
  {
    key: "context",
    type: "text",
    placeholder: "TEXT",
    summary: "What a model should know about this project",
    fallback: null,
    example: "Money is numeric(12, 2); every table has a tenant_id",
    flag: "all",
  },
  {
    key: "max_retries",
    type: "count",
    placeholder: "N",
    summary: "Further attempts of a model after the first one was refuted",
    fallback: 3,
    flag: "all",
  },
  {
    key: "max_tokens",
    type: "count",
    placeholder: "N",
    summary: "Tokens of one answer of a model, thinking included",
    fallback: 16384,
    flag: "all",
  },
  {
    key: "max_cost_usd",
    type: "amount",
    placeholder: "USD",
    summary: "What one run may cost, in US dollars",
    fallback: null,
    flag: "model",
  },
  {
    key: "llm_timeout",
    type: "amount",
    placeholder: "S",
    summary: "Seconds to wait for a silent model",
    fallback: 120,
    flag: "model",
  },
  {
    key: "generator",
    type: "text",
    placeholder: "G",
    summary: "Who drafts: planner, model, or auto (the planner, and the model for the rest)",
    fallback: "auto",
    choices: ["auto", "planner", "model"],
    flag: "model",
  },
  {
    key: "base_url",
    type: "text",
    placeholder: "URL",
    summary: "Address of the model's API, for a gateway or a local server",
    fallback: null,
    more:
      "From aim.toml it is used only after `aim trust`; an address of this machine also before, but without a key.",
    flag: "none",
  },
  {
    key: "api_key_command",
    type: "text",
    placeholder: "COMMAND",
    summary: "A command that prints the API key",
    fallback: null,
    more: "From aim.toml it is run only after `aim trust`.",
    flag: "none",
  },
  {
    key: "provenance",
    type: "switch",
    placeholder: "",
    summary: "Write a comment into each migration that says how it was made",
    fallback: false,
    flag: "none",
  },
  {
    key: "answers",
    type: "answers",
    placeholder: "",
    summary: "Answers to choices of `aim generate`, by the ids that it shows",
    fallback: null,
    more:
      'A table: `[answers]` with lines such as `"fill:users.timezone" = "expression=\'UTC\'"`. `data = "assume-empty"` answers every choice about rows: the migration is made for tables without a row in its way, and fails when it meets one. `--answer` and `--assume-empty` go over them.',
    flag: "none",
  },
  {
    key: "prices",
    type: "prices",
    placeholder: "",
    summary: "Prices of models in US dollars for a million tokens, over the built-in table",
    fallback: null,
    more: 'A table a model: `[prices."openai/gpt-6-luna"]` with `input`, `output` and `cached`.',
    flag: "none",
  },
];

/** The variable that sets a key: `AIM_MAX_RETRIES`. */
export function variableOf(key: string): string {
  return `AIM_${key.toUpperCase()}`;
}

/** The flag that sets a key: `--max-retries`. */
export function flagOf(key: string): string {
  return `--${key.replaceAll("_", "-")}`;
}

/** True for a key whose value is a table, which only a file can hold. */
export function isTableKey({ type }: ConfigKey): boolean {
  return type === "answers" || type === "prices";
}
