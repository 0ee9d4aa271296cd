/** Runners whose migrations are programs: the little project that each wants around its folder, and how it is called. */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Dialect, Site } from "./databases.ts";
import type { Command, Runner } from "./runners.ts";

const BOTH: readonly Dialect[] = ["sqlite", "postgres"];

/** All of them, as their programs are called on PATH. */
export const CODE_RUNNERS: readonly Runner[] = [
  {
    format: "alembic",
    dialects: BOTH,
    version: ["alembic", "--version"],
    up: (site) => [[...alembic(site), "upgrade", "head"]],
    down: (site, count) => [[
      ...alembic(site),
      "downgrade",
      count === undefined ? "base" : `-${count}`,
    ]],
  },
  {
    format: "knex",
    dialects: BOTH,
    version: ["knex", "--version"],
    up: (site) => [[...knex(site), "migrate:latest"]],
    down: (site, count = site.count) =>
      Array.from({ length: count }, () => [...knex(site), "migrate:down"] as const),
  },
  {
    format: "sequelize",
    dialects: BOTH,
    version: ["sequelize-cli", "--version"],
    up: (site) => [[...sequelize(site), "db:migrate"]],
    down: (site, count = site.count) =>
      Array.from({ length: count }, () => [...sequelize(site), "db:migrate:undo"] as const),
  },
  {
    format: "typeorm",
    dialects: BOTH,
    version: ["typeorm", "--version"],
    up: (site) => [compiled(site), typeorm(site, "migration:run")],
    down: (site, count = site.count) =>
      Array.from({ length: count }, () => typeorm(site, "migration:revert")),
  },
  {
    format: "mikroorm",
    dialects: BOTH,
    version: ["mikro-orm", "--version"],
    up: (site) => [compiled(site), mikroorm(site, "migration:up")],
    down: (site, count = site.count) =>
      Array.from({ length: count }, () => mikroorm(site, "migration:down")),
  },
  {
    format: "drizzle",
    dialects: BOTH,
    version: ["drizzle-kit", "--version"],
    walks: false,
    up: (site) => [drizzle(site)],
    down: () => [],
  },
  {
    format: "django",
    dialects: BOTH,
    version: ["django-admin", "--version"],
    up: (site) => [[...django(site)]],
    down: (site, count) => {
      const names = readdirSync(site.folder).filter((name) => /^\d.*\.py$/.test(name)).sort();
      const target = count === undefined ? undefined : names.at(-1 - count);
      return [[...django(site), target?.replace(/\.py$/, "") ?? "zero"]];
    },
  },
  {
    format: "liquibase",
    dialects: ["sqlite", "postgres", "mysql", "mariadb"],
    version: ["liquibase", "--version"],
    walks: false,
    up: (site) => [[...liquibase(site), "update"]],
    begin: (site) => [[...liquibase(site), "update-count", "--count=1"]],
    down: (site, count = site.count) => [[...liquibase(site), "rollback-count", String(count)]],
  },
  {
    format: "rails",
    dialects: BOTH,
    version: ["ruby", "-ractive_record", "-e", "puts ActiveRecord::VERSION::STRING"],
    up: (site) => [rails(site, "migrate")],
    down: (site, count = site.count) => [rails(site, "rollback", String(count))],
  },
];

/** A folder beside the migrations for what a runner wants of its own, filled once. */
function beside(site: Site, files: (folder: string) => Readonly<Record<string, string>>): string {
  const folder = `${site.folder}.project`;
  if (existsSync(folder) && readdirSync(folder).some((name) => name !== "build")) return folder;
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files(folder))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** A database as SQLAlchemy names it. */
function sqlalchemyUrl({ dialect, database }: Site): string {
  if (dialect === "sqlite") return `sqlite:///${database}`;
  return database.replace(/^postgres(?:ql)?:/, "postgresql+psycopg:");
}

const ALEMBIC_ENV = `from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
`;

function alembic(site: Site): Command {
  const folder = beside(site, (own) => ({
    "alembic.ini":
      `[alembic]\nscript_location = ${own}\nversion_locations = ${site.folder}\npath_separator = newline\nsqlalchemy.url = ${
        sqlalchemyUrl(site)
      }\n`,
    "env.py": ALEMBIC_ENV,
  }));
  return ["alembic", "-c", join(folder, "alembic.ini")];
}

/** A database as drivers of Node name it. */
function connection({ dialect, database }: Site): string {
  return JSON.stringify(dialect === "sqlite" ? { filename: database } : database);
}

function knex(site: Site): Command {
  const folder = beside(site, (own) => ({
    "knexfile.cjs": `module.exports = {
  client: "${site.dialect === "sqlite" ? "better-sqlite3" : "pg"}",
  connection: ${connection(site)},
  useNullAsDefault: true,
  migrations: { directory: ${JSON.stringify(site.folder)} },
};\n`,
    ...packagesOf(own, "knex"),
  }));
  return ["knex", "--knexfile", join(folder, "knexfile.cjs")];
}

function sequelize(site: Site): Command {
  const folder = beside(site, (own) => ({
    "config.json": JSON.stringify({
      development: site.dialect === "sqlite"
        ? { dialect: "sqlite", storage: site.database, logging: false }
        : { url: site.database, dialect: "postgres", logging: false },
    }),
    ".sequelizerc": `module.exports = { config: ${
      JSON.stringify(join(own, "config.json"))
    }, "migrations-path": ${JSON.stringify(site.folder)} };\n`,
    ...packagesOf(own, "sequelize-cli"),
  }));
  return ["env", "-C", folder, "sequelize-cli"];
}

function typeorm(site: Site, verb: string): Command {
  const folder = beside(site, (own) => ({
    "source.cjs": `const { DataSource } = require("typeorm");
module.exports = new DataSource({
  type: "${site.dialect === "sqlite" ? "better-sqlite3" : "postgres"}",
  ${site.dialect === "sqlite" ? "database" : "url"}: ${JSON.stringify(site.database)},
  migrations: [${JSON.stringify(join(own, "build/*.js"))}],
});\n`,
    ...packagesOf(own, "typeorm"),
  }));
  const source = join(folder, "source.cjs");
  // Reverting asks no migration whether it can stand in a transaction.
  const mode = verb === "migration:run" ? "each" : "none";
  return ["env", "-C", folder, "typeorm", verb, "-d", source, "--transaction", mode];
}

function mikroorm(site: Site, verb: string): Command {
  const folder = beside(site, (own) => ({
    "settings.cjs": `const { Migrator } = require("@mikro-orm/migrations");
module.exports = {
  driver: require("@mikro-orm/${site.dialect === "sqlite" ? "sqlite" : "postgresql"}").${
      site.dialect === "sqlite" ? "SqliteDriver" : "PostgreSqlDriver"
    },
  ${site.dialect === "sqlite" ? "dbName" : "clientUrl"}: ${JSON.stringify(site.database)},
  entities: [],
  discovery: { warnWhenNoEntities: false },
  extensions: [Migrator],
  migrations: { path: ${JSON.stringify(join(own, "build"))}, snapshot: false, allOrNothing: false },
};\n`,
    "package.json": '{"dependencies":{"@mikro-orm/cli":"*"}}\n',
    ...packagesOf(own, "mikro-orm"),
  }));
  return ["env", "-C", folder, "mikro-orm", verb, "--config", join(folder, "settings.cjs")];
}

function django(site: Site): Command {
  const isGenerated = site.folder.endsWith("/migrations");
  const label = isGenerated ? basename(dirname(site.folder)).replaceAll("-", "_") : "app";
  const { pathname, hostname, port, username, password } = new URL(
    site.dialect === "sqlite" ? `file://${site.database}` : site.database,
  );
  const database = site.dialect === "sqlite"
    ? { ENGINE: "django.db.backends.sqlite3", NAME: site.database }
    : {
      ENGINE: "django.db.backends.postgresql",
      NAME: pathname.slice(1),
      HOST: hostname,
      PORT: port,
      USER: username,
      PASSWORD: password,
    };
  const folder = beside(site, (own) => {
    mkdirSync(join(own, "app"), { recursive: true });
    symlinkSync(site.folder, join(own, "app/migrations"));
    writeFileSync(join(site.folder, "__init__.py"), "");
    return {
      "app/__init__.py": "",
      "app/apps.py":
        `from django.apps import AppConfig\n\n\nclass Config(AppConfig):\n    name = "app"\n    label = "${label}"\n`,
      "settings.py":
        `SECRET_KEY = "x"\nINSTALLED_APPS = ["app.apps.Config"]\nDATABASES = {"default": ${
          JSON.stringify(database)
        }}\n`,
    };
  });
  return [
    "env",
    "-C",
    folder,
    "PYTHONPATH=.",
    "PYTHONDONTWRITEBYTECODE=1",
    "DJANGO_SETTINGS_MODULE=settings",
    "django-admin",
    "migrate",
    label,
  ];
}

const RAILS = `require "active_record"
folder, database, verb, count = ARGV
ActiveRecord::Base.establish_connection(database)
ActiveRecord::Migration.verbose = false
context = ActiveRecord::MigrationContext.new(folder, ActiveRecord::SchemaMigration)
verb == "migrate" ? context.migrate : context.rollback(count.to_i)
`;

function rails(site: Site, verb: string, count = ""): Command {
  const folder = beside(site, () => ({ "migrate.rb": RAILS }));
  const url = site.dialect === "sqlite" ? `sqlite3:${site.database}` : site.database;
  return ["ruby", join(folder, "migrate.rb"), site.folder, url, verb, count];
}

function drizzle(site: Site): Command {
  const folder = beside(site, (own) => ({
    "drizzle.config.json": JSON.stringify({
      dialect: site.dialect === "sqlite" ? "sqlite" : "postgresql",
      out: site.folder,
      schema: join(own, "schema.js"),
      dbCredentials: { url: site.database },
    }),
    "schema.js": "",
    ...packagesOf(own, "drizzle-kit"),
  }));
  const settings = join(folder, "drizzle.config.json");
  return ["env", "-C", folder, "drizzle-kit", "migrate", "--config", settings];
}

function liquibase(site: Site): Command {
  const folder = beside(site, () => ({
    "changelog.xml":
      '<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd"><includeAll path="." relativeToChangelogFile="false" endsWithFilter=".sql"/></databaseChangeLog>\n',
  }));
  const { host, pathname, username, password } = new URL(
    site.dialect === "sqlite" ? "file:///" : site.database,
  );
  const scheme = site.dialect === "postgres" ? "postgresql" : site.dialect;
  const url = site.dialect === "sqlite" ? [`--url=jdbc:sqlite:${site.database}`] : [
    `--url=jdbc:${scheme}://${host}${pathname}`,
    `--username=${username}`,
    ...password === "" ? [] : [`--password=${password}`],
  ];
  return [
    "liquibase",
    `--search-path=${folder},${site.folder}`,
    "--changelog-file=changelog.xml",
    "--log-level=warning",
    "--show-banner=false",
    ...url,
  ];
}

/** Turns TypeScript into what Node runs. */
function compiled(site: Site): Command {
  const out = `--outdir=${site.folder}.project/build`;
  return [
    "sh",
    "-c",
    `esbuild "$1"/*.ts "$2" --format=cjs --target=node20 --log-level=error`,
    "sh",
    site.folder,
    out,
  ];
}

/** Links the packages that a program of npm on PATH came with into a project. */
function packagesOf(folder: string, program: string): Readonly<Record<string, string>> {
  const found = execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();
  symlinkSync(dirname(dirname(found)), join(folder, "node_modules"));
  return {};
}
