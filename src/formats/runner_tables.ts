/** Tables and schemas in which migration runners keep their books; they are no part of anybody's schema. */

import { JOURNAL } from "../core/book_edit.ts";

/** Names of tables, without their schema. */
export const BOOKKEEPING_TABLES: readonly string[] = [
  "schema_migrations",
  "schema_migrations_history",
  "schema_migration",
  "goose_db_version",
  "flyway_schema_history",
  "schema_version",
  "refinery_schema_history",
  "_sqlx_migrations",
  "__diesel_schema_migrations",
  "_prisma_migrations",
  "atlas_schema_revisions",
  "gorp_migrations",
  "knex_migrations",
  "knex_migrations_lock",
  "__drizzle_migrations",
  "DATABASECHANGELOG",
  "DATABASECHANGELOGLOCK",
  "databasechangelog",
  "databasechangeloglock",
  "alembic_version",
  "ar_internal_metadata",
  "django_migrations",
  "SequelizeMeta",
  "mikro_orm_migrations",
  JOURNAL.table,
];

/** Those that could be anybody's, so that they count for one runner only. */
const PLAIN_NAMES: Readonly<Record<string, readonly string[]>> = { typeorm: ["migrations"] };

/** The tables of books that are left out where `format` is in use. */
export function bookkeepingTables(format: string): readonly string[] {
  return [...BOOKKEEPING_TABLES, ...PLAIN_NAMES[format] ?? []];
}

/** Schemas (namespaces) that hold nothing but a runner's books. */
export const BOOKKEEPING_SCHEMAS: readonly string[] = [
  "sqitch",
  "atlas_schema_revisions",
  "drizzle",
];

/** A table in which a runner keeps its books. */
export interface RunnerTable {
  readonly name: string;
  readonly sql: string;
  /** The schema (namespace) that it stands in; that of new tables when absent. */
  readonly schema?: string;
}

/**
 * What a runner makes in an empty database before its first migration, unqualified, as in the newest version of each: golang-migrate 4
 * (`ensureVersionTable`), goose 3 (`dialectquery`), dbmate 2 (`CreateMigrationsTable`), sqlx 0.8 (`ensure_migrations_table`), Flyway 11
 * (`getRawCreateScript`), refinery 0.9 (`ASSERT_MIGRATIONS_TABLE_QUERY`), diesel 2 (`setup_migration_table.sql`), Prisma 6
 * (`_prisma_migrations` of its schema engine), Alembic 1, Knex 3, Sequelize's CLI 6, TypeORM 1, MikroORM 6, Django 5, Active Record 6 (what each left in a database), Sqitch 1 (its registry, in a schema of its own; for SQLite in another file). Nothing for
 * plain files.
 */
export function runnerTables(format: string, dialect: string): readonly RunnerTable[] {
  const family = dialect === "sqlite" ? "sqlite" : dialect === "postgres" ? "postgres" : "mysql";
  const sql = TABLES[format]?.[family];
  if (sql === undefined) return [];
  const schema = family === "postgres" ? SCHEMAS[format] : undefined;
  return [{ name: NAMES[format] ?? "", sql, ...schema === undefined ? {} : { schema } }];
}

/** Where there are schemas. */
const SCHEMAS: Readonly<Record<string, string>> = { drizzle: "drizzle" };

const NAMES: Readonly<Record<string, string>> = {
  migrate: "schema_migrations",
  goose: "goose_db_version",
  dbmate: "schema_migrations",
  sqlx: "_sqlx_migrations",
  flyway: "flyway_schema_history",
  refinery: "refinery_schema_history",
  diesel: "__diesel_schema_migrations",
  prisma: "_prisma_migrations",
  sqitch: "sqitch",
  alembic: "alembic_version",
  knex: "knex_migrations",
  sequelize: "SequelizeMeta",
  typeorm: "migrations",
  mikroorm: "mikro_orm_migrations",
  django: "django_migrations",
  rails: "schema_migrations",
  drizzle: "__drizzle_migrations",
};

const REFINERY = `
  CREATE TABLE refinery_schema_history (
    version int4 PRIMARY KEY, name varchar(255), applied_on varchar(255), checksum varchar(255)
  )`;

/** Who did it and when, in the registry of Sqitch. */
const BY = (did: string, who: string) =>
  `${did}_at timestamptz NOT NULL${
    did === "planned" ? "" : " DEFAULT clock_timestamp()"
  }, ${who}_name text NOT NULL, ${who}_email text NOT NULL`;

const SQITCH = `
  CREATE SCHEMA sqitch;
  CREATE TABLE sqitch.releases (version real PRIMARY KEY, ${BY("installed", "installer")});
  CREATE TABLE sqitch.projects (
    project text PRIMARY KEY, uri text UNIQUE, ${BY("created", "creator")}
  );
  CREATE TABLE sqitch.changes (
    change_id text PRIMARY KEY,
    script_hash text,
    change text NOT NULL,
    project text NOT NULL REFERENCES sqitch.projects ON UPDATE CASCADE,
    note text NOT NULL DEFAULT '',
    ${BY("committed", "committer")},
    ${BY("planned", "planner")},
    UNIQUE (project, script_hash)
  );
  CREATE TABLE sqitch.tags (
    tag_id text PRIMARY KEY,
    tag text NOT NULL,
    project text NOT NULL REFERENCES sqitch.projects ON UPDATE CASCADE,
    change_id text NOT NULL REFERENCES sqitch.changes ON UPDATE CASCADE,
    note text NOT NULL DEFAULT '',
    ${BY("committed", "committer")},
    ${BY("planned", "planner")},
    UNIQUE (project, tag)
  );
  CREATE TABLE sqitch.dependencies (
    change_id text NOT NULL REFERENCES sqitch.changes ON UPDATE CASCADE ON DELETE CASCADE,
    type text NOT NULL,
    dependency text NOT NULL,
    dependency_id text REFERENCES sqitch.changes ON UPDATE CASCADE
      CONSTRAINT dependencies_check CHECK (
        (type = 'require' AND dependency_id IS NOT NULL)
        OR (type = 'conflict' AND dependency_id IS NULL)
      ),
    PRIMARY KEY (change_id, dependency)
  );
  CREATE TABLE sqitch.events (
    event text NOT NULL
      CONSTRAINT events_event_check CHECK (event IN ('deploy', 'revert', 'fail', 'merge')),
    change_id text NOT NULL,
    change text NOT NULL,
    project text NOT NULL REFERENCES sqitch.projects ON UPDATE CASCADE,
    note text NOT NULL DEFAULT '',
    requires text[] NOT NULL DEFAULT '{}',
    conflicts text[] NOT NULL DEFAULT '{}',
    tags text[] NOT NULL DEFAULT '{}',
    ${BY("committed", "committer")},
    ${BY("planned", "planner")},
    PRIMARY KEY (change_id, committed_at)
  )`;

const ALEMBIC = `
      CREATE TABLE alembic_version (
        version_num varchar(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
      )`;

const DIESEL = `
  CREATE TABLE __diesel_schema_migrations (
    version varchar(50) PRIMARY KEY NOT NULL, run_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
  )`;

const TABLES: Readonly<
  Record<
    string,
    { readonly postgres: string; readonly sqlite?: string; readonly mysql?: string } | undefined
  >
> = {
  sqitch: { postgres: SQITCH },
  migrate: {
    postgres: `
      CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL)`,
    sqlite: `
      CREATE TABLE schema_migrations (version uint64,dirty bool);
      CREATE UNIQUE INDEX version_unique ON schema_migrations (version)`,
    mysql: `
      CREATE TABLE schema_migrations (version bigint not null primary key, dirty boolean not null)`,
  },
  goose: {
    postgres: `
      CREATE TABLE goose_db_version (
        id integer PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY,
        version_id bigint NOT NULL,
        is_applied boolean NOT NULL,
        tstamp timestamp NOT NULL DEFAULT now()
      )`,
    sqlite: `
      CREATE TABLE goose_db_version (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        version_id INTEGER NOT NULL,
        is_applied INTEGER NOT NULL,
        tstamp TIMESTAMP DEFAULT (datetime('now'))
      )`,
    mysql: `
      CREATE TABLE goose_db_version (
        id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
        version_id bigint NOT NULL,
        is_applied boolean NOT NULL,
        tstamp timestamp NULL default now(),
        PRIMARY KEY (id)
      )`,
  },
  dbmate: {
    postgres: "CREATE TABLE schema_migrations (version varchar NOT NULL PRIMARY KEY)",
    sqlite: 'CREATE TABLE "schema_migrations" (version varchar(128) primary key)',
    mysql: "CREATE TABLE schema_migrations (version varchar(128) primary key)",
  },
  sqlx: {
    postgres: `
      CREATE TABLE _sqlx_migrations (
        version bigint PRIMARY KEY,
        description text NOT NULL,
        installed_on timestamptz NOT NULL DEFAULT now(),
        success boolean NOT NULL,
        checksum bytea NOT NULL,
        execution_time bigint NOT NULL
      )`,
    sqlite: `
      CREATE TABLE _sqlx_migrations (
        version BIGINT PRIMARY KEY,
        description TEXT NOT NULL,
        installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
        success BOOLEAN NOT NULL,
        checksum BLOB NOT NULL,
        execution_time BIGINT NOT NULL
      )`,
    mysql: `
      CREATE TABLE _sqlx_migrations (
        version BIGINT PRIMARY KEY,
        description TEXT NOT NULL,
        installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
        success BOOLEAN NOT NULL,
        checksum BLOB NOT NULL,
        execution_time BIGINT NOT NULL
      )`,
  },
  flyway: {
    postgres: `
      CREATE TABLE flyway_schema_history (
        installed_rank int NOT NULL,
        version varchar(50),
        description varchar(200) NOT NULL,
        type varchar(20) NOT NULL,
        script varchar(1000) NOT NULL,
        checksum integer,
        installed_by varchar(100) NOT NULL,
        installed_on timestamp NOT NULL DEFAULT now(),
        execution_time integer NOT NULL,
        success boolean NOT NULL,
        CONSTRAINT flyway_schema_history_pk PRIMARY KEY (installed_rank)
      );
      CREATE INDEX flyway_schema_history_s_idx ON flyway_schema_history (success)`,
    sqlite: `
      CREATE TABLE "flyway_schema_history" (
        "installed_rank" INT NOT NULL PRIMARY KEY,
        "version" VARCHAR(50),
        "description" VARCHAR(200) NOT NULL,
        "type" VARCHAR(20) NOT NULL,
        "script" VARCHAR(1000) NOT NULL,
        "checksum" INT,
        "installed_by" VARCHAR(100) NOT NULL,
        "installed_on" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
        "execution_time" INT NOT NULL,
        "success" BOOLEAN NOT NULL
      );
      CREATE INDEX "flyway_schema_history_s_idx" ON "flyway_schema_history" ("success")`,
    mysql: `
      CREATE TABLE flyway_schema_history (
        installed_rank INT NOT NULL,
        version VARCHAR(50),
        description VARCHAR(200) NOT NULL,
        type VARCHAR(20) NOT NULL,
        script VARCHAR(1000) NOT NULL,
        checksum INT,
        installed_by VARCHAR(100) NOT NULL,
        installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
        execution_time INT NOT NULL,
        success BOOL NOT NULL,
        PRIMARY KEY (installed_rank),
        INDEX flyway_schema_history_s_idx (success)
      )`,
  },
  refinery: { postgres: REFINERY, sqlite: REFINERY, mysql: REFINERY },
  diesel: { postgres: DIESEL, sqlite: DIESEL, mysql: DIESEL },
  alembic: {
    postgres: ALEMBIC,
    sqlite: ALEMBIC,
    mysql: ALEMBIC,
  },
  knex: {
    postgres: `
      CREATE TABLE knex_migrations (
        id serial PRIMARY KEY, name varchar(255), batch integer, migration_time timestamptz
      );
      CREATE TABLE knex_migrations_lock (index serial PRIMARY KEY, is_locked integer)`,
    sqlite: `
      CREATE TABLE \`knex_migrations\` (
        \`id\` integer not null primary key autoincrement,
        \`name\` varchar(255),
        \`batch\` integer,
        \`migration_time\` datetime
      );
      CREATE TABLE \`knex_migrations_lock\` (
        \`index\` integer not null primary key autoincrement, \`is_locked\` integer
      )`,
  },
  sequelize: {
    postgres: `
      CREATE TABLE "SequelizeMeta" (name varchar(255) NOT NULL UNIQUE PRIMARY KEY)`,
    sqlite: `
      CREATE TABLE \`SequelizeMeta\` (\`name\` VARCHAR(255) NOT NULL UNIQUE PRIMARY KEY)`,
  },
  typeorm: {
    postgres: `
      CREATE TABLE migrations (
        id serial NOT NULL,
        "timestamp" bigint NOT NULL,
        name varchar NOT NULL,
        CONSTRAINT "PK_8c82d7f526340ab734260ea46be" PRIMARY KEY (id)
      )`,
    sqlite: `
      CREATE TABLE "migrations" (
        "id" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
        "timestamp" bigint NOT NULL,
        "name" varchar NOT NULL
      )`,
  },
  mikroorm: {
    postgres: `
      CREATE TABLE mikro_orm_migrations (
        id serial PRIMARY KEY, name varchar(255), executed_at timestamptz DEFAULT CURRENT_TIMESTAMP
      )`,
    sqlite: `
      CREATE TABLE \`mikro_orm_migrations\` (
        \`id\` integer not null primary key autoincrement,
        \`name\` varchar(255),
        \`executed_at\` datetime default CURRENT_TIMESTAMP
      )`,
  },
  django: {
    postgres: `
      CREATE TABLE django_migrations (
        id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
        app varchar(255) NOT NULL,
        name varchar(255) NOT NULL,
        applied timestamptz NOT NULL
      )`,
    sqlite: `
      CREATE TABLE "django_migrations" (
        "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
        "app" varchar(255) NOT NULL,
        "name" varchar(255) NOT NULL,
        "applied" datetime NOT NULL
      )`,
  },
  drizzle: {
    postgres: `
      CREATE SCHEMA IF NOT EXISTS drizzle;
      CREATE TABLE drizzle.__drizzle_migrations (
        id serial PRIMARY KEY, hash text NOT NULL, created_at bigint
      )`,
    sqlite: `
      CREATE TABLE "__drizzle_migrations" (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)`,
    mysql: `
      CREATE TABLE \`__drizzle_migrations\` (
        id serial primary key, hash text not null, created_at bigint
      )`,
  },
  rails: {
    postgres: `
      CREATE TABLE schema_migrations (version varchar NOT NULL PRIMARY KEY)`,
    sqlite: `
      CREATE TABLE "schema_migrations" ("version" varchar NOT NULL PRIMARY KEY)`,
  },
  prisma: {
    postgres: `
      CREATE TABLE _prisma_migrations (
        id varchar(36) PRIMARY KEY NOT NULL,
        checksum varchar(64) NOT NULL,
        finished_at timestamptz,
        migration_name varchar(255) NOT NULL,
        logs text,
        rolled_back_at timestamptz,
        started_at timestamptz NOT NULL DEFAULT now(),
        applied_steps_count integer NOT NULL DEFAULT 0
      )`,
    sqlite: `
      CREATE TABLE "_prisma_migrations" (
        "id" TEXT PRIMARY KEY NOT NULL,
        "checksum" TEXT NOT NULL,
        "finished_at" DATETIME,
        "migration_name" TEXT NOT NULL,
        "logs" TEXT,
        "rolled_back_at" DATETIME,
        "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
        "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0
      )`,
    mysql: `
      CREATE TABLE _prisma_migrations (
        id VARCHAR(36) PRIMARY KEY NOT NULL,
        checksum VARCHAR(64) NOT NULL,
        finished_at DATETIME(3),
        migration_name VARCHAR(255) NOT NULL,
        logs TEXT,
        rolled_back_at DATETIME(3),
        started_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
        applied_steps_count INTEGER UNSIGNED NOT NULL DEFAULT 0
      ) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`,
  },
};
