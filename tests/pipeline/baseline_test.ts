import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import { Administration } from "../../src/runtimes/postgres_server/administration.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { NEEDS_SERVER, SERVERS, startListening } from "../runtimes/native_servers.ts";

/** A database that is there before its migrations. */
interface Live {
  readonly engine: string;
  readonly url: string;
  /** Makes it anew, with a table. */
  fresh(): Promise<void>;
  run(sql: string): Promise<void>;
}

/** Runs what `aim baseline` prints; gives the runner's table that says then that it is applied. */
async function marked(name: string, live: Live): Promise<string> {
  await using folder = await temporaryFolder({
    "aim.toml": `engine = "${live.engine}"\nformat = "${name}"\n`,
    "migrations/.keep": "",
  });
  const settings = { cwd: folder.path, variables: { AIM_DATABASE_URL: live.url } };
  await live.fresh();
  const base = await runAim(["baseline", "--json"], settings);
  assert.equal(base.code, 0, `${name}: ${base.stdout}`);
  const { mark, marked } = JSON.parse(base.stdout) as { mark: { sql: string }; marked: boolean };
  assert.equal(marked, false);
  await live.run(mark.sql);
  const { stdout } = await runAim(["status", "--json"], settings);
  const { migrations, books } = JSON.parse(stdout) as {
    migrations: readonly { state: string }[];
    books: string;
  };
  assert.deepEqual(migrations.map(({ state }) => state), ["applied"], `${name}: ${mark.sql}`);
  return books;
}

/** Runners that are told by SQL, for they have no command that does it, and where their books are. */
const TABLES: Readonly<Record<string, string>> = {
  dbmate: "schema_migrations",
  diesel: "__diesel_schema_migrations",
  drizzle: "__drizzle_migrations",
  goose: "goose_db_version",
  knex: "knex_migrations",
  mikroorm: "mikro_orm_migrations",
  rails: "schema_migrations",
  refinery: "refinery_schema_history",
  sequelize: "SequelizeMeta",
  sqlx: "_sqlx_migrations",
  typeorm: "migrations",
};

async function markedByAll(live: Live): Promise<Readonly<Record<string, string>>> {
  const done: Record<string, string> = {};
  for (const name of Object.keys(TABLES)) done[name] = await marked(name, live);
  return done;
}

test("what baseline prints calls it applied, for every runner on SQLite", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "live.db");
  const run = (sql: string) => {
    const database = new DatabaseSync(file);
    database.exec(sql);
    database.close();
    return Promise.resolve();
  };
  const done = await markedByAll({
    engine: "sqlite",
    url: `sqlite:${file}`,
    run,
    fresh: async () => {
      await rm(file, { force: true });
      await run("CREATE TABLE users (id INTEGER PRIMARY KEY)");
    },
  });
  assert.deepEqual(done, TABLES);
});

test(
  "what baseline prints calls it applied, for every runner on Postgres",
  NEEDS_SERVER,
  async () => {
    await using server = await startListening(SERVERS[0] ?? "", {
      rules: ["host all all 127.0.0.1/32 trust"],
    });
    const { address } = server;
    const on = async (database: string, ...texts: readonly string[]) => {
      const admin = await Administration.connect(
        { ...address, database },
        new AbortController().signal,
      );
      for (const text of texts) await admin.exec(text);
      await admin.end();
    };
    const done = await markedByAll({
      engine: "postgres",
      url: `postgres://${address.user}@127.0.0.1:${address.port}/shop?sslmode=disable`,
      run: (sql) => on("shop", sql),
      fresh: async () => {
        await on(
          "template1",
          "DROP DATABASE IF EXISTS shop WITH (FORCE)",
          "CREATE DATABASE shop TEMPLATE template0",
        );
        await on("shop", "CREATE TABLE users (id int PRIMARY KEY)");
      },
    });
    const tables = Object.entries(TABLES).map(([name, table]) => [name, `public.${table}`]);
    assert.deepEqual(done, {
      ...Object.fromEntries(tables),
      drizzle: "drizzle.__drizzle_migrations",
    });
  },
);
