import { spawnSync } from "node:child_process";
import process from "node:process";
import test from "node:test";
import { Administration } from "../../src/runtimes/postgres_server/administration.ts";
import { findPrograms } from "../../src/runtimes/mysql_server/program.ts";
import { PASSWORD, startRemote } from "../mysql/remote_server.ts";
import { NEEDS_SERVER, SERVERS, startListening } from "../runtimes/native_servers.ts";
import { chance, ended, type KillSite, undisturbed, WAYS } from "./apply_kills.ts";

/** How many runs are ended on each server; `deno task kills` ends 200. AIM_KILL_SEED repeats those of another time. */
const COUNT = Number(process.env.AIM_KILLS ?? 5);
const SEED = Number(process.env.AIM_KILL_SEED ?? 1);

async function tryAll(site: KillSite): Promise<void> {
  // Of hundreds of runs the rest may take an hour, and a test's own diagnostics come at its end.
  const say = (text: string) => console.log(text);
  const { state, ms } = await undisturbed(site);
  const random = chance(SEED);
  for (let turn = 0; turn < COUNT; turn++) {
    const way = WAYS[turn % WAYS.length] ?? "SIGKILL";
    const after = random() * ms;
    try {
      say(`${turn} (seed ${SEED}): ${await ended(site, { way, after, wanted: state })}`);
    } catch (error) {
      say(`${turn} (seed ${SEED}): ${error}`);
      throw error;
    }
  }
}

const goose = (up: string, down: string, isOpen = false) =>
  `${isOpen ? "-- +goose NO TRANSACTION\n" : ""}-- +goose Up\n${up}\n-- +goose Down\n${down}\n`;

const POSTGRES = {
  "aim.toml": 'engine = "postgres"\nformat = "goose"\n',
  "migrations/1_users.sql": goose(
    `CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL);
INSERT INTO users SELECT i, 0 FROM generate_series(1, 3000) i;`,
    "DROP TABLE users;",
  ),
  "migrations/2_open.sql": goose(
    `UPDATE users SET n = n + 1;
CREATE INDEX CONCURRENTLY users_n ON users (n);
SELECT pg_sleep(0.05);
UPDATE users SET n = n + 1;
CREATE UNIQUE INDEX CONCURRENTLY users_id_n ON users (id, n);
BEGIN;
UPDATE users SET n = n + 1;
ALTER TABLE users ADD email text;
COMMIT;
UPDATE users SET email = 'a' || n;`,
    "SELECT 1;",
    true,
  ),
  "migrations/3_one.sql": goose(
    `ALTER TABLE users ADD b int;
SELECT pg_sleep(0.05);
UPDATE users SET n = n + 1, b = 1;
ALTER TABLE users ALTER b SET NOT NULL;`,
    "ALTER TABLE users DROP b;",
  ),
  "migrations/4_drop.sql": goose(
    `DROP INDEX CONCURRENTLY users_n;
UPDATE users SET n = n + 1;
VACUUM users;`,
    "SELECT 1;",
    true,
  ),
};

test("apply ended at any moment on Postgres is finished by --recover", NEEDS_SERVER, async () => {
  await using server = await startListening(SERVERS[0] ?? "", {
    rules: ["host all all 127.0.0.1/32 trust", "local all all trust"],
  });
  const { address } = server;
  const on = async <T>(database: string, work: (admin: Administration) => Promise<T>) => {
    const { signal } = new AbortController();
    for (let turn = 0;; turn++) {
      try {
        const admin = await Administration.connect({ ...address, database }, signal);
        try {
          return await work(admin);
        } finally {
          await admin.end();
        }
      } catch (error) {
        if (turn > 600) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  };
  const site: KillSite = {
    files: POSTGRES,
    port: address.port,
    url: (port) => `postgres://${address.user}@127.0.0.1:${port}/shop?sslmode=disable`,
    fresh: () =>
      on("template1", async (admin) => {
        await admin.exec("DROP DATABASE IF EXISTS shop WITH (FORCE)");
        await admin.exec("CREATE DATABASE shop TEMPLATE template0");
      }),
    state: () =>
      on("shop", async (admin) =>
        JSON.stringify(
          await admin.query(`
          SELECT (SELECT json_agg(x ORDER BY x::text) FROM (SELECT attrelid::regclass::text, attname, attnotnull
              FROM pg_attribute WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
              AND attnum > 0 AND NOT attisdropped) x) AS columns,
            (SELECT json_agg(indexrelid::regclass::text || indisvalid ORDER BY 1) FROM pg_index
              WHERE indrelid::regclass::text !~ '^pg_') AS indexes,
            (SELECT md5(string_agg(u::text, ',' ORDER BY id)) FROM users u) AS users,
            (SELECT json_agg(version_id::text || is_applied ORDER BY id) FROM goose_db_version) AS books`),
        )),
    crash: () =>
      on("template1", async (admin) => {
        // The server ends all sessions when one dies, and recovers from its log.
        const [row] = await admin.query<{ pid: number }>(
          "SELECT coalesce((SELECT min(pid) FROM pg_stat_activity WHERE datname = 'shop'), pg_backend_pid()) AS pid",
        );
        spawnSync("kill", ["-9", String(row?.pid)]);
      }).catch(() => {}),
    answers: () => on("shop", async (admin) => void await admin.query("SELECT 1")),
  };
  await tryAll(site);
});

const MARIADB = {
  "aim.toml": 'engine = "mariadb"\nformat = "goose"\n',
  "migrations/1_users.sql": goose(
    `CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL);
INSERT INTO users SELECT seq, 0 FROM seq_1_to_3000;
UPDATE users SET n = n + 1;`,
    "DROP TABLE users;",
  ),
  "migrations/2_columns.sql": goose(
    `ALTER TABLE users ADD email varchar(100);
UPDATE users SET n = n + 1, email = concat('a', n);
CREATE INDEX users_n ON users (n);
UPDATE users SET n = n + 1;
ALTER TABLE users MODIFY email varchar(100) NOT NULL;
CREATE VIEW names AS SELECT email FROM users;`,
    "DROP VIEW names;",
  ),
  "migrations/3_more.sql": goose(
    `UPDATE users SET n = n + 1;
CREATE TABLE orders (id int PRIMARY KEY, user_id int NOT NULL, FOREIGN KEY (user_id) REFERENCES users (id));
INSERT INTO orders SELECT id, id FROM users;
DROP INDEX users_n ON users;
BEGIN;
UPDATE users SET n = n + 1;
UPDATE users SET n = n + 1;
ALTER TABLE users ADD c int;
UPDATE users SET n = n + 1, c = n;
COMMIT;
RENAME TABLE orders TO purchases;`,
    "DROP TABLE purchases;",
  ),
};

const mariadb = (await findPrograms()).find(({ family }) => family === "mariadb");
test(
  "apply ended at any moment on MariaDB is finished by --recover",
  mariadb === undefined ? { skip: "There is no MariaDB on this machine" } : {},
  async () => {
    if (mariadb === undefined) return;
    await using server = await startRemote(mariadb, { tls: false });
    const ask = async (sql: string) =>
      (await server.admin.ask<Record<string, unknown>>(sql, 1 << 24)).map((row) =>
        Object.values(row).join("|")
      );
    const site: KillSite = {
      files: MARIADB,
      port: server.port,
      url: (port) => `mysql://boss:${PASSWORD}@127.0.0.1:${port}/shop?ssl-mode=DISABLED`,
      fresh: async () => {
        const held = await ask("SELECT id FROM information_schema.processlist WHERE db = 'shop'");
        for (const id of held) await server.admin.run(`KILL ${id}`).catch(() => {});
        await server.admin.run("DROP DATABASE IF EXISTS shop; CREATE DATABASE shop");
      },
      state: async () => {
        const tables = await ask(
          "SELECT table_name FROM information_schema.tables WHERE table_schema = 'shop' ORDER BY 1",
        );
        const texts: string[] = [];
        for (const name of tables) {
          const [text = ""] = await ask(`SHOW CREATE TABLE shop.${name}`);
          texts.push(text.replace(/ AUTO_INCREMENT=\d+/, ""));
        }
        return [
          ...texts,
          ...await ask("SELECT md5(group_concat(id, n, email ORDER BY id)) FROM shop.users"),
          ...await ask("SELECT count(*) FROM shop.purchases"),
          ...await ask("SELECT version_id, is_applied FROM shop.goose_db_version ORDER BY id"),
        ].join("\n");
      },
      crash: () => server.crash(),
      answers: async () => void await ask("SELECT 1"),
    };
    await tryAll(site);
  },
);
