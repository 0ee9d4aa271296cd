import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { DatabaseError } from "../../src/core/error.ts";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { EngineEndedError, TIMEOUT_HINT } from "../../src/runtimes/limits.ts";
import { local } from "../../src/runtimes/local.ts";
import { pglite } from "../../src/runtimes/pglite.ts";
import type { ScratchDatabase, Target } from "../../src/runtimes/runtime.ts";
import { runAim } from "../run_aim.ts";
import { NEEDS_SERVER, SERVERS, startLocal } from "./native_servers.ts";

const EXAMPLE = fileURLToPath(new URL("../../examples/postgres", import.meta.url));

async function failure(action: Promise<unknown>): Promise<DatabaseError> {
  try {
    await action;
  } catch (error) {
    assert.ok(error instanceof DatabaseError, String(error));
    return error;
  }
  assert.fail("it did not fail");
}

function target(part: Partial<Target> = {}): Target {
  return { dialect: "postgres", version: null, needs: [], anyVersion: false, ...part };
}

/** Values of every kind that the readers meet, and some that are hard. */
const VALUES = `
  SELECT 1::int2 AS small, (-2147483648)::int4 AS plain, 9007199254740991::int8 AS large, 9007199254740993::int8 AS larger,
    1.50::numeric AS numeric, 0.1::float8 AS double, 'NaN'::float8 AS nan, '-Infinity'::float4 AS infinite,
    true AS yes, false AS no, NULL::text AS nothing, ''::text AS empty, E'a\\tb\\nc\\\\'::text AS escaped, 'é😀'::text AS wide,
    'x'::"char" AS char, 'name'::name AS name, '{"a": [1, null]}'::jsonb AS jsonb, '[1, 2]'::json AS json,
    '{1,NULL,3}'::int4[] AS numbers, '{{1,2},{3,4}}'::int8[] AS nested, '{"a b",NULL,"NULL","c\\"d"}'::text[] AS texts,
    '[0:1]={1,2}'::int4[] AS bounded, '{(1,1),(0,0);(3,3),(2,2)}'::box[] AS boxes, '1 2'::int2vector AS vector, 5::oid AS oid,
    '2024-02-29'::date AS day, '2024-02-29 12:00+00'::timestamptz AS moment, '1 day 2 hours'::interval AS span,
    '\\xdeadbeef'::bytea AS bytes, '6e56ad4c-0000-4000-8000-000000000000'::uuid AS uuid, '10.0.0.0/8'::cidr AS net,
    B'101'::bit(3) AS bits, '[1,5)'::int4range AS range, 'public'::regnamespace AS namespace, ARRAY['a'::"char"] AS chars`;

test("a server's values are those of the embedded one", NEEDS_SERVER, async () => {
  const { signal } = new AbortController();
  await using embedded = await pglite.start(target(), { emit: () => {}, signal });
  const expected = await valuesOf(await embedded.create());
  for (const version of SERVERS) {
    await using server = await startLocal(version);
    assert.deepEqual(await valuesOf(await server.create()), expected, version);
  }
});

async function valuesOf(database: ScratchDatabase): Promise<unknown> {
  await database.exec(`
    CREATE TYPE mood AS ENUM ('sad', 'happy');
    CREATE DOMAIN moods AS mood[];
    CREATE TABLE t (a mood[], b moods)`);
  await database.copy?.("COPY t FROM stdin", "{sad,NULL}\t{happy}\n\\N\t{}\n");
  return {
    values: await database.query(VALUES),
    own: await database.query("SELECT a, b FROM t"),
    none: await database.query("SELECT 1 AS one WHERE false"),
    last: await database.query("SELECT 1 AS one; SELECT 2 AS two"),
  };
}

/** Statements that fail. */
const ERRORS = [
  "SELECT 'é😀', nope",
  "SELECT * FROM missing",
  "INSERT INTO pairs VALUES (1, 2), (1, 3)",
  "INSERT INTO pairs VALUES (NULL, 2)",
  "SELEC 1",
  "SELECT 1; SELECT 2 FROM nowhere",
  "DO $$ BEGIN RAISE EXCEPTION 'stop' USING DETAIL = 'd', HINT = 'h', ERRCODE = 'P0002'; END $$",
  "SELECT 'open",
  "COPY pairs FROM stdin",
  "SELECT 1 / 0",
];

test("a server's errors are those of the embedded one", NEEDS_SERVER, async () => {
  const { signal } = new AbortController();
  await using embedded = await pglite.start(target(), { emit: () => {}, signal });
  const expected = await errorsOf(await embedded.create());
  for (const version of SERVERS) {
    await using server = await startLocal(version);
    assert.deepEqual(await errorsOf(await server.create()), expected, version);
  }
});

async function errorsOf(database: ScratchDatabase): Promise<unknown> {
  await database.exec("CREATE TABLE pairs (a int PRIMARY KEY, b int)");
  const found: unknown[] = [];
  for (const sql of ERRORS) {
    const { code, message, offset, detail, hint } = await failure(database.exec(sql));
    found.push({ sql, code, message, offset, detail, hint });
  }
  return found;
}

for (const version of SERVERS) {
  test(`${version}: a state is what comes back, roles and session included`, async () => {
    await using server = await startLocal(version);
    const database = await server.create();
    await database.exec(`
      CREATE ROLE app;
      CREATE TABLE items (id int);
      INSERT INTO items VALUES (1);
      ALTER ROLE app SET work_mem = '5MB';
      GRANT CONNECT ON DATABASE postgres TO app;
      SET search_path = pg_catalog, public;
      SET my.own = 'x'`);
    await database.exec("ALTER TABLE items OWNER TO app");
    const before = await stateOf(database);
    const checkpoint = await database.checkpoint();
    assert.deepEqual(await stateOf(database), before);
    for (let round = 0; round < 2; round++) {
      await database.exec("DROP TABLE items");
      await database.exec("REVOKE CONNECT ON DATABASE postgres FROM app");
      await database.exec("DROP ROLE app");
      await database.exec("SET search_path = public; CREATE ROLE other; CREATE TABLE others ()");
      await database.exec("ALTER DATABASE postgres SET work_mem = '7MB'; BEGIN; SELECT 1");
      await database.rewind(checkpoint);
      assert.deepEqual(await stateOf(database), before);
    }
    const fresh = await server.create();
    assert.deepEqual(
      await fresh.query("SELECT 1 FROM pg_roles WHERE rolname IN ('app', 'other')"),
      [],
    );
    assert.deepEqual((await postgres.inspect(fresh, { ignoreTables: [] })).objects.size, 1);
  });

  test(`${version}: a checkpoint is made outside of transactions, and belongs to its database`, async () => {
    await using server = await startLocal(version);
    const database = await server.create();
    await database.exec("BEGIN");
    assert.equal((await failure(database.checkpoint())).code, "25001");
    await database.exec("ROLLBACK");
    const checkpoint = await database.checkpoint();
    const other = await server.create();
    await failure(other.rewind(checkpoint));
    assert.equal((await failure(database.exec("SELECT 1"))).code, "08003");
  });

  test(`${version}: statements end in time, and a signal ends all`, async () => {
    const controller = new AbortController();
    const limits = { statementTimeout: 300, memory: 2 ** 30 };
    await using server = await startLocal(version, { limits, signal: controller.signal });
    const database = await server.create();
    const slow = await failure(database.exec("SELECT pg_sleep(60)"));
    assert.deepEqual([slow.code, slow.hint], ["57014", TIMEOUT_HINT]);
    assert.deepEqual(await database.query("SELECT 1 AS one"), [{ one: 1 }]);
    const tooMuch = await failure(
      database.query("SELECT repeat('x', 1000000) FROM generate_series(1, 100)"),
    );
    assert.equal(tooMuch.code, "54000");
    const waiting = database.exec("SELECT pg_sleep(60)");
    const reason = new Error("enough");
    controller.abort(reason);
    await assert.rejects(waiting, (error) => error === reason);
  });

  test(`${version}: what a transaction sends together fails where it would fail alone`, async () => {
    const limits = { statementTimeout: 3000, memory: 2 ** 30 };
    await using server = await startLocal(version, { limits });
    const database = await server.create();
    const checkpoint = await database.checkpoint();
    const tables = "SELECT relname FROM pg_class WHERE relname LIKE 'own%' ORDER BY 1";
    const others = ["CREATE TABLE own4 ()", "CREATE TABLE own5 ()"];
    await database.exec("BEGIN");
    await database.execAll(["CREATE TABLE own1 ()", "CREATE TABLE own2 ()", "SET my.own = 'x'"]);
    await database.execAll(["CREATE ROLE own_role", "CREATE VIEW own3 AS SELECT 1", ...others]);
    await database.exec("COMMIT");
    assert.deepEqual(
      (await database.query<{ relname: string }>(tables)).map(({ relname }) => relname),
      ["own1", "own2", "own3", "own4", "own5"],
    );
    for (
      const [sql, code] of [
        ["CREATE TABLE own1 ()", "42P07"],
        ["CREATE TABLE own1 AS SELECT 1 AS one FROM pg_sleep(60)", "57014"],
        ["CREATE TABLE own1 AS SELECT pg_terminate_backend(pg_backend_pid())", "57P01"],
      ] as const
    ) {
      await database.rewind(checkpoint);
      await database.execAll(["CREATE TABLE own0 ()", "BEGIN"]);
      const first = code === "42P07" ? sql : "CREATE TABLE own2 ()";
      const error = await failure(
        database.execAll([first, "CREATE TABLE own3 ()", sql, ...others]),
      );
      assert.equal(error.code, code, error.message);
      if (code === "57P01") continue;
      assert.equal(error.statement, 2);
      await database.exec("ROLLBACK");
      assert.deepEqual(await database.query(tables), [{ relname: "own0" }]);
    }
  });

  test(`${version}: a statement that catches its cancellation is ended with its session`, async () => {
    const limits = { statementTimeout: 200, memory: 2 ** 30 };
    await using server = await startLocal(version, { limits });
    const database = await server.create();
    const stubborn = `
      DO $$ BEGIN LOOP
        BEGIN PERFORM pg_sleep(60); EXCEPTION WHEN query_canceled THEN NULL; END;
      END LOOP; END $$`;
    assert.ok(await failure(database.exec(stubborn)) instanceof EngineEndedError);
    assert.ok(await failure(database.query("SELECT 1")) instanceof EngineEndedError);
  });

  test(`${version}: a session that is lost is an error, and a state brings it back`, async () => {
    await using server = await startLocal(version);
    const database = await server.create();
    await database.exec("CREATE TABLE kept ()");
    const checkpoint = await database.checkpoint();
    const lost = await failure(database.exec("SELECT pg_terminate_backend(pg_backend_pid())"));
    assert.match(lost.message, /terminating connection|ended the session/);
    await failure(database.exec("SELECT 1"));
    await database.rewind(checkpoint);
    assert.deepEqual(await database.query("SELECT relname FROM pg_class WHERE relname = 'kept'"), [
      { relname: "kept" },
    ]);
  });

  test(`${version}: scripts are no superuser and reach nothing outside`, async () => {
    await using server = await startLocal(version);
    const database = await server.create();
    await database.exec(
      "CREATE ROLE app; CREATE FUNCTION own(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    );
    for (const sql of OUTWARD) {
      const error = await failure(database.exec(sql));
      assert.ok(["42501", "42601", "0LP01"].includes(error.code), `${sql}: ${error.message}`);
    }
    await database.exec(TAKEN_OPERATORS);
    for (const sql of OWNERS_OF_OTHERS) {
      assert.equal((await failure(database.exec(sql))).code, "42501", sql);
    }
    const [row] = await database.query<{ super: boolean }>(
      "SELECT rolsuper AS super FROM pg_catalog.pg_roles WHERE rolname::text OPERATOR(pg_catalog.=) 'postgres'",
    );
    assert.deepEqual(row, { super: false });
  });

  test(`${version}: what a schema needs of a superuser goes without one`, async () => {
    await using server = await startLocal(version);
    const database = await server.create();
    await database.exec("COMMENT ON EXTENSION plpgsql IS 'as in a dump'");
    await database.exec("CREATE EXTENSION bloom");
    await database.exec("CREATE EXTENSION IF NOT EXISTS pgcrypto");
    await database.exec(
      "CREATE ROLE app; CREATE TABLE public.t (); CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    );
    await database.exec("ALTER TABLE public.t OWNER TO app;");
    await database.exec("ALTER FUNCTION public.f(a integer) OWNER TO app");
    await database.exec("ALTER TABLE public.t ADD COLUMN a int, ADD COLUMN b int");
    await database.exec(OTHER_KINDS.join("; "));
    for (const sql of OTHER_KINDS) {
      const name = /^CREATE (.*?) (?:ON|AS|\(|FOR|FROM)/.exec(sql)?.[1] ?? "";
      const signature = name.startsWith("OPERATOR public") ? " (int, int)" : "";
      await database.exec(`ALTER ${name}${signature} OWNER TO app`);
    }
    await database.exec("BEGIN");
    await database.exec('DO $do$ BEGIN CREATE ROLE "In Block"; END $do$');
    await database.exec('SET LOCAL ROLE "In Block"');
    await database.exec("COMMIT");
    await database.exec("SET session_replication_role = replica");
    assert.deepEqual(
      await database.query(
        "SELECT relowner::regrole::text AS owner FROM pg_class WHERE relname = 't'",
      ),
      [{ owner: "app" }],
    );
    await using superuser = await startLocal(version, { part: { superuser: true } });
    await (await superuser.create()).exec(
      "CREATE FUNCTION g() RETURNS int LANGUAGE internal AS 'pg_backend_pid'",
    );
  });

  test(`${version}: the example is planned, proven and validated`, async () => {
    const engine = `postgres-${version}`;
    const run = (...args: string[]) =>
      runAim([...args, "--engine", engine, "--runtime", "local", "-C", EXAMPLE], {
        variables: servers(),
      });
    const generated = await run("generate", "--dry-run", "--exact");
    assert.equal(generated.code, 0, generated.stderr);
    assert.match(generated.stderr, new RegExp(`proven on local ${version}\\.`));
    const validated = await run("validate", "--json");
    assert.match(validated.stdout, new RegExp(`"version": ?"${version}\\.`));
  });
}

/** Objects whose new owner could not have made them in the schema `public`. */
const OTHER_KINDS = [
  "CREATE OPERATOR public.||+- (FUNCTION = int4pl, LEFTARG = int, RIGHTARG = int)",
  'CREATE COLLATION public.co FROM "C"',
  "CREATE STATISTICS public.st ON a, b FROM public.t",
  "CREATE TEXT SEARCH DICTIONARY public.di (TEMPLATE = simple)",
  "CREATE TEXT SEARCH CONFIGURATION public.cf (COPY = simple)",
];

/** Statements that would reach files, programs, libraries or the rights to. */
const OUTWARD = [
  "COPY (SELECT 1) TO PROGRAM 'id'",
  "COPY (SELECT 1) TO '/tmp/aim-out'",
  "CREATE TABLE lines (line text); COPY lines FROM '/etc/passwd'",
  "SELECT pg_read_file('/etc/passwd')",
  "SELECT pg_ls_dir('/')",
  "SELECT lo_import('/etc/passwd')",
  "SELECT lo_export(1, '/tmp/aim-out')",
  "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'libc', 'system'",
  "CREATE FUNCTION f() RETURNS int LANGUAGE internal AS 'pg_backend_pid'",
  "LOAD '/tmp/x.so'",
  "ALTER SYSTEM SET archive_command = 'id'",
  "SET dynamic_library_path = '/tmp'",
  "CREATE TABLESPACE t LOCATION '/tmp'",
  "CREATE EXTENSION file_fdw",
  "CREATE EXTENSION dblink",
  "CREATE EXTENSION bloom; COPY (SELECT 1) TO PROGRAM 'id'",
  "CREATE EXTENSION bloom; SELECT pg_read_file('/etc/passwd')",
  "-- x\r COPY (SELECT 1) TO PROGRAM 'id' -- \nCREATE EXTENSION bloom",
  "/* /* */ CREATE EXTENSION bloom; */ COPY (SELECT 1) TO PROGRAM 'id'",
  "CREATE ROLE other SUPERUSER",
  "ALTER ROLE postgres SUPERUSER",
  "ALTER ROLE aim_server PASSWORD 'x'",
  "GRANT aim_server TO postgres",
  "GRANT pg_execute_server_program TO postgres",
  "GRANT pg_read_server_files TO app",
  "SET ROLE aim_server",
  "SET SESSION AUTHORIZATION aim_server",
  "UPDATE pg_authid SET rolsuper = true",
  "ALTER FUNCTION own(a int) OWNER TO aim_server",
  "ALTER TABLE pg_authid OWNER TO app",
  "ALTER SCHEMA pg_catalog OWNER TO app",
  "ALTER FUNCTION pg_read_file(text) OWNER TO app",
];

/** Operators that say yes to everything, before those of the server. */
const TAKEN_OPERATORS = `
  CREATE SCHEMA evil;
  CREATE FUNCTION evil.yes(oid, oid) RETURNS bool LANGUAGE sql AS 'SELECT true';
  CREATE FUNCTION evil.no(name, name) RETURNS bool LANGUAGE sql AS 'SELECT false';
  CREATE OPERATOR evil.>= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = evil.yes);
  CREATE OPERATOR evil.= (LEFTARG = name, RIGHTARG = name, FUNCTION = evil.no);
  SET search_path = evil, pg_catalog`;

const OWNERS_OF_OTHERS = [
  "ALTER FUNCTION pg_read_file(text) OWNER TO app",
  "ALTER FUNCTION pg_catalog.pg_read_file(text) OWNER TO app",
  "ALTER VIEW pg_catalog.pg_shadow OWNER TO app",
  "ALTER OPERATOR pg_catalog.+ (int, int) OWNER TO app",
  'ALTER COLLATION "C" OWNER TO app',
  "ALTER TEXT SEARCH CONFIGURATION simple OWNER TO app",
  "ALTER OPERATOR CLASS int4_ops USING btree OWNER TO app",
  "CREATE EXTENSION earthdistance CASCADE",
];

async function stateOf(database: ScratchDatabase): Promise<unknown> {
  return {
    roles: await database.query(
      "SELECT oid, rolname, rolconfig FROM pg_roles WHERE oid >= 16384 ORDER BY rolname",
    ),
    tables: await database.query(
      "SELECT relname, relowner::regrole::text AS owner FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
    ),
    access: await database.query(
      "SELECT datacl::text AS acl FROM pg_database WHERE datname = current_database()",
    ),
    session: await database.query(
      "SELECT current_setting('search_path') AS path, current_setting('my.own', true) AS own, current_setting('work_mem') AS memory",
    ),
    snapshot: [...(await postgres.inspect(database, { ignoreTables: [] })).objects.values()],
  };
}

test("servers run side by side, and leave nothing", NEEDS_SERVER, async () => {
  const folders: string[] = [];
  const work = async (version: string, mark: number) => {
    await using server = await startLocal(version);
    const database = await server.create();
    const [row] = await database.query<{ folder: string }>(
      "SELECT current_setting('unix_socket_directories', true) AS folder",
    );
    if (row !== undefined) folders.push(row.folder);
    await database.exec(`CREATE ROLE r${mark}; CREATE TABLE t${mark} ()`);
    const state = await database.checkpoint();
    await database.exec(`DROP TABLE t${mark}`);
    await database.rewind(state);
    const snapshot = await postgres.inspect(database, { ignoreTables: [] });
    assert.deepEqual([...snapshot.objects.keys()].filter((id) => id.startsWith("table:")), [
      `table:public.t${mark}`,
    ]);
  };
  await Promise.all([...SERVERS, ...SERVERS].map((version, mark) => work(version, mark)));
  assert.equal(new Set(folders).size, SERVERS.length * 2);
  assert.deepEqual(folders.filter((folder) => existsSync(folder)), []);
});

test("a server ends with the run that started it, however that ends", NEEDS_SERVER, async () => {
  const [version = ""] = SERVERS;
  for (const signal of ["SIGKILL", "SIGTERM", "SIGINT"] as const) {
    const folder = await folderOfRun(version, signal);
    for (let turn = 0; existsSync(folder); turn++) {
      assert.ok(turn < 1000, `${folder} is still there after ${signal}`);
      await setTimeout(10);
    }
  }
});

/** Starts a server in a process of its own, ends that by a signal, and gives the server's folder. */
async function folderOfRun(version: string, signal: "SIGKILL" | "SIGTERM" | "SIGINT") {
  const file = fileURLToPath(new URL("./hold_server.ts", import.meta.url));
  const child = spawn(process.execPath, ["run", "-A", "--no-check", file, version]);
  let said = "";
  for await (const bytes of child.stdout) {
    said += String(bytes);
    if (said.includes("\n")) break;
  }
  const folder = said.trim();
  assert.ok(existsSync(join(folder, "data")), folder);
  child.kill(signal);
  return folder;
}

test("clusters that several runs prepare at once are whole", NEEDS_SERVER, async () => {
  const [version = ""] = SERVERS;
  const cache = await mkdtemp("/tmp/aim-cache-");
  try {
    await chmod(cache, 0o755);
    const runs = await Promise.all(
      [1, 2].map(() =>
        runAim([
          "diff",
          "--exact",
          "--engine",
          `postgres-${version}`,
          "--runtime",
          "local",
          "-C",
          EXAMPLE,
        ], {
          variables: { ...servers(), XDG_CACHE_HOME: cache },
        })
      ),
    );
    for (const { code, stderr } of runs) assert.equal(code, 0, stderr);
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
});

test("a version that is nowhere, and another dialect, are refused in words", async () => {
  assert.equal(
    await local.refuses(target({ version: "11" })),
    "there is no Postgres 11 on this machine that can be run",
  );
  assert.match(await local.refuses(target({ dialect: "sqlite" })) ?? "", /sqlite/);
});

test("an extension that takes a superuser is refused without consent", NEEDS_SERVER, async () => {
  const [version = ""] = SERVERS;
  const refused = await local.refuses(target({ version, needs: ["dblink", "pgcrypto", "bloom"] }));
  assert.match(refused ?? "", /^creating "dblink" takes a superuser there/);
  assert.equal(await local.refuses(target({ version, needs: ["dblink"], superuser: true })), null);
  assert.equal(await local.refuses(target({ version, needs: ["pgcrypto", "bloom"] })), null);
  assert.match(await local.refuses(target({ version, needs: ["nowhere"] })) ?? "", /"nowhere"/);
});

/** What the runs of these tests find servers by. */
function servers(): Record<string, string> {
  const { AIM_SERVERS } = process.env;
  return AIM_SERVERS === undefined ? {} : { AIM_SERVERS };
}
