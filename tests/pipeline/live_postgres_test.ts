import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { LiveSession } from "../../src/runtimes/postgres_server/live_session.ts";
import { Administration } from "../../src/runtimes/postgres_server/administration.ts";
import type { PostgresAddress } from "../../src/runtimes/postgres_server/address.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import {
  type ListeningServer,
  NEEDS_SERVER,
  SERVERS,
  startListening,
} from "../runtimes/native_servers.ts";

const [VERSION = ""] = SERVERS;
const CANARY = "canary-s3cret-pw";

const USERS = `CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE, born date
);`;
const ORDERS = `CREATE TABLE orders (
  id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users,
  total numeric(12, 2) NOT NULL DEFAULT 0 CHECK (total >= 0)
);
CREATE INDEX orders_user ON orders (user_id);
CREATE VIEW totals AS SELECT user_id, sum(total) AS total FROM orders GROUP BY user_id;
CREATE FUNCTION double(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2';
COMMENT ON TABLE orders IS 'What was ordered';`;

const PROJECT = {
  "aim.toml": 'engine = "postgres"\nformat = "goose"\n',
  "schema.sql": `${USERS}\n${ORDERS}\n`,
  "migrations/1_users.sql": `-- +goose Up\n${USERS}\n-- +goose Down\nDROP TABLE users;\n`,
  "migrations/2_later.sql":
    "-- +goose Up\nALTER TABLE users ADD phone text;\n-- +goose Down\nALTER TABLE users DROP phone;\n",
};

/** A server with a database `shop` that `owner` owns and `reader` may only connect to, who has a password. */
async function shop(): Promise<
  ListeningServer & { readonly url: string; readonly admin: Administration }
> {
  const server = await startListening(VERSION, {
    rules: ["host all reader 127.0.0.1/32 scram-sha-256", "host all all 127.0.0.1/32 trust"],
  });
  const first = await connect(server.address);
  await first.exec("CREATE ROLE owner LOGIN");
  await first.exec(`CREATE ROLE reader LOGIN PASSWORD '${CANARY}'`);
  await first.exec("CREATE DATABASE shop OWNER owner TEMPLATE template0");
  await first.end();
  const admin = await connect({ ...server.address, database: "shop" });
  await admin.exec(`SET SESSION AUTHORIZATION owner; SET search_path = public`);
  const { port } = server.address;
  return {
    ...server,
    admin,
    url: `postgres://reader:${CANARY}@127.0.0.1:${port}/shop?sslmode=disable`,
    [Symbol.asyncDispose]: async () => {
      await admin.end();
      await server[Symbol.asyncDispose]();
    },
  };
}

function connect(address: PostgresAddress): Promise<Administration> {
  return Administration.connect(address, new AbortController().signal);
}

test(
  "an account of CONNECT alone pulls, and sees status and drift where it may read the books",
  NEEDS_SERVER,
  async () => {
    await using server = await shop();
    const { admin, url } = server;
    await admin.exec("CREATE SCHEMA IF NOT EXISTS public").catch(() => {});
    await server.admin.exec(
      "RESET SESSION AUTHORIZATION; GRANT ALL ON SCHEMA public TO owner; SET SESSION AUTHORIZATION owner",
    );
    await admin.exec(USERS);
    await admin.exec("INSERT INTO users (email) VALUES ('row-canary@example.com')");
    await using folder = await temporaryFolder(PROJECT);
    const settings = { cwd: folder.path, variables: { AIM_DATABASE_URL: url } };
    const said: string[] = [];
    const aim = async (...args: string[]) => {
      const ran = await runAim(args, settings);
      said.push(ran.stdout, ran.stderr);
      return ran;
    };

    const unknown = await aim("status", "--exit-code");
    assert.equal(unknown.code, 1, unknown.stderr);
    assert.match(unknown.stderr, /There are no books of goose/);

    await admin.exec(
      `CREATE TABLE goose_db_version (id serial PRIMARY KEY, version_id bigint NOT NULL,
    is_applied boolean NOT NULL, tstamp timestamp DEFAULT now());
    INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true), (1, true)`,
    );
    const closed = await aim("status");
    assert.equal(closed.code, 3, closed.stdout);
    assert.match(closed.stderr, /permission denied for table goose_db_version/);
    await admin.exec("GRANT SELECT ON goose_db_version TO reader");

    const status = await aim("status", "--json");
    const { migrations } = JSON.parse(status.stdout) as { migrations: { state: string }[] };
    assert.deepEqual(migrations.map(({ state }) => state), ["applied", "pending"]);
    const drift = await aim("drift", "--json");
    assert.equal(JSON.parse(drift.stdout).outcome, "pending", drift.stdout);

    await admin.exec("ALTER TABLE users ALTER born SET NOT NULL").catch(() => {});
    await admin.exec("CREATE INDEX users_born ON users (born)");
    await admin.exec(ORDERS);
    const drifted = await aim("drift", "--exit-code");
    assert.equal(drifted.code, 1, drifted.stderr);
    assert.match(drifted.stdout, /\+ index +public\.users_born/);
    const fix = await aim("drift", "--fix");
    assert.equal(fix.code, 0, fix.stderr);
    assert.match(fix.stdout, /^CREATE INDEX users_born ON users \(born\);$/m);
    assert.match(fix.stdout, /^-- DROP INDEX users_born;$/m);

    const pulled = await aim("pull", "-o", "pulled.sql");
    assert.equal(pulled.code, 0, pulled.stderr);
    const text = readFileSync(join(folder.path, "pulled.sql"), "utf8");
    assert.match(text, /CREATE TABLE orders \(\n.*PRIMARY KEY,\n.*REFERENCES users/);
    assert.doesNotMatch(text, /goose_db_version|OWNER|GRANT/);
    const same = await aim("drift", "--against", "schema", "--schema", "pulled.sql", "--exit-code");
    assert.equal(same.code, 0, same.stdout);

    const stats = await aim("stats", "-o", "-");
    assert.match(stats.stdout, /\[tables\."public\.users"\]/);
    const wrong = await runAim(
      ["pull", "-o", "-", "--url", url.replace(CANARY, `${CANARY}x`)],
      settings,
    );
    assert.equal(wrong.code, 3, wrong.stderr);
    said.push(wrong.stdout, wrong.stderr);
    for (const output of said) assert.doesNotMatch(output, /canary/);
  },
);

test(
  "a table that is locked is named after a while, and nobody waits for aim",
  NEEDS_SERVER,
  async () => {
    await using server = await shop();
    const { admin } = server;
    await admin.exec("RESET SESSION AUTHORIZATION");
    await admin.exec(USERS);
    await admin.exec(ORDERS);
    await using folder = await temporaryFolder(PROJECT);
    await admin.exec("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
    const ran = await runAim(["pull", "-o", "-"], {
      cwd: folder.path,
      variables: { AIM_DATABASE_URL: server.url },
    });
    assert.equal(ran.code, 3, ran.stdout);
    assert.match(ran.stderr, /locked are .*public\.orders \(session \d+\)/);
    const held = await admin.query(
      "SELECT FROM pg_stat_activity WHERE application_name = 'aim' AND pid <> pg_backend_pid()",
    );
    assert.equal(held.length, 0);
    await admin.exec("ROLLBACK");
  },
);

test("nothing but reading goes through the session of a live database", NEEDS_SERVER, async () => {
  await using server = await shop();
  const address = { ...server.address, database: "shop" };
  await using session = await LiveSession.connect(address, new AbortController().signal);
  for (
    const sql of [
      "CREATE TABLE x ()",
      "BEGIN",
      "BEGIN READ ONLY; DROP TABLE x",
      "COMMIT; DROP TABLE x",
      "SET LOCAL a = 1; DROP TABLE x",
      "SET lock_timeout = 0",
    ]
  ) {
    await assert.rejects(session.exec(sql), /queries of aim's own/, sql);
  }
  await assert.rejects(session.query("VACUUM"), /queries of aim's own/);
  await assert.rejects(
    session.query("WITH x AS (SELECT 1) SELECT lo_create(0), nextval('none')"),
    /read-only transaction|does not exist/,
  );
  const [settings] = await session.query<{ lock: string; statement: string; only: string }>(`
    SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement,
      current_setting('transaction_read_only') AS only`);
  assert.deepEqual(settings, { lock: "2s", statement: "30s", only: "on" });
  const together = await session.read(() =>
    Promise.all([1, 2, 3].map((n) => session.query<{ n: number }>(`SELECT ${n} AS n`)))
  );
  assert.deepEqual(together.flat().map(({ n }) => n), [1, 2, 3]);
});

/** As libpq, JDBC and SQLAlchemy write addresses. */
const ADDRESSES = [
  `postgres://u:${CANARY}@127.0.0.1:1/shop`,
  `postgresql://127.0.0.1:1/shop?user=u&password=${CANARY}`,
  `jdbc:postgresql://127.0.0.1:1/shop?user=u&password=${CANARY}`,
  `postgresql+psycopg://u:${CANARY}@127.0.0.1:1/shop?sslmode=require`,
];

test("addresses of all forms are read, and a server that is not there is named without its password", async () => {
  await using folder = await temporaryFolder(PROJECT);
  for (const url of ADDRESSES) {
    const settings = { cwd: folder.path, variables: { AIM_DATABASE_URL: url } };
    const ran = await runAim(["status", "-v"], settings);
    assert.equal(ran.code, 3, ran.stderr);
    assert.match(
      ran.stderr,
      /Cannot connect to the Postgres server at 127\.0\.0\.1:1: nothing listens/,
    );
    assert.match(ran.stderr, /hint: Check the host and the port of the address/);
    assert.doesNotMatch(ran.stdout + ran.stderr, /canary/);
  }
});
