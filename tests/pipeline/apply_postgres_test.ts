import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { setTimeout } from "node:timers/promises";
import { Administration } from "../../src/runtimes/postgres_server/administration.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import {
  type ListeningServer,
  NEEDS_SERVER,
  SERVERS,
  startListening,
} from "../runtimes/native_servers.ts";

const CANARY = "canary-s3cret-pw";

const goose = (up: string, down: string, isOpen = false) =>
  `${isOpen ? "-- +goose NO TRANSACTION\n" : ""}-- +goose Up\n${up}\n-- +goose Down\n${down}\n`;

const PROJECT = {
  "aim.toml": 'engine = "postgres"\nformat = "goose"\n',
  "migrations/1_users.sql": goose(
    "CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL);",
    "DROP TABLE users;",
  ),
  "migrations/2_phone.sql": goose(
    "ALTER TABLE users ADD phone text;",
    "ALTER TABLE users DROP phone;",
  ),
  "migrations/3_index.sql": goose(
    "CREATE INDEX CONCURRENTLY users_email ON users (email);",
    "DROP INDEX CONCURRENTLY users_email;",
    true,
  ),
};

interface Shop extends ListeningServer {
  readonly url: string;
  /** In the database, as its owner. */
  readonly admin: Administration;
  aim(...args: string[]): ReturnType<typeof runAim>;
  write(file: string, text: string): void;
  states(): Promise<readonly string[]>;
}

async function shop(files: Readonly<Record<string, string>> = PROJECT): Promise<Shop> {
  const server = await startListening(SERVERS[0] ?? "", {
    rules: ["host all owner 127.0.0.1/32 scram-sha-256", "host all all 127.0.0.1/32 trust"],
  });
  const connect = (database: string) =>
    Administration.connect({ ...server.address, database }, new AbortController().signal);
  const first = await connect("template1");
  await first.exec(`CREATE ROLE owner LOGIN PASSWORD '${CANARY}'`);
  await first.exec("CREATE DATABASE shop OWNER owner TEMPLATE template0");
  await first.end();
  const admin = await connect("shop");
  await admin.exec("GRANT ALL ON SCHEMA public TO owner; SET SESSION AUTHORIZATION owner");
  const folder = await temporaryFolder(files);
  const url = `postgres://owner:${CANARY}@127.0.0.1:${server.address.port}/shop?sslmode=disable`;
  const { AIM_SERVERS } = process.env;
  const aim: Shop["aim"] = async (...args) => {
    const ran = await runAim(args, {
      cwd: folder.path,
      variables: { AIM_DATABASE_URL: url, ...AIM_SERVERS === undefined ? {} : { AIM_SERVERS } },
    });
    assert.doesNotMatch(ran.stdout + ran.stderr, /canary/);
    return ran;
  };
  return {
    ...server,
    url,
    admin,
    aim,
    write: (file, text) => writeFileSync(join(folder.path, file), text),
    states: async () => {
      const { stdout } = await aim("status", "--json");
      return JSON.parse(stdout).migrations.map(({ state }: { state: string }) => state);
    },
    [Symbol.asyncDispose]: async () => {
      await admin.end();
      await folder[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

test("migrations are shown, asked for, run up to one, and taken back", NEEDS_SERVER, async () => {
  await using site = await shop();
  const { admin, aim, states } = site;
  const asked = await aim("apply");
  assert.equal(asked.code, 1, asked.stderr);
  assert.match(asked.stderr, /runs 3 migrations[^]*blocks reads and writes of public\.users/);
  assert.match(asked.stderr, /not run: nothing was changed/);
  assert.equal((await aim("apply", "--dry-run")).code, 0);
  assert.equal(
    await admin.value(
      "SELECT count(*)::int AS value FROM pg_class WHERE relname = 'goose_db_version'",
    ),
    0,
  );

  const some = await aim("apply", "--yes", "--to", "2");
  assert.equal(some.code, 0, some.stderr);
  assert.deepEqual(await states(), ["applied", "applied", "pending"]);
  await admin.exec("INSERT INTO users VALUES (1, 'row-canary@example.com', '1')");
  const rest = await aim("apply", "--yes", "--json");
  const outcome = JSON.parse(rest.stdout);
  assert.deepEqual([rest.code, outcome.outcome, outcome.finished.length], [0, "done", 1]);
  assert.match((await aim("apply", "--yes")).stderr, /nothing to do/);

  const index = await aim("rollback", "--yes");
  assert.equal(index.code, 0, index.stderr);
  const phone = await aim("rollback", "--yes");
  assert.equal(phone.code, 1, phone.stdout);
  assert.match(phone.stderr, /drops the column users\.phone, which holds values/);
  assert.deepEqual(await states(), ["applied", "applied", "pending"]);
  await admin.exec("UPDATE users SET phone = NULL");
  assert.equal((await aim("rollback", "--yes")).code, 0);
  const users = await aim("rollback", "--yes");
  assert.match(users.stderr, /drops the table users, which holds rows/);
  assert.equal((await aim("rollback", "--yes", "--allow-loss")).code, 0);
  assert.deepEqual(await states(), ["pending", "pending", "pending"]);
});

test(
  "a statement that fails leaves what is said, and --recover goes on",
  NEEDS_SERVER,
  async () => {
    await using site = await shop({
      ...PROJECT,
      "migrations/4_two.sql": goose(
        "ALTER TABLE users ADD a int;\nALTER TABLE users ADD CHECK (email <> 'x');",
        "ALTER TABLE users DROP a;",
      ),
    });
    const { admin, aim, states, write } = site;
    assert.equal((await aim("apply", "--yes", "--to", "3")).code, 0);
    await admin.exec("INSERT INTO users VALUES (1, 'x', '1'), (2, 'x', '2')");
    const whole = await aim("apply", "--yes");
    assert.equal(whole.code, 1);
    assert.match(whole.stderr, /migrations\/4_two\.sql:3:\d+: check constraint .* violated/);
    assert.match(whole.stderr, /4_two\.sql: nothing of it is there/);
    assert.deepEqual((await states()).at(-1), "pending");

    write(
      "migrations/4_two.sql",
      goose(
        "UPDATE users SET phone = phone || '0';\nCREATE UNIQUE INDEX CONCURRENTLY once ON users (email);\nALTER TABLE users ADD a int;",
        "SELECT 1;",
        true,
      ),
    );
    const partly = await aim("apply", "--yes", "--json");
    const { failed } = JSON.parse(partly.stdout);
    assert.deepEqual([failed.state, failed.done, failed.total], ["partly", 1, 3]);
    assert.equal((await states()).at(-1), "failed");
    const again = await aim("apply", "--yes");
    assert.equal(again.code, 1);
    assert.match(again.stderr, /stopped after statement 1 of 3/);
    const status = await aim("status");
    assert.match(status.stdout, /failed +4_two\.sql {2}stopped after statement 1 of 3\n/);
    assert.match(status.stderr, /next: aim apply --recover; or aim apply --recover --back/);
    await admin.exec("UPDATE users SET email = id::text");
    const recovered = await aim("apply", "--recover", "--yes");
    assert.equal(recovered.code, 0, recovered.stderr);
    assert.match(recovered.stderr, /goes on with statement 2 of 3, after DROP INDEX/);
    assert.equal((await states()).at(-1), "applied");
    assert.deepEqual(
      await admin.query("SELECT phone FROM users ORDER BY id"),
      [{ phone: "10" }, { phone: "20" }],
    );
    assert.equal(
      await admin.value("SELECT count(*)::int AS value FROM pg_class WHERE relname LIKE 'aim%'"),
      0,
    );
  },
);

test(
  "a message with a transaction of its own is cut where the server ends one",
  NEEDS_SERVER,
  async () => {
    await using site = await shop({
      "aim.toml": 'engine = "postgres"\nformat = "migrate"\n',
      "migrations/1_a.up.sql":
        "CREATE TABLE a (i int); BEGIN; CREATE TABLE b (i int); COMMIT; CREATE TABLE c (i int);",
      "migrations/1_a.down.sql": "DROP TABLE a, b, c;",
      "migrations/2_b.up.sql":
        "CREATE TABLE d (i int); BEGIN; INSERT INTO d VALUES (1); COMMIT; CREATE INDEX ON c (i); SELECT 1 / (i - 1) FROM c;",
      "migrations/2_b.down.sql": "DROP TABLE d;",
    });
    const { admin, aim, states } = site;
    assert.equal((await aim("apply", "--yes", "--to", "1")).code, 0);
    assert.equal(
      await admin.value(
        "SELECT count(*)::int AS value FROM pg_class WHERE relname IN ('a', 'b', 'c')",
      ),
      3,
    );
    await admin.exec("INSERT INTO c VALUES (1)");
    const failed = await aim("apply", "--yes");
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /division by zero[^]*4 of 6 statements are there to stay/);
    assert.deepEqual(await states(), ["applied", "failed"]);
    await admin.exec("UPDATE c SET i = 2");
    const recovered = await aim("apply", "--recover", "--yes");
    assert.match(recovered.stderr, /goes on with statement 5 of 6/);
    assert.deepEqual(await states(), ["applied", "applied"]);
    assert.equal(await admin.value("SELECT count(*)::int AS value FROM d"), 1);
    assert.equal(
      await admin.value("SELECT version::int AS value FROM schema_migrations WHERE NOT dirty"),
      2,
    );
  },
);

test("what was rolled back with its note is run again without a doubt", NEEDS_SERVER, async () => {
  await using site = await shop({
    "aim.toml": 'engine = "postgres"\nformat = "goose"\n',
    "migrations/1_a.sql": "-- +goose Up\nCREATE TABLE a (i int);\n-- +goose Down\nDROP TABLE a;\n",
    "migrations/2_b.sql":
      "-- +goose NO TRANSACTION\n-- +goose Up\nALTER TABLE a ADD n int;\nUPDATE a SET n = 1 / i;\n" +
      "-- +goose Down\nALTER TABLE a DROP n;\n",
  });
  const { admin, aim, states } = site;
  assert.equal((await aim("apply", "--yes", "--to", "1")).code, 0);
  await admin.exec("INSERT INTO a VALUES (0)");
  const failed = await aim("apply", "--yes");
  assert.match(failed.stderr, /^error: .*division by zero[^]*1 of 2 statements are there to stay/m);
  await admin.exec("UPDATE a SET i = 1");
  const recovered = await aim("apply", "--recover", "--yes");
  assert.equal(recovered.code, 0, recovered.stderr);
  assert.match(recovered.stderr, /goes on with statement 2 of 2/);
  assert.doesNotMatch(recovered.stderr, /no trace/);
  assert.deepEqual(await states(), ["applied", "applied"]);
});

test("what holds a lock is waited for, and then said", NEEDS_SERVER, async () => {
  await using site = await shop();
  const { admin, aim, states } = site;
  assert.equal((await aim("apply", "--yes", "--to", "1")).code, 0);
  await admin.exec("BEGIN; LOCK TABLE users IN ACCESS SHARE MODE");
  const refused = await aim(
    "apply",
    "--yes",
    "--to",
    "2",
    "--lock-timeout",
    "100ms",
    "--retries",
    "0",
  );
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /lock timeout[^]*nothing of it is there/);
  const running = aim("apply", "--yes", "--to", "2", "--lock-timeout", "100ms", "--retries", "9");
  await setTimeout(6000);
  await admin.exec("ROLLBACK");
  const done = await running;
  assert.equal(done.code, 0, done.stderr);
  assert.deepEqual(await states(), ["applied", "applied", "pending"]);
});

test("drift, checks and another run", NEEDS_SERVER, async () => {
  await using site = await shop();
  const { admin, aim, states } = site;
  const checked = await aim("apply", "--yes", "--check-command", 'test "$AIM_MIGRATION" = 1_users');
  assert.equal(checked.code, 1, checked.stderr);
  assert.match(checked.stderr, /ended with 1[^]*2_phone\.sql: it is there whole/);
  assert.deepEqual(await states(), ["applied", "applied", "pending"]);
  await admin.exec("ALTER TABLE users ADD by_hand int");
  const drifted = await aim("apply", "--yes");
  assert.equal(drifted.code, 1);
  assert.match(drifted.stderr, /refused: .*extra column public\.users\.by_hand/);
  const both = await Promise.all([
    aim("apply", "--yes", "--allow-drift"),
    aim("apply", "--yes", "--allow-drift"),
  ]);
  // The later one finds that nothing is left, or that the books have moved since it looked.
  assert.ok(both.some(({ code }) => code === 0), both.map(({ stderr }) => stderr).join("\n"));
  for (const { code, stderr } of both) {
    assert.ok(code === 0 || /books have changed/.test(stderr), stderr);
  }
  assert.deepEqual(await states(), ["applied", "applied", "applied"]);
});

test("functions and operators of a hostile database are not called", NEEDS_SERVER, async () => {
  const up = "CREATE TABLE users (id int PRIMARY KEY);";
  await using site = await shop({
    "aim.toml": 'engine = "postgres"\nformat = "dbmate"\n',
    "migrations/20240101000001_users.sql":
      `-- migrate:up\n${up}\n-- migrate:down\nDROP TABLE users;\n`,
    "migrations/20240101000002_more.sql":
      "-- migrate:up\nALTER TABLE users ADD a int;\n-- migrate:down\nALTER TABLE users DROP a;\n",
  });
  const { admin, aim, states } = site;
  await admin.exec("RESET SESSION AUTHORIZATION");
  await admin.exec(
    "CREATE SCHEMA evil; GRANT ALL ON SCHEMA evil TO PUBLIC; CREATE TABLE evil.called (name text); GRANT ALL ON evil.called TO PUBLIC",
  );
  const trap = (name: string, parameters: string, result: string) =>
    admin.exec(`CREATE FUNCTION evil.${name}(${parameters}) RETURNS ${result} LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO evil.called VALUES ('${name}'); RETURN NULL; END $$`);
  await trap("format_type", "oid, int", "text");
  await trap("pg_get_expr", "pg_node_tree, oid", "text");
  await trap("current_database", "", "name");
  await trap("current_schema", "", "name");
  await trap("pg_try_advisory_lock", "bigint", "boolean");
  await trap("set_config", "text, text, boolean", "text");
  await trap("has_column_privilege", "text, text, text", "boolean");
  await trap("same", "varchar, varchar", "boolean");
  await trap("alike", "name, text", "boolean");
  await admin.exec(
    "CREATE OPERATOR evil.= (FUNCTION = evil.same, LEFTARG = varchar, RIGHTARG = varchar)",
  );
  await admin.exec(
    "CREATE OPERATOR evil.= (FUNCTION = evil.alike, LEFTARG = name, RIGHTARG = text)",
  );
  await admin.exec("ALTER DATABASE shop SET search_path = evil, pg_catalog, public");
  await admin.exec("ALTER ROLE owner SET search_path = public, evil, pg_catalog");
  // What the attacker made is drift, and is passed over.
  for (
    const args of [["apply", "--yes", "--allow-drift"], ["rollback", "--yes", "--allow-drift"]]
  ) {
    const ran = await aim(...args);
    assert.equal(ran.code, 0, ran.stderr);
  }
  assert.deepEqual(await states(), ["applied", "pending"]);
  assert.equal((await aim("drift")).code, 0);
  assert.deepEqual(await admin.query("SELECT name FROM evil.called"), []);
});
