/** `aim apply --recover --back`: what an interrupted run left is taken back. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import { Administration } from "../../src/runtimes/postgres_server/administration.ts";
import { findPrograms } from "../../src/runtimes/mysql_server/program.ts";
import { PASSWORD, startRemote } from "../mysql/remote_server.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { NEEDS_SERVER, SERVERS, startListening } from "../runtimes/native_servers.ts";

const goose = (up: string, down: string) =>
  `-- +goose NO TRANSACTION\n-- +goose Up\n${up}\n-- +goose Down\n${down}\n`;

function servers(): Record<string, string> {
  const found = process.env["AIM_SERVERS"];
  return found === undefined ? {} : { AIM_SERVERS: found };
}

/** A folder of files, and aim run in it. */
async function folderFor(files: Readonly<Record<string, string>>, url: string) {
  const folder = await temporaryFolder(files);
  const aim = (...args: string[]) =>
    runAim(args, { cwd: folder.path, variables: { ...servers(), AIM_DATABASE_URL: url } });
  const states = async () => {
    const { stdout } = await aim("status", "--json");
    return JSON.parse(stdout).migrations.map(({ state }: { state: string }) => state);
  };
  const write = (file: string, text: string) => writeFileSync(join(folder.path, file), text);
  return { ...folder, aim, states, write };
}

test("what the runner left half done is taken back, or finished, from the statement that the schema shows", async () => {
  const files = {
    "aim.toml": 'engine = "sqlite"\nformat = "migrate"\n',
    "migrations/1_users.up.sql": "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);\n",
    "migrations/1_users.down.sql": "DROP TABLE users;\n",
    "migrations/2_more.up.sql":
      "CREATE TABLE a (id INTEGER);\nCREATE TABLE b (id INTEGER);\nCREATE TABLE c (id INTEGER);\n",
    "migrations/2_more.down.sql": "DROP TABLE c;\nDROP TABLE b;\nDROP TABLE a;\n",
  };
  await using site = await folderFor(files, "sqlite:live.db");
  const { aim } = site;
  using database = new DatabaseSync(join(site.path, "live.db"));
  const ask = (sql: string) =>
    database.prepare(sql).all().map((row) => Object.values(row).join("|"));
  assert.equal((await aim("apply", "--yes", "--to", "1")).code, 0);
  const half = () =>
    database.exec(
      "UPDATE schema_migrations SET version = 2, dirty = 1; CREATE TABLE a (id INTEGER); CREATE TABLE b (id INTEGER);",
    );
  half();
  const shown = await aim("apply", "--recover", "--back", "--dry-run");
  assert.match(shown.stderr, /takes back 1 migration[^]*DROP TABLE b\n[^]*DROP TABLE a\n/);
  assert.doesNotMatch(shown.stderr, /DROP TABLE c/);
  const back = await aim("apply", "--recover", "--back", "--yes");
  assert.equal(back.code, 0, back.stderr);
  assert.deepEqual(ask("SELECT version, dirty FROM schema_migrations"), ["1|0"]);
  assert.deepEqual(ask("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1"), [
    "schema_migrations",
    "users",
  ]);
  half();
  database.exec("INSERT INTO b VALUES (1)");
  const refused = await aim("apply", "--recover", "--back", "--yes");
  assert.equal(refused.code, 1, refused.stderr);
  assert.match(refused.stderr, /drops the table b, which holds rows/);
  const on = await aim("apply", "--recover", "--yes");
  assert.match(on.stderr, /goes on with statement 3 of 3/);
  assert.deepEqual(ask("SELECT version, dirty FROM schema_migrations"), ["2|0"]);
  assert.deepEqual(ask("SELECT id FROM b"), ["1"]);
  assert.equal((await aim("apply", "--back")).code, 2);
});

test("a way back that is planned and loses values is taken with --allow-loss only", async () => {
  const files = {
    "aim.toml": 'engine = "sqlite"\nformat = "migrate"\n',
    "migrations/1_users.up.sql": "CREATE TABLE users (id INTEGER PRIMARY KEY);\n",
    "migrations/2_more.up.sql":
      "ALTER TABLE users ADD COLUMN a INTEGER;\nALTER TABLE users ADD COLUMN b INTEGER;\n",
  };
  await using site = await folderFor(files, "sqlite:live.db");
  const { aim } = site;
  using database = new DatabaseSync(join(site.path, "live.db"));
  assert.equal((await aim("apply", "--yes", "--to", "1")).code, 0);
  database.exec(
    "UPDATE schema_migrations SET version = 2, dirty = 1; ALTER TABLE users ADD COLUMN a INTEGER; INSERT INTO users VALUES (1, 2)",
  );
  const refused = await aim("apply", "--recover", "--back", "--yes");
  assert.equal(refused.code, 1, refused.stderr);
  assert.match(refused.stderr, /no way back [^]* loses nothing[^]*--allow-loss/);
  const back = await aim("apply", "--recover", "--back", "--yes", "--allow-loss");
  assert.equal(back.code, 0, back.stderr);
  assert.deepEqual(await site.states(), ["applied", "pending"]);
  const columns = database.prepare("SELECT name FROM pragma_table_info('users')").all();
  assert.deepEqual(columns.map(({ name }) => name), ["id"]);
});

const mariadb = (await findPrograms()).find(({ family }) => family === "mariadb");
test(
  "what MariaDB keeps of a migration that failed is taken back",
  mariadb === undefined ? { skip: "There is no MariaDB on this machine" } : {},
  async () => {
    if (mariadb === undefined) return;
    await using server = await startRemote(mariadb, { tls: false });
    await server.admin.run("CREATE DATABASE shop");
    const index = "CREATE UNIQUE INDEX users_email ON users (email);";
    const files = {
      "aim.toml": 'engine = "mariadb"\nformat = "goose"\n',
      "migrations/1_users.sql": goose(
        "CREATE TABLE users (id int PRIMARY KEY);",
        "DROP TABLE users;",
      ),
      "migrations/2_email.sql": goose(
        `ALTER TABLE users ADD email varchar(20);\nUPDATE users SET email = 'x';\n${index}`,
        "DROP INDEX users_email ON users;\nALTER TABLE users DROP email;",
      ),
    };
    const url = `mysql://boss:${PASSWORD}@127.0.0.1:${server.port}/shop?ssl-mode=DISABLED`;
    await using site = await folderFor(files, url);
    const { aim, states, write } = site;
    assert.equal((await aim("apply", "--yes", "--to", "1")).code, 0);
    await server.admin.run("INSERT INTO shop.users VALUES (1), (2)");
    const failed = await aim("apply", "--yes");
    assert.equal(failed.code, 1, failed.stderr);
    assert.match(failed.stderr, /2 of 3 statements are there to stay[^]*--recover --back/);
    const refused = await aim("apply", "--recover", "--back", "--yes");
    assert.equal(refused.code, 1, refused.stderr);
    assert.match(refused.stderr, /drops the column users\.email, which holds values/);
    assert.deepEqual(await states(), ["applied", "failed"]);
    const back = await aim("apply", "--recover", "--back", "--yes", "--allow-loss");
    assert.equal(back.code, 0, back.stderr);
    assert.deepEqual(await states(), ["applied", "pending"]);
    write(
      "migrations/2_email.sql",
      files["migrations/2_email.sql"].replace("'x'", "concat('a', id)"),
    );
    const again = await aim("apply", "--yes");
    assert.equal(again.code, 0, again.stderr);
  },
);

test(
  "a way back that stops goes on, and rows that it does not restore are told",
  NEEDS_SERVER,
  async () => {
    await using server = await startListening(SERVERS[0] ?? "", {
      rules: ["host all all 127.0.0.1/32 trust"],
    });
    const connect = (database: string) =>
      Administration.connect({ ...server.address, database }, new AbortController().signal);
    const first = await connect("template1");
    await first.exec("CREATE ROLE owner LOGIN");
    await first.exec("CREATE DATABASE shop OWNER owner TEMPLATE template0");
    await first.end();
    const admin = await connect("shop");
    await admin.exec("GRANT ALL ON SCHEMA public TO owner; SET SESSION AUTHORIZATION owner");
    const files = {
      "aim.toml": 'engine = "postgres"\nformat = "goose"\n',
      "migrations/1_users.sql": goose(
        "CREATE TABLE users (id int PRIMARY KEY, n int);\nCREATE TABLE logs (id int);",
        "DROP TABLE users;\nDROP TABLE logs;",
      ),
      "migrations/2_more.sql": goose(
        `ALTER TABLE users ADD a int;
CREATE INDEX CONCURRENTLY logs_id ON logs (id);
UPDATE users SET n = 0;
CREATE UNIQUE INDEX CONCURRENTLY logs_once ON logs (id);`,
        "DROP INDEX CONCURRENTLY logs_once;\nDROP INDEX CONCURRENTLY logs_id;\nALTER TABLE users DROP a;",
      ),
    };
    const url = `postgres://owner@127.0.0.1:${server.address.port}/shop?sslmode=disable`;
    await using site = await folderFor(files, url);
    const { aim, states } = site;
    assert.equal((await aim("apply", "--yes", "--to", "1")).code, 0);
    await admin.exec("INSERT INTO users VALUES (1, 1); INSERT INTO logs VALUES (1), (1)");
    const failed = await aim("apply", "--yes");
    assert.match(failed.stderr, /3 of 4 statements are there to stay/);

    const told = await aim("apply", "--recover", "--back", "--yes");
    assert.equal(told.code, 1, told.stderr);
    assert.match(told.stderr, /does not restore the values of column public\.users\.n/);
    assert.deepEqual(await states(), ["applied", "failed"]);

    const holder = await connect("shop");
    await holder.exec("BEGIN; LOCK TABLE users IN ACCESS SHARE MODE");
    const loss = ["apply", "--recover", "--back", "--yes", "--allow-loss"];
    const stopped = await aim(...loss, "--retries", "0", "--lock-timeout", "100ms");
    assert.equal(stopped.code, 1, stopped.stderr);
    assert.match(stopped.stderr, /1 of 2 statements of the way back were run/);
    await holder.end();
    const status = await aim("status");
    assert.match(status.stdout + status.stderr, /and the way back after its statement 1/);
    const on = await aim("apply", "--recover", "--yes");
    assert.equal(on.code, 2, on.stderr);
    assert.match(on.stderr, /it is being taken back/);
    const done = await aim(...loss);
    assert.equal(done.code, 0, done.stderr);
    assert.deepEqual(await states(), ["applied", "pending"]);
    assert.equal(await admin.value("SELECT to_regclass('logs_id')::text AS value"), null);

    await admin.exec("DELETE FROM logs");
    site.write(
      "migrations/2_more.sql",
      files["migrations/2_more.sql"].replace("SET n = 0", "SET n = n"),
    );
    assert.equal((await aim("apply", "--yes")).code, 0);
    const other = await connect("shop");
    await other.exec("BEGIN; LOCK TABLE users IN ACCESS SHARE MODE");
    const rolled = await aim("rollback", "--yes", "--retries", "0", "--lock-timeout", "100ms");
    assert.equal(rolled.code, 1, rolled.stderr);
    assert.match(rolled.stderr, /2 of 3 statements are there to stay/);
    await other.end();
    const forth = await aim(...loss);
    assert.equal(forth.code, 0, forth.stderr);
    assert.match(forth.stdout, /applied {2}2_more\.sql/);
    assert.deepEqual(await states(), ["applied", "applied"]);
    await admin.end();
  },
);
