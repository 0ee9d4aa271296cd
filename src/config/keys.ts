/** The keys of aim.toml: the one table that loading, flags, variables, help and docs/config.md are made from. */

import { HOURS } from "../core/policy.ts";

/** One key. */
export interface ConfigKey {
  /** As in aim.toml: `max_retries`; `sqlite.functions` for one in a table. */
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
    | "paths"
    | "texts"
    | "command"
    | "rules"
    | "checks"
    | "masks"
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
  /** What each in a list must look like, and how that is called. */
  readonly items?: { readonly pattern: RegExp; readonly form: string };
  /** More to know, in whole sentences, for docs and `aim help config`. */
  readonly more?: string;
  /** Commands that have a flag of this name: all of them, those that ask a model, or none. */
  readonly flag: "all" | "model" | "none";
}

/** The key of the image that containers are made of. */
export const IMAGE_KEY = "docker.postgres";

/** All keys, in the order in which they are explained. */
export const CONFIG_KEYS: readonly ConfigKey[] = [
  {
    key: "engine",
    type: "text",
    placeholder: "E",
    summary: "The database: postgres, postgres-16, sqlite, sqlite-3.35, mysql-9, mariadb-11.4",
    fallback: null,
    more:
      "Required. With a version the migration is made for that one. The bare `postgres` keeps to what version 13 and later take, unless the schema itself uses more.",
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
    type: "paths",
    placeholder: "P",
    summary: "The desired schema: an SQL file, a folder or a glob, or a list of them",
    fallback: "schema.sql",
    more:
      "`orm:` stands for the models of `[orm]`, alone or beside files. A list is loaded in its order, the files of a folder or a glob in the order of their names, or, where one needs what another makes, in one that works. In a glob `*`, `?`, `[a-z]` and `{a,b}` stand for parts of a name and `**` for any folders. For Postgres, `\\i` and `\\ir` include further files of the project. `--schema -` reads it from stdin.",
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
    key: "before",
    type: "paths",
    placeholder: "FILE",
    summary: "SQL for what is there before the first migration, such as roles and extensions",
    fallback: [],
    example: "prelude.sql",
    more:
      "Loaded first into both scratch databases, in the given order: what it makes is no difference until the schema or a migration changes it, and never written into a migration. A `search_path` that it sets stays for all that follows.",
    flag: "all",
  },
  {
    key: "search_path",
    type: "text",
    placeholder: "PATH",
    summary: "The search_path under which the schema and the migrations run, for Postgres",
    fallback: null,
    example: "app, public",
    more:
      "As `SET search_path` takes it. Schemas in it that are there neither before nor in the scripts are no error, as in Postgres. Names in new migrations have their schema then, `public` as well.",
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
      "`aim doctor` lists them; `auto` is as if nothing was said. Where none has the version that `engine` asks for, the migration is made for that version and proven on the built-in one, which a note says.",
    flag: "all",
  },
  {
    key: "exact",
    type: "switch",
    placeholder: "",
    summary: "Prove on the very version that `engine` asks for, or end with what is missing",
    fallback: false,
    example: "true",
    more:
      "Else a version that cannot be had here is proven on the built-in one, which a note and `proof.exact` in the report say. `--exact` is the same for one run.",
    flag: "none",
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
    key: "generated_names",
    type: "text",
    placeholder: "N",
    summary: "Whether names count that the server generated for indexes, constraints and sequences",
    fallback: "ignore",
    choices: ["ignore", "follow"],
    more:
      "With `ignore` an index that is called after an earlier name of its column is the same index; with `follow` it is renamed. Names of an author's own always count.",
    flag: "none",
  },
  {
    key: "constraint_names",
    type: "text",
    placeholder: "N",
    summary: "Whether names of constraints and indexes count that an author or a tool gave",
    fallback: "follow",
    choices: ["ignore", "follow"],
    more:
      "With `ignore`, a key, check, foreign key or index that is the same but for its name is the same: for models, whose tools give names of their own.",
    flag: "none",
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
    key: "ignore_schemas",
    type: "list",
    placeholder: "S",
    summary: "Schemas of Postgres to leave out with all that is in them, such as `auth` or `hdb_*`",
    fallback: [],
    more: "`*` stands for any characters; each pattern has at most 256.",
    flag: "all",
  },
  {
    key: "rows",
    type: "text",
    placeholder: "WHAT",
    summary: "Whether migrations are proven over rows in the tables: on or off",
    fallback: "on",
    choices: ["on", "off"],
    more:
      "With `on`, tables that a migration can touch get a few rows before it runs, and what it loses, alters or is refused by without saying so is found. `off` proves on empty tables, which is faster.",
    flag: "all",
  },
  {
    key: "safety",
    type: "text",
    placeholder: "HOW",
    summary: "Whether new migrations let others read and write meanwhile: plain or online",
    fallback: "plain",
    choices: ["plain", "online"],
    more:
      "With `online`, what reads or writes all rows of a table that was there before does so under a lock that blocks neither reads nor writes, where the server has such a form: indexes CONCURRENTLY, constraints NOT VALID and then validated, ALGORITHM and LOCK as measured on MySQL and MariaDB. It takes more statements, and as many files as the runner needs for them.",
    flag: "all",
  },
  {
    key: "lock_timeout",
    type: "duration",
    placeholder: "T",
    summary:
      "How long a statement of an online migration waits for a lock before it fails; 0 for ever",
    fallback: "2s",
    more:
      "What waits for a strong lock blocks all that comes behind it. A migration that fails by it has changed nothing and can be run again.",
    flag: "none",
  },
  {
    key: "seeds",
    type: "paths",
    placeholder: "P",
    summary: "SQL that puts rows of your own in before a new migration is proven",
    fallback: [],
    example: "seeds/*.sql",
    more:
      "Files, folders or globs, run in their order on the schema that the migrations leave; tables that they fill get no other rows. Without the key, `seeds/*.sql` beside aim.toml is used where it is there and runs.",
    flag: "none",
  },
  {
    key: "check",
    type: "checks",
    placeholder: "",
    summary: "Queries whose answer a new migration must not change, or must make what is expected",
    fallback: null,
    more:
      'Each a table: `[[check]]` with `name`, `sql` and `expect`: a value, or `"same"` for what it gave before UP; with `after`, another query for after UP. They run before UP, after it and after DOWN, each in a transaction that is rolled back.',
    flag: "none",
  },
  {
    key: "mask",
    type: "masks",
    placeholder: "",
    summary:
      "What `aim seed` writes in place of the values of columns, where names and types do not say it",
    fallback: null,
    more:
      "Each a table: `[[mask]]` with `columns`, a name or a list of names (`email`, `users.email`, `public.users.*`), and `how`: keep, null, hash, email, name, phone, address, text, code, url, ip, date or number. The first that fits counts.",
    flag: "none",
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
    key: "output_mode",
    type: "text",
    placeholder: "MODE",
    summary: "How a model is asked for its answer: auto, strict, json_schema, json_object or text",
    fallback: "auto",
    choices: ["auto", "strict", "json_schema", "json_object", "text"],
    more:
      "`auto` begins with what the provider is known to take, steps down where its server refuses or fails, and remembers it for 30 days. `strict` and `json_schema` send a JSON schema, `json_object` asks for any JSON, `text` for SQL between two marks; a mode that is set is never left.",
    flag: "model",
  },
  {
    key: "context_tokens",
    type: "count",
    placeholder: "N",
    summary: "Tokens that a model reads and writes at once",
    fallback: null,
    example: "8192",
    more:
      "Without it aim takes what it knows of the model, what its server said, or 4096 for a server on this machine. No more of a schema is shown than fits.",
    flag: "model",
  },
  {
    key: "fallback_model",
    type: "text",
    placeholder: "M",
    summary: "A second model for when the first one's provider fails, or refuses to answer",
    fallback: null,
    example: "openai/gpt-6-luna",
    more:
      "It answers for the rest of the run, and a note says so. `base_url`, `headers` and `api_key_command` are those of `model`, and hold for it where it has the same provider.",
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
    key: "headers",
    type: "texts",
    placeholder: "",
    summary: "Further headers of requests to the model's API, for a gateway",
    fallback: null,
    more:
      'A table: `[headers]` with lines such as `"X-Team" = "billing"`. Never a key: those have their variables and `aim auth`. From aim.toml they are sent only after `aim trust`.',
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
    type: "texts",
    placeholder: "",
    summary: "Answers to choices of `aim generate`, by the ids that it shows",
    fallback: null,
    more:
      'A table: `[answers]` with lines such as `"fill:users.timezone" = "expression=\'UTC\'"`. `data = "assume-empty"` answers every choice about rows: the migration is made for tables without a row in its way, and fails when it meets one. `--answer` and `--assume-empty` go over them.',
    flag: "none",
  },
  {
    key: "lint",
    type: "texts",
    placeholder: "",
    summary: "How much the codes of `aim lint` count: off, info, warning or error",
    fallback: null,
    more:
      'A table: `[lint]` with lines such as `rename-column = "off"`. A rule that is only used where it is asked for is asked for by its severity. `aim explain` lists the codes.',
    flag: "none",
  },
  {
    key: "rule",
    type: "rules",
    placeholder: "",
    summary: "Rules of your own for `aim lint`: queries over the catalog, whose rows are findings",
    fallback: null,
    more:
      "A list of tables: `[[rule]]` with `code`, `sql`, `message` and, if you like, `severity`. The query is run before and after each migration; a row that is new is a finding, and `{column}` in the message is its value.",
    flag: "none",
  },
  {
    key: "fail_on",
    type: "text",
    placeholder: "",
    summary: "From which severity on a finding makes `aim lint` and `aim impact` fail",
    fallback: "error",
    choices: ["error", "warning", "info", "never", "impact"],
    more:
      "`impact` is as `error`, and makes `aim impact` fail besides where a migration drops or renames what code may still use.",
    flag: "none",
  },
  {
    key: "policy.names",
    type: "texts",
    placeholder: "",
    summary: "How new things are to be called, by kind",
    fallback: null,
    more:
      'In the table `[policy]`: `names = { table = "snake_case", index = "*_idx" }`. Kinds are table, column, index, check and foreign key; a pattern is snake_case, or a text in which `*` stands for any characters. `aim lint` finds others as policy-name.',
    flag: "none",
  },
  {
    key: "policy.comments",
    type: "switch",
    placeholder: "",
    summary: "New tables must have a comment",
    fallback: false,
    example: "true",
    more: "In the table `[policy]`; found as policy-comment.",
    flag: "none",
  },
  {
    key: "policy.forbidden_types",
    type: "list",
    placeholder: "",
    summary: "Types that no column is to get, with or without a length",
    fallback: [],
    example: "money",
    more: "In the table `[policy]`; found as policy-forbidden.",
    flag: "none",
  },
  {
    key: "policy.forbidden_statements",
    type: "list",
    placeholder: "",
    summary: "Words that no statement is to begin with",
    fallback: [],
    example: "TRUNCATE",
    more: "In the table `[policy]`; found as policy-forbidden.",
    flag: "none",
  },
  {
    key: "policy.down",
    type: "switch",
    placeholder: "",
    summary: "Every migration must have a DOWN",
    fallback: false,
    example: "true",
    more: "In the table `[policy]`; found as policy-down. Runners that have none are left alone.",
    flag: "none",
  },
  {
    key: "policy.separate_data",
    type: "switch",
    placeholder: "",
    summary: "No migration is to change definitions and rows",
    fallback: false,
    example: "true",
    more: "In the table `[policy]`; found as policy-mixed.",
    flag: "none",
  },
  {
    key: "policy.no_ddl_hours",
    type: "list",
    placeholder: "",
    summary: "Hours in which `aim apply` runs nothing",
    fallback: [],
    example: "mon-fri 08:00-18:00 Europe/Berlin",
    items: {
      pattern: HOURS,
      form: "hours such as 08:00-18:00 or mon-fri 08:00-18:00 Europe/Berlin",
    },
    more:
      "In the table `[policy]`. Days may be left out, for every day, and so may the zone, for UTC; hours may reach over midnight.",
    flag: "none",
  },
  {
    key: "sqlite.functions",
    type: "list",
    placeholder: "",
    summary: "Functions that the application registers: name and number of arguments, -1 for any",
    fallback: [],
    example: "normalize/1",
    items: {
      pattern: /^[^\s/"'`();,]+\/(?:-1|\d{1,3})$/,
      form: "a name and a number of arguments such as normalize/1 or concat/-1",
    },
    more:
      'In a table: `[sqlite]` with `functions = ["normalize/1", "fold_accents/-1"]`. A stand-in gives its first argument back, or 0 without one, and 1 for `regexp` and `match`: enough to run the migrations, and the outcome says so.',
    flag: "none",
  },
  {
    key: "sqlite.collations",
    type: "list",
    placeholder: "",
    summary: "Collations that the application registers",
    fallback: [],
    example: "NATURAL",
    items: { pattern: /^[^\s/"'`();,]+$/, form: "a name" },
    more:
      "In the table `[sqlite]`. A stand-in compares byte by byte, but for blanks at the end, and the outcome says so.",
    flag: "none",
  },
  {
    key: IMAGE_KEY,
    type: "text",
    placeholder: "",
    summary: "The image of the runtime docker, in place of the official one of the version",
    fallback: null,
    example: "postgis/postgis:16-3.4",
    more:
      'In a table: `[docker]` with `postgres = "postgis/postgis:16-3.4"`, for a schema with extensions that the official images lack. From aim.toml it is used only after `aim trust`: an image is a program that is fetched and run.',
    flag: "none",
  },
  {
    key: "flyway.placeholders",
    type: "texts",
    placeholder: "",
    summary: "Values of Flyway's placeholders",
    fallback: null,
    more:
      'In a table: `[flyway]` with `placeholders = { owner = "app" }`. They go over those of a `flyway.toml` or `flyway.conf` beside `aim.toml` or in the folder of migrations.',
    flag: "none",
  },
  {
    key: "goose.env",
    type: "texts",
    placeholder: "",
    summary: "Values of the variables between goose's ENVSUB ON and OFF",
    fallback: null,
    more:
      'In a table: `[goose]` with `env = { REGION = "eu" }`. The environment itself is not looked at.',
    flag: "none",
  },
  {
    key: "live.url_env",
    type: "text",
    placeholder: "",
    summary: "The name of the variable that holds the address of the live database",
    fallback: null,
    example: "DATABASE_URL",
    more:
      'In a table: `[live]` with `url_env = "DATABASE_URL"`. Never the address itself: it holds a password. `--url` and `AIM_DATABASE_URL` go over it.',
    flag: "none",
  },
  {
    key: "orm.tool",
    type: "text",
    placeholder: "",
    summary: "The tool of the models that `orm:` in `schema` stands for",
    fallback: null,
    example: "django",
    more:
      'In a table: `[orm]` with `tool = "django"`. Known are prisma, drizzle, django, sqlalchemy, typeorm, sequelize, mikroorm, gorm and ent; each has a command of its own, Prisma needs none. For any other tool set `command` alone.',
    flag: "none",
  },
  {
    key: "orm.command",
    type: "command",
    placeholder: "",
    summary: "The command that prints the DDL of the models, or makes their tables in a database",
    fallback: null,
    example: "bin/models ddl",
    more:
      'In the table `[orm]`: a text for the shell, or a list of words such as `["go", "run", "./ddl"]`, run in the folder of aim.toml. From aim.toml it is run only after `aim trust`.',
    flag: "none",
  },
  {
    key: "orm.door",
    type: "text",
    placeholder: "",
    summary: "What the command does: print DDL, or fill a database whose address it is given",
    fallback: null,
    choices: ["print", "database"],
    example: "database",
    more:
      "In the table `[orm]`. With `database` aim starts an empty scratch database for the command, with its address in `DATABASE_URL` and `AIM_ORM_URL`, and reads what the command leaves. Without the key it is what is usual for the tool, and `print` where none is named.",
    flag: "none",
  },
  {
    key: "orm.timeout",
    type: "duration",
    placeholder: "",
    summary: "The longest that the command may run; 0 for no limit",
    fallback: "120s",
    more: "In the table `[orm]`. It is then ended with all that it started.",
    flag: "none",
  },
  {
    key: "orm.models",
    type: "paths",
    placeholder: "",
    summary: "Files that the models stand in: while none changes, the command is not run again",
    fallback: [],
    example: "app/**/models.py",
    more:
      'In the table `[orm]`, files, folders or globs: `models = ["app/**/models.py", "uv.lock"]`. Without it the command is run each time. For Prisma it is the schema itself, `prisma/schema.prisma` or `schema.prisma` where it is not set.',
    flag: "none",
  },
  {
    key: "orm.env",
    type: "texts",
    placeholder: "",
    summary: "Variables of the command",
    fallback: null,
    more:
      'In the table `[orm]`: `env = { DB_URL = "{url}" }`. `{url}`, `{host}`, `{port}`, `{user}`, `{password}`, `{database}` and `{file}` are those of the scratch database. Shown by `aim trust`.',
    flag: "none",
  },
  {
    key: "orm.pass",
    type: "list",
    placeholder: "",
    summary: "Names of variables of the environment that the command gets as well",
    fallback: [],
    example: "SECRET_KEY",
    items: { pattern: /^[A-Za-z_][A-Za-z0-9_]*$/, form: "the name of a variable" },
    more:
      "In the table `[orm]`. The command gets no more of the environment than paths, the language, and the settings of its language's own tools; keys of models never. Shown by `aim trust`.",
    flag: "none",
  },
  {
    key: "history.command",
    type: "command",
    placeholder: "",
    summary: "The command of the runner's tool that applies migrations which are programs",
    fallback: null,
    example: "alembic upgrade {version}",
    more:
      'In the table `[history]`: a list of words such as `["alembic", "upgrade", "{version}"]`, or a text for the shell, run in the folder of aim.toml. It is given an empty scratch database, whose address stands in `DATABASE_URL`, and must use no other. `{version}`, `{name}` and `{file}` (its name without and with extension) are of the last migration that aim cannot read; with `{each}`, a file, the command is run for one after the other; with none of them the tool applies all migrations. From aim.toml it is run only after `aim trust`.',
    flag: "none",
  },
  {
    key: "history.timeout",
    type: "duration",
    placeholder: "",
    summary: "The longest that a run of that command may take; 0 for no limit",
    fallback: "120s",
    more: "In the table `[history]`. It is then ended with all that it started.",
    flag: "none",
  },
  {
    key: "history.env",
    type: "texts",
    placeholder: "",
    summary: "Variables of that command",
    fallback: null,
    more:
      'In the table `[history]`: `env = { DB_URL = "{url}" }`, with the parts of the address that `orm.env` has. Shown by `aim trust`.',
    flag: "none",
  },
  {
    key: "history.pass",
    type: "list",
    placeholder: "",
    summary: "Names of variables of the environment that that command gets as well",
    fallback: [],
    example: "SECRET_KEY",
    items: { pattern: /^[A-Za-z_][A-Za-z0-9_]*$/, form: "the name of a variable" },
    more: "In the table `[history]`, as `orm.pass`. Shown by `aim trust`.",
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
  return `AIM_${key.toUpperCase().replaceAll(".", "_")}`;
}

/** The flag that sets a key: `--max-retries`. */
export function flagOf(key: string): string {
  return `--${key.replaceAll("_", "-")}`;
}
