/** Drizzle's kits before and since 1.0, which keep snapshots of the models. */

import {
  drizzle,
  drizzleEdits,
  KIT,
  POSTGRES,
  POSTGRES_EDITS,
  SCHEMA,
  SQLITE,
} from "../shops/drizzle.ts";
import type { Way } from "./way.ts";

const NEW_KIT = [
  "drizzle-orm@1.0.0-rc.5-ab785fc",
  "drizzle-kit@1.0.0-rc.5-ab785fc",
  "pg@8.23.1",
];
const GENERATE = ["npx", "--no-install", "drizzle-kit", "generate"];

function onPostgres(name: string, packages: readonly string[]): Way {
  return {
    name,
    tool: "drizzle",
    format: "drizzle",
    engine: "postgres",
    language: "node",
    packages,
    migrations: "drizzle",
    models: SCHEMA,
    files: { ...drizzle.files, [SCHEMA]: POSTGRES },
    check: { words: GENERATE, clean: /No schema changes/, writes: true, isOffline: true },
    apply: ["npx", "--no-install", "drizzle-kit", "migrate"],
    revert: null,
    edits: POSTGRES_EDITS,
  };
}

function onSqlite(name: string, packages: readonly string[]): Way {
  const settings = {
    dialect: "sqlite",
    schema: `./${SCHEMA}`,
    out: "./drizzle",
    dbCredentials: { url: "file:shop.db" },
  };
  // A kit since 1.0 reads no settings of JSON.
  const config: Readonly<Record<string, string>> = packages === KIT
    ? { "drizzle.config.json": JSON.stringify(settings) }
    : { "drizzle.config.ts": `export default ${JSON.stringify(settings)};\n` };
  return {
    ...onPostgres(name, [...packages, "@libsql/client@0.15.15"]),
    engine: "sqlite",
    files: { "package.json": '{"name":"shop","private":true}', ...config, [SCHEMA]: SQLITE },
    apply: [
      "node",
      "-e",
      'const own = { dialect: "sqlite", out: "./drizzle", dbCredentials: { url: "file:" + process.env.DB_FILE } }; require("fs").writeFileSync("other.config.ts", "export default " + JSON.stringify(own)); const done = require("child_process").spawnSync("npx", ["--no-install", "drizzle-kit", "migrate", "--config=other.config.ts"], { stdio: "inherit" }); process.exit(done.status)',
    ],
    edits: drizzleEdits('integer("paid", { mode: "boolean" }).notNull().default(false)'),
  };
}

/** Both kits on both. The first migration is the kit's or aim's. */
export const DRIZZLE: readonly Way[] = [
  { ...onPostgres("Drizzle 0.45 on Postgres", KIT), first: GENERATE },
  onSqlite("Drizzle 0.45 on SQLite", KIT),
  onPostgres("Drizzle 1.0 on Postgres", NEW_KIT),
  { ...onSqlite("Drizzle 1.0 on SQLite", NEW_KIT), first: GENERATE },
];
