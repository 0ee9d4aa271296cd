/** Other programs: engines, runners, ORMs. */

import type { ConfigKey } from "./config_key.ts";

/** The key of the image that containers of an engine are made of, by its specifier: `docker.postgres` for `postgres-16`. */
export function imageKey(engine: string): string {
  return `docker.${engine.split("-")[0]}`;
}

function imageRow({ dialect, example, why }: {
  readonly dialect: string;
  readonly example: string;
  readonly why: string;
}): ConfigKey {
  return {
    key: imageKey(dialect),
    type: "text",
    placeholder: "",
    summary:
      `The image of the runtime docker for ${dialect}, in place of the official one of the version`,
    fallback: null,
    example,
    more:
      `In a table: \`[docker]\` with \`${dialect} = "${example}"\`${why}. From aim.toml it is used only after \`aim trust\`: an image is a program that is fetched and run.`,
    flag: "none",
  };
}

/** Keys of the tools whose commands are run. */
export const TOOL_KEYS: readonly ConfigKey[] = [
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
  imageRow({
    dialect: "postgres",
    example: "postgis/postgis:16-3.4",
    why: ", for a schema with extensions that the official images lack",
  }),
  imageRow({
    dialect: "mysql",
    example: "percona/percona-server:8.4",
    why: ", for the server that is deployed",
  }),
  imageRow({
    dialect: "mariadb",
    example: "registry.example.com/mariadb:10.11",
    why: ", for the server that is deployed",
  }),
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
      'In a table: `[orm]` with `tool = "django"`. Known are prisma, drizzle, django, sqlalchemy, typeorm, sequelize, mikroorm, gorm, ent, hibernate and rails; each has a command of its own, Prisma needs none. For any other tool set `command` alone.',
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
