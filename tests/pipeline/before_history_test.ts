import { type ProjectCase, testProjects } from "../project_case.ts";

const MIGRATE = ['engine = "postgres"', 'format = "migrate"'];

/** `aim generate --dry-run` that plans one column of shelf. */
const COLUMN = /^-- add_label_to_shelf, up\nALTER TABLE shelf ADD COLUMN label text;\n\n/;

const CASES: readonly ProjectCase[] = [
  {
    title:
      "what a file of before makes is there for the history and for the schema, and in no plan",
    settings: [...MIGRATE, 'before = ["db/roles.sql", "db/auth.sql"]'],
    files: {
      "db/roles.sql": "CREATE ROLE anon;\nCREATE EXTENSION pg_trgm;\n",
      "db/auth.sql": "CREATE SCHEMA auth;\nCREATE TABLE auth.users (id uuid PRIMARY KEY);\n",
      "migrations/1_a.up.sql":
        "CREATE TABLE shelf (id int PRIMARY KEY, owner uuid REFERENCES auth.users, name text);\n" +
        "CREATE INDEX shelf_name ON shelf USING gin (name gin_trgm_ops);\n",
      "migrations/1_a.down.sql": "DROP TABLE shelf;\n",
      "schema.sql":
        "CREATE TABLE shelf (id int PRIMARY KEY, owner uuid REFERENCES auth.users, name text, label text);\n" +
        "CREATE INDEX shelf_name ON shelf USING gin (name gin_trgm_ops);\n",
    },
    args: ["generate", "--dry-run"],
    code: 0,
    stdout: COLUMN,
    stderr: [/^ {2}proven on /m],
  },
  {
    title: "a migration that changes what was there before is a difference",
    settings: [...MIGRATE],
    files: {
      "before.sql": "CREATE SCHEMA auth;\nCREATE TABLE auth.users (id int);\n",
      "migrations/1_a.up.sql": "ALTER TABLE auth.users ADD COLUMN name text;\n",
      "schema.sql": "SELECT 1;\n",
    },
    args: ["diff", "--before", "before.sql"],
    code: 0,
    stdout: /^- column {2}auth\.users\.name /,
  },
  {
    title: "validate begins with what was there before",
    settings: [...MIGRATE, 'before = "before.sql"'],
    files: {
      "before.sql": "CREATE SCHEMA app;\n",
      "migrations/1_a.up.sql": "CREATE TABLE app.shelf (id int);\n",
      "migrations/1_a.down.sql": "DROP TABLE app.shelf;\n",
      "schema.sql": "CREATE TABLE app.shelf (id int);\n",
    },
    args: ["validate"],
    code: 0,
    stdout: /^✓ 1_a +ok +exact +ok +none$/m,
  },
  {
    title: "a migration that wants what nobody made names the setting",
    settings: [...MIGRATE],
    files: {
      "migrations/1_a.up.sql":
        "CREATE TABLE shelf (name text);\nCREATE INDEX ON shelf USING gin (name gin_trgm_ops);\n",
      "schema.sql": "SELECT 1;\n",
    },
    args: ["diff"],
    code: 2,
    stderr: [/^hint: If it is there before the first migration, .*before = \["prelude\.sql"\]$/m],
  },
  {
    title: "an error in a file of before has its place",
    settings: [...MIGRATE, 'before = "before.sql"'],
    files: {
      "before.sql": "CREATE SCHEMA app;\nCREATE TABEL x ();\n",
      "schema.sql": "SELECT 1;\n",
      "migrations/.keep": "",
    },
    args: ["diff"],
    code: 2,
    stderr: [/^error: Cannot load before\.sql: /m, /^ {2}--> before\.sql:2:8$/m],
  },
  {
    title: "a file of before that is not there is named",
    settings: [...MIGRATE, 'before = ["prelude.sql"]'],
    files: { "schema.sql": "SELECT 1;\n" },
    args: ["diff"],
    code: 2,
    stderr: [/^error: Cannot find the file of before "prelude\.sql"$/m],
  },
  {
    title: "ignored schemas are left out by their patterns, with all that is in them",
    settings: [...MIGRATE, 'ignore_schemas = ["auth", "hdb_*"]'],
    files: {
      "migrations/1_a.up.sql":
        "CREATE SCHEMA auth;\nCREATE TABLE auth.users (id int PRIMARY KEY);\nCREATE SCHEMA hdb_catalog;\n" +
        "CREATE FUNCTION hdb_catalog.f() RETURNS int LANGUAGE sql AS 'SELECT 1';\nCREATE TABLE shelf (id int PRIMARY KEY);\n",
      "schema.sql": "CREATE TABLE shelf (id int PRIMARY KEY);\n",
    },
    args: ["diff", "--exit-code"],
    code: 0,
    stderr: [/^in sync$/m],
  },
  {
    title:
      "scripts run under the search_path that is set, and names in a plan have the schema that they are meant in",
    settings: [...MIGRATE, 'search_path = "app, public"', 'before = "before.sql"'],
    files: {
      "before.sql": "CREATE SCHEMA app;\n",
      "migrations/1_a.up.sql":
        "CREATE TABLE shelf (id int PRIMARY KEY);\nCREATE TABLE public.box (id int);\n",
      "migrations/2_b.up.sql": "ALTER TABLE shelf ADD COLUMN n int;\n",
      "schema.sql":
        "CREATE TABLE app.shelf (id int PRIMARY KEY, n int, label text);\nCREATE TABLE public.box (id int, n int);\n",
    },
    args: ["generate", "--dry-run"],
    code: 0,
    stdout:
      /^-- .*, up\nBEGIN;\nSET LOCAL search_path = public;\nALTER TABLE app\.shelf ADD COLUMN label text;\nALTER TABLE box ADD COLUMN n integer;\n/,
    stderr: [/^ {2}proven on /m],
  },
  {
    title: "a search_path that before sets for the database holds for what follows",
    settings: [...MIGRATE, 'before = "before.sql"'],
    files: {
      "before.sql": "CREATE SCHEMA app;\nALTER DATABASE shop SET search_path = app;\n",
      "migrations/1_a.up.sql": "CREATE TABLE shelf (id int PRIMARY KEY);\n",
      "schema.sql": "CREATE TABLE app.shelf (id int PRIMARY KEY);\n",
    },
    args: ["diff", "--exit-code"],
    code: 0,
  },
  {
    title: "an empty search_path of a dump in before is the dump's alone",
    settings: [...MIGRATE, 'before = "before.sql"'],
    files: {
      "before.sql":
        "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE SCHEMA auth;\n",
      "migrations/1_a.up.sql": "CREATE TABLE shelf (id int PRIMARY KEY);\n",
      "schema.sql": "CREATE TABLE shelf (id int PRIMARY KEY);\n",
    },
    args: ["diff", "--exit-code"],
    code: 0,
  },
  {
    title: "a search_path for SQLite is refused",
    settings: ['engine = "sqlite"', 'search_path = "app"'],
    files: { "schema.sql": "CREATE TABLE t (a);\n", "migrations/.keep": "" },
    args: ["diff"],
    code: 2,
    stderr: [/^error: Cannot use search_path: sqlite has none$/m],
  },
  {
    title: "statements about the database of the scripts' own work under its name",
    settings: [...MIGRATE],
    files: {
      "migrations/1_a.up.sql":
        "GRANT CONNECT ON DATABASE shop TO web;\nALTER DATABASE shop SET timezone = 'UTC';\n" +
        "COMMENT ON DATABASE shop IS 'the shop';\nCREATE TABLE shelf (id int);\n" +
        "DO $$ BEGIN EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()); END $$;\n",
      "schema.sql":
        'GRANT ALL ON DATABASE shop, "Shop Dev" TO web;\nALTER DATABASE "Shop Dev" OWNER TO web;\nCREATE TABLE shelf (id int);\n',
    },
    args: ["diff", "--exit-code"],
    code: 0,
    stderr: [/^note: The scratch database is called shop, /m],
  },
];

/** A statement about each runner's own table that fails unless the table is as the runner makes it. */
const RUNNERS: readonly (readonly [format: string, table: string, columns: readonly string[]])[] = [
  ["migrate", "schema_migrations", ["version", "dirty"]],
  ["goose", "goose_db_version", ["id", "version_id", "is_applied", "tstamp"]],
  ["dbmate", "schema_migrations", ["version"]],
  ["sqlx", "_sqlx_migrations", ["version", "description", "installed_on", "success", "checksum"]],
  ["flyway", "flyway_schema_history", ["installed_rank", "version", "script", "success"]],
  ["refinery", "refinery_schema_history", ["version", "name", "applied_on", "checksum"]],
  ["diesel", "__diesel_schema_migrations", ["version", "run_on"]],
  ["prisma", "_prisma_migrations", ["id", "migration_name", "finished_at"]],
  ["alembic", "alembic_version", ["version_num"]],
  ["knex", "knex_migrations", ["id", "name", "batch", "migration_time"]],
  ["sequelize", '"SequelizeMeta"', ["name"]],
  ["typeorm", "migrations", ["id", "timestamp", "name"]],
  ["mikroorm", "mikro_orm_migrations", ["id", "name", "executed_at"]],
  ["django", "django_migrations", ["id", "app", "name", "applied"]],
  ["rails", "schema_migrations", ["version"]],
];

const FILES: Readonly<Record<string, (sql: string) => Readonly<Record<string, string>>>> = {
  migrate: (sql) => ({ "migrations/1_a.up.sql": sql }),
  goose: (sql) => ({ "migrations/00001_a.sql": `-- +goose Up\n${sql}` }),
  dbmate: (sql) => ({
    "migrations/20240101000000_a.sql": `-- migrate:up\n${sql}-- migrate:down\n`,
  }),
  sqlx: (sql) => ({ "migrations/20240101000000_a.sql": sql }),
  flyway: (sql) => ({ "migrations/V1__a.sql": sql }),
  refinery: (sql) => ({ "migrations/V1__a.sql": sql }),
  diesel: (sql) => ({ "migrations/2024-01-01-000000_a/up.sql": sql }),
  prisma: (sql) => ({ "migrations/20240101000000_a/migration.sql": sql }),
  alembic: (sql) => ({
    "migrations/a.py": `revision = "a"\ndown_revision = None\ndef upgrade():\n    op.execute(${
      JSON.stringify(sql)
    })\n`,
  }),
  knex: (sql) => ({ "migrations/1_a.js": `exports.up = (k) => k.raw(${JSON.stringify(sql)});\n` }),
  sequelize: (sql) => ({
    "migrations/1-a.js": `exports.up = async (q) => q.sequelize.query(${JSON.stringify(sql)});\n`,
  }),
  typeorm: (sql) => ({
    "migrations/1700000000000-a.ts":
      `export class A1700000000000 {\n  async up(q) {\n    await q.query(${
        JSON.stringify(sql)
      });\n  }\n}\n`,
  }),
  mikroorm: (sql) => ({
    "migrations/Migration1.ts": `export class M extends Migration {\n  up() {\n    this.addSql(${
      JSON.stringify(sql)
    });\n  }\n}\n`,
  }),
  django: (sql) => ({
    "migrations/0001_a.py":
      `class Migration(migrations.Migration):\n    operations = [migrations.RunSQL(${
        JSON.stringify(sql)
      })]\n`,
  }),
  rails: (sql) => ({
    "migrations/1_a.rb": `class A < ActiveRecord::Migration[7.0]\n  def up\n    execute ${
      JSON.stringify(sql)
    }\n  end\nend\n`,
  }),
};

const SQITCH_CASE: ProjectCase = {
  title: "the registry of sqitch is there while the history runs, and no difference",
  settings: ['engine = "postgres"', 'format = "sqitch"', 'migrations = "."'],
  files: {
    "sqitch.plan":
      "%syntax-version=1.0.0\n%project=p\n\nshelf 2024-01-01T00:00:00Z A <a@example.org>\n",
    "deploy/shelf.sql":
      "CREATE VIEW last AS SELECT change, committed_at FROM sqitch.changes JOIN sqitch.projects USING (project);\n" +
      "ALTER TABLE sqitch.events ADD COLUMN seen bool;\n",
    "revert/shelf.sql": "DROP VIEW last;\nALTER TABLE sqitch.events DROP COLUMN seen;\n",
    "schema.sql":
      "CREATE VIEW last AS SELECT change, committed_at FROM sqitch.changes JOIN sqitch.projects USING (project);\n",
  },
  args: ["diff", "--exit-code"],
  code: 0,
  stderr: [/^in sync$/m],
};

/** Text that another program was meant to read, and what is said to be done about it. */
const CLIENTS: readonly (readonly [engine: string, text: string, hint: RegExp])[] = [
  ["postgres", 'ALTER DATABASE :"DBNAME" SET timezone = 1', /:"DBNAME" is a variable of psql/],
  ["postgres", "CREATE TABLE t (id int DEFAULT :x)", /:x is a variable of psql/],
  ["postgres", "SELECT 'SELECT 1' \\gexec", /write the statements that the query makes/],
  ["postgres", "SELECT 1;\nGO", /GO is a command of sqlcmd/],
  ["postgres", "CREATE TABLE `t` (id int)", /not by backticks/],
  ["sqlite", ".read tables.sql", /schema = \["tables\.sql", "views\.sql"\]/],
  ["sqlite", ".mode csv", /Remove it/],
];

const CLIENT_CASES = CLIENTS.map(([engine, text, hint]): ProjectCase => ({
  title: `${text} in a schema for ${engine} is an error that says what to do`,
  settings: [`engine = "${engine}"`],
  files: { "migrations/1_a.up.sql": "SELECT 1;\n", "schema.sql": `SELECT 1;\n${text}\n` },
  args: ["diff"],
  code: 2,
  stderr: [/^ {2}--> schema\.sql:[23]:/m, /^hint: /m, hint],
}));

const RUNNER_CASES = RUNNERS.flatMap(([format, table, columns]) =>
  ["postgres", "sqlite"].map((engine): ProjectCase => ({
    title: `the table of ${format} is there while the history runs on ${engine}`,
    settings: [`engine = "${engine}"`, `format = "${format}"`],
    files: {
      ...FILES[format]?.(
        `DELETE FROM ${table} WHERE ${
          columns.map((column) => `${column} IS NULL`).join(" AND ")
        };\nALTER TABLE ${table} ADD COLUMN note text;\nCREATE TABLE shelf (id int);\n`,
      ),
      "schema.sql": "CREATE TABLE shelf (id int);\n",
    },
    args: ["diff", "--exit-code"],
    code: 0,
    stderr: [/^in sync$/m],
  }))
);

const OWN_TABLES: readonly ProjectCase[] = [
  {
    title: "a history that makes the runner's table itself finds none",
    settings: [...MIGRATE],
    files: {
      "migrations/1_a.up.sql": "CREATE TABLE schema_migrations (id int);\n",
      "schema.sql": "SELECT 1;\n",
    },
    args: ["diff", "--exit-code"],
    code: 0,
  },
  {
    title: "a schema may name the runner's table without making it",
    settings: [...MIGRATE],
    files: {
      "migrations/1_a.up.sql": "CREATE VIEW applied AS SELECT version FROM schema_migrations;\n",
      "schema.sql": "CREATE VIEW applied AS SELECT version FROM schema_migrations;\n",
    },
    args: ["diff", "--exit-code"],
    code: 0,
  },
];

testProjects([...CASES, ...RUNNER_CASES, SQITCH_CASE, ...CLIENT_CASES, ...OWN_TABLES]);
