/** Runners whose migrations are programs: the little project that each wants around its folder, and how it is called. */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
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
];

/** A folder beside the migrations for what a runner wants of its own, filled once. */
function beside(site: Site, files: (folder: string) => Readonly<Record<string, string>>): string {
  const folder = `${site.folder}.project`;
  if (existsSync(folder)) return folder;
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

/** The folder of packages that a program of npm on PATH came with, to be linked into a project. */
export function linkPackages(folder: string, program: string): void {
  const found = execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();
  symlinkSync(dirname(dirname(found)), join(folder, "node_modules"));
}
