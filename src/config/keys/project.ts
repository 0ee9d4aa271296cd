/** What is worked on, and how it is proven. */

import type { ConfigKey } from "./config_key.ts";

/** Keys of the project: its engine, files and formats, and the proof. */
export const PROJECT_KEYS: readonly ConfigKey[] = [
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
    key: "definer",
    type: "text",
    placeholder: "D",
    summary:
      "Whether the accounts count by whose rights code of MySQL and MariaDB runs: ignore or strict",
    fallback: "ignore",
    choices: ["ignore", "strict"],
    more:
      "With `strict`, the `DEFINER` of views, routines, triggers, events and packages is compared and planned; code that states none belongs to the account that runs the migrations. With `ignore` none is ever written.",
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
    key: "kept_states",
    type: "text",
    placeholder: "WHAT",
    summary: "Whether what a long history leaves is kept in your cache for later runs: on or off",
    fallback: "on",
    choices: ["on", "off"],
    more:
      "With `on`, a run begins with what an earlier one kept of the migrations, as long as their files, the settings and aim itself are the same; so do `diff`, `generate`, `lint` and `validate` of the last ones, on the embedded engines and from ten migrations on. Where migrations make statements by the date, a state is kept for the day. `off` replays each time, and `aim doctor --clean` forgets what was kept.",
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
];
