import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { zstdDecompressSync } from "node:zlib";
import { asset, type AssetGroup, ensureAssets, pruneAssets } from "../../src/host/assets.ts";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { DatabaseError } from "../../src/core/error.ts";
import { DEFAULT_LIMITS } from "../../src/runtimes/limits.ts";
import { pglite, pgliteImageAssets } from "../../src/runtimes/pglite.ts";
import { unpackImage } from "../../src/runtimes/pglite/image_file.ts";
import { FILES, type Manifest, PACKAGES, pgliteAssets } from "../../src/runtimes/pglite/recipe.ts";
import type { ScratchDatabase, Server, Target } from "../../src/runtimes/runtime.ts";

const target = (part: Partial<Target> = {}): Target => ({
  dialect: "postgres",
  version: null,
  needs: [],
  anyVersion: false,
  ...part,
});

function start(part: Partial<Target> = {}): Promise<Server> {
  const { signal } = new AbortController();
  return pglite.start(target(part), { emit: () => {}, signal });
}

/** The engine's own wish: a backend that has warmed up, from the image that is kept for all processes. */
const { warmUp } = postgres.target(null, [], false);

/** Starts a server under other environment variables, which are read at the start. */
async function startWith(variables: Record<string, string>): Promise<Server> {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    return await start();
  } finally {
    for (const name of Object.keys(variables)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

async function only<Row extends object>(database: ScratchDatabase, sql: string): Promise<Row> {
  const rows = await database.query<Row>(sql);
  assert.equal(rows.length, 1);
  return rows[0] as Row;
}

async function failure(action: Promise<unknown>): Promise<DatabaseError> {
  try {
    await action;
  } catch (error) {
    assert.ok(error instanceof DatabaseError, `not a DatabaseError: ${error}`);
    return error;
  }
  throw new Error("It was accepted");
}

/** What must be the same when a state comes back: catalogs, OIDs still to be given, roles, large objects, settings. */
const FINGERPRINT = `
  SELECT
    (SELECT count(*) FROM pg_class) AS classes,
    (SELECT sum(oid::bigint) FROM pg_class) AS class_oids,
    (SELECT count(*) FROM pg_attribute) AS attributes,
    (SELECT sum(oid::bigint) FROM pg_type) AS type_oids,
    (SELECT sum(oid::bigint) FROM pg_proc) AS function_oids,
    (SELECT count(*) FROM pg_depend) AS dependencies,
    (SELECT string_agg(rolname, ',' ORDER BY rolname) FROM pg_roles) AS roles,
    (SELECT count(*) FROM pg_largeobject_metadata) AS large_objects,
    (SELECT string_agg(sequencename || '=' || coalesce(last_value, -1), ',' ORDER BY 1) FROM pg_sequences) AS sequences,
    (SELECT count(*) FROM pg_extension) AS extensions,
    current_setting('search_path') AS search_path,
    current_setting('work_mem') AS work_mem,
    current_user || '/' || session_user AS users
`;

const WORK = `
  CREATE SCHEMA app;
  CREATE ROLE alice;
  CREATE TYPE app.mood AS ENUM ('glad', 'sad');
  CREATE TABLE app.person (
    id serial PRIMARY KEY,
    name text UNIQUE,
    mood app.mood,
    born date DEFAULT CURRENT_DATE
  );
  INSERT INTO app.person (name) SELECT 'p' || n FROM generate_series(1, 500) AS n;
  CREATE TABLE app.pet (
    id uuid DEFAULT gen_random_uuid(),
    owner int REFERENCES app.person
  );
  CREATE FUNCTION app.one() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
  CREATE VIEW app.names AS SELECT name FROM app.person;
  SELECT lo_create(0);
  GRANT SELECT ON app.person TO alice;
`;

test("an embedded Postgres", async (t) => {
  await using server = await start({ warmUp });

  await t.test("tells its version and serves only its own dialect and major version", async () => {
    assert.match(server.version, /^18\.\d+$/);
    assert.equal(server.runtime, "pglite");
    assert.equal(await pglite.refuses(target()), null);
    assert.equal(await pglite.refuses(target({ version: "18" })), null);
    assert.equal(await pglite.refuses(target({ version: "18.1" })), null);
    assert.match(await pglite.refuses(target({ version: "16" })) ?? "", /not 16/);
    assert.equal(await pglite.refuses(target({ version: "16", anyVersion: true })), null);
    assert.match(await pglite.refuses(target({ dialect: "mysql" })) ?? "", /mysql/);
  });

  await t.test("refuses extensions that it does not have by name", async () => {
    assert.equal(await pglite.refuses(target({ needs: ["pgcrypto", "plpgsql"] })), null);
    const reason = await pglite.refuses(target({ needs: ["postgis", "pgcrypto", "dblink"] }));
    assert.equal(reason, 'PGlite does not have the extensions "postgis", "dblink"');
    assert.match(await pglite.refuses(target({ needs: ["toString"] })) ?? "", /"toString"/);
  });

  await t.test("parses values", async () => {
    const database = await server.create();
    await database.exec(`
      CREATE TYPE mood AS ENUM ('glad', 'so so');
      CREATE DOMAIN positive AS int CHECK (VALUE > 0)
    `);
    assert.deepEqual(
      await only(
        database,
        `SELECT
          true AS yes, 7::smallint AS small, 9007199254740991::bigint AS safe,
          9007199254740993::bigint AS big, 1.50 AS exact, 1.5::float8 AS float,
          'NaN'::float8 AS nan, NULL::int AS nothing, '{"a": [1]}'::jsonb AS object,
          'null'::json AS json_null, ARRAY[1, NULL, 3] AS numbers,
          ARRAY['a,b', 'c"d', '', 'NULL', NULL, 'é\\'] AS texts, ARRAY[[1, 2], [3, 4]] AS matrix,
          '[0:1]={5,6}'::int[] AS bounds, ARRAY[]::text[] AS empty,
          ARRAY['glad', 'so so']::mood[] AS moods, 'so so'::mood AS mood,
          ARRAY[3]::positive[] AS domains, 5::positive AS domain, '1 2'::int2vector AS vector,
          'pg_class'::regclass AS class, ARRAY['{"b": 2}']::jsonb[] AS objects,
          DATE '2024-02-29' AS day, '\\xff'::bytea AS bytes`,
      ),
      {
        yes: true,
        small: 7,
        safe: 9007199254740991,
        big: "9007199254740993",
        exact: "1.50",
        float: 1.5,
        nan: "NaN",
        nothing: null,
        object: { a: [1] },
        json_null: null,
        numbers: [1, null, 3],
        texts: ["a,b", 'c"d', "", "NULL", null, "é\\"],
        matrix: [[1, 2], [3, 4]],
        bounds: [5, 6],
        empty: [],
        moods: ["glad", "so so"],
        mood: "so so",
        domains: [3],
        domain: 5,
        vector: [1, 2],
        class: "pg_class",
        objects: [{ b: 2 }],
        day: "2024-02-29",
        bytes: "\\xff",
      },
    );
  });

  await t.test("knows every built-in array type", async () => {
    const database = await server.create();
    const rows = await database.query<{ value: unknown; type: string }>(`
      SELECT format('SELECT ''{NULL}''::%s AS value', a.oid::regtype) AS value, a.oid::regtype::text AS type
      FROM pg_type a
      JOIN pg_type e ON e.typarray = a.oid
      WHERE a.oid < 10000 AND e.typtype <> 'c'
    `);
    assert.ok(rows.length > 60);
    for (const row of rows) {
      assert.deepEqual(await only(database, String(row.value)), { value: [null] }, row.type);
    }
  });

  await t.test("says what is wrong, where, and what to do", async () => {
    const database = await server.create();
    const error = await failure(database.exec("SELECT '😀'; SELECT nope FROM pg_class"));
    assert.equal(error.code, "42703");
    assert.equal(error.message, 'column "nope" does not exist');
    assert.equal(error.offset, "SELECT '😀'; SELECT ".length);
    const hinted = await failure(database.query("SELECT nope(1)"));
    assert.equal(hinted.code, "42883");
    assert.match(hinted.hint ?? "", /No function/i);
    const detailed = await failure(
      database.exec("CREATE TABLE t (a int PRIMARY KEY); INSERT INTO t VALUES (1), (1)"),
    );
    assert.equal(detailed.detail, "Key (a)=(1) already exists.");
    assert.equal((await failure(database.exec("SELECT 1/0"))).offset, undefined);
    assert.deepEqual(await database.query("SELECT to_regclass('t') AS t"), [{ t: null }]);
  });

  await t.test("starts like a stock server", async () => {
    const database = await server.create();
    assert.deepEqual(
      await only(
        database,
        `SELECT current_database() AS database, current_user AS "user",
          current_setting('search_path') AS path, current_setting('server_encoding') AS encoding,
          current_setting('default_text_search_config') AS search`,
      ),
      {
        database: "postgres",
        user: "postgres",
        path: '"$user", public',
        encoding: "UTF8",
        search: "pg_catalog.english",
      },
    );
    const error = await failure(database.exec("CREATE TABLE pg_catalog.mine (a int)"));
    assert.equal(error.code, "42501");
  });

  await t.test("gives each create an empty database and ends the one before", async () => {
    const first = await server.create();
    const empty = await only(first, FINGERPRINT);
    await first.exec(WORK);
    const second = await server.create();
    assert.deepEqual(await only(second, FINGERPRINT), empty);
    assert.match((await failure(first.exec("SELECT 1"))).message, /closed/);
  });

  await t.test("loads rows by COPY, and refuses a COPY without rows", async () => {
    const database = await server.create();
    await database.exec("CREATE TABLE t (id int PRIMARY KEY, name text)");
    await database.copy?.("COPY t (id, name) FROM stdin", "1\tone\n2\t\\N\n");
    assert.deepEqual(await database.query("SELECT * FROM t ORDER BY id"), [
      { id: 1, name: "one" },
      { id: 2, name: null },
    ]);
    const bad = await failure(database.copy?.("COPY t FROM stdin", "x\tone\n") ?? assert.fail());
    assert.match(bad.message, /invalid input syntax/);
    assert.match(bad.detail ?? "", /line 1, column id/);
    const missing = await failure(database.copy?.("COPY nope FROM stdin", "1\n") ?? assert.fail());
    assert.equal(missing.code, "42P01");
    assert.match((await failure(database.exec("COPY t FROM STDIN"))).message, /no rows were sent/);
    await database.exec("COPY t TO STDOUT");
    assert.deepEqual(await only(database, "SELECT count(*) AS rows FROM t"), { rows: 2 });
  });

  await t.test("comes back to checkpoints, nested and again and again", async () => {
    const database = await server.create();
    const empty = await database.checkpoint();
    const emptyPrint = await only(database, FINGERPRINT);
    await database.exec(WORK);
    await database.exec("SET work_mem = '9MB'; SET search_path = app, public");
    const worked = await database.checkpoint();
    const workedPrint = await only(database, FINGERPRINT);
    await database.exec("DROP SCHEMA app CASCADE; REVOKE ALL ON SCHEMA public FROM alice");
    await database.exec("VACUUM FULL pg_class");
    await database.rewind(worked);
    assert.deepEqual(await only(database, FINGERPRINT), workedPrint);
    assert.deepEqual(await only(database, "SELECT one(), count(*) FROM names"), {
      one: 1,
      count: 500,
    });
    await database.rewind(empty);
    assert.deepEqual(await only(database, FINGERPRINT), emptyPrint);
    await database.rewind(worked);
    await database.exec("INSERT INTO person (name) VALUES ('late')");
    assert.deepEqual(await only(database, "SELECT max(id) AS id FROM person"), { id: 501 });
  });

  await t.test("comes back although its memory has grown", async () => {
    const database = await server.create();
    await database.exec(WORK);
    const print = await only(database, FINGERPRINT);
    const checkpoint = await database.checkpoint();
    await database.exec(GROW);
    const grown = await database.checkpoint();
    await database.exec("DROP SCHEMA app CASCADE");
    await database.rewind(grown);
    assert.deepEqual(await only(database, FINGERPRINT), print);
    await database.rewind(checkpoint);
    assert.deepEqual(await only(database, FINGERPRINT), print);
    assert.deepEqual(await only(database, "SELECT app.one() AS one"), { one: 1 });
  });

  await t.test("makes no checkpoint inside a transaction", async () => {
    const database = await server.create();
    await database.exec("BEGIN");
    assert.equal((await failure(database.checkpoint())).code, "25001");
    await failure(database.exec("SELECT 1/0"));
    assert.equal((await failure(database.checkpoint())).code, "25001");
  });

  await t.test("takes no checkpoint of another database", async () => {
    const first = await server.create();
    const foreign = await first.checkpoint();
    const second = await server.create();
    assert.match((await failure(second.rewind(foreign))).message, /another database/);
  });

  await t.test("rewinds out of broken transactions, crashes and ended sessions", async () => {
    const database = await server.create();
    await database.exec(WORK);
    const print = await only(database, FINGERPRINT);
    const checkpoint = await database.checkpoint();
    const recursion = `
      CREATE FUNCTION deep(n int) RETURNS int LANGUAGE plpgsql
      AS $$ BEGIN RETURN deep(n + 1); END $$;
      SELECT deep(1)
    `;
    const breaks = [
      "BEGIN; DROP TABLE app.pet; SELECT 1/0",
      recursion,
      `SELECT ${"1+".repeat(20000)}1`,
      "SELECT convert_to('a', 'WIN1250')",
    ];
    for (const sql of breaks) {
      await failure(database.exec(sql));
      await database.rewind(checkpoint);
      assert.deepEqual(await only(database, FINGERPRINT), print, sql.slice(0, 40));
    }
    await failure(database.exec(recursion));
    assert.equal((await failure(database.exec("SELECT 1"))).code, "54001");
    const next = await server.create();
    assert.deepEqual(await only(next, "SELECT 1 AS alive"), { alive: 1 });
  });

  await t.test("loads a library again after a rewind took it away", async () => {
    const database = await server.create();
    for (let round = 0; round < 4; round++) {
      const checkpoint = await database.checkpoint();
      await database.exec("CREATE TABLE filler AS SELECT repeat('x', 100000) AS text");
      await database.exec("LOAD 'pgoutput'; LOAD 'latin_and_mic'");
      await database.rewind(checkpoint);
      await database.exec("CREATE TABLE filler AS SELECT repeat('y', 200000) AS text");
      await database.exec("LOAD 'latin_and_mic'");
      assert.deepEqual(await only(database, "SELECT length(text) AS length FROM filler"), {
        length: 200000,
      });
      await database.rewind(checkpoint);
    }
  });

  await t.test("is right after 500 rewinds, each followed by DDL", async () => {
    const database = await server.create();
    await database.exec(WORK);
    const checkpoint = await database.checkpoint();
    const print = await only(database, FINGERPRINT);
    for (let round = 0; round < 500; round++) {
      await database.exec(`
        ALTER TABLE app.person ADD COLUMN c${round} int DEFAULT ${round};
        CREATE TABLE extra_${round} (person int REFERENCES app.person);
        INSERT INTO extra_${round} VALUES (${round % 500 + 1})
      `);
      const sum = `SELECT sum(c${round}) AS sum, app.one() FROM app.person`;
      assert.deepEqual(await only(database, sum), { sum: round * 500, one: 1 });
      await database.rewind(checkpoint);
      if (round % 50 === 0) assert.deepEqual(await only(database, FINGERPRINT), print);
    }
    assert.deepEqual(await only(database, FINGERPRINT), print);
  });
});

/** Needs more memory than an engine starts with. */
const GROW = "SELECT length(repeat('x', 200000000))";

test("images and new backends give the same states", async () => {
  const story = async (server: Server) => {
    const prints = [];
    const database = await server.create();
    const print = async () => prints.push(await only(database, FINGERPRINT));
    await print();
    const empty = await database.checkpoint();
    await database.exec(WORK);
    await database.exec("SET work_mem = '7MB'; SET ROLE alice; RESET ROLE");
    await print();
    const worked = await database.checkpoint();
    await database.exec(
      "CREATE TABLE late (id bigserial PRIMARY KEY); INSERT INTO late DEFAULT VALUES",
    );
    await database.exec("SET ROLE alice");
    await print();
    const late = await database.checkpoint();
    await database.exec("RESET ROLE; DROP SCHEMA app CASCADE");
    for (const checkpoint of [worked, late, empty, late, worked]) {
      await database.rewind(checkpoint);
      await print();
      if (checkpoint !== empty) {
        await database.exec("RESET ROLE; INSERT INTO app.person (name) VALUES ('again')");
        prints.push(await only(database, "SELECT max(id) AS id, count(*) AS rows FROM app.person"));
      }
      await database.exec("RESET ROLE; CREATE TABLE probe (id serial PRIMARY KEY)");
      prints.push(await only(database, "SELECT 'probe'::regclass::oid AS oid"));
    }
    const fresh = await server.create();
    prints.push(await only(fresh, FINGERPRINT));
    return prints;
  };
  await using images = await start();
  await using warm = await start({ warmUp });
  await using boots = await startWith({ AIM_PGLITE_SNAPSHOT: "off" });
  const expected = await story(boots);
  assert.deepEqual(await story(images), expected);
  assert.deepEqual(await story(warm), expected);
});

test("all extensions that it offers can be created, and come back with a rewind", async () => {
  const { extensions } = JSON.parse(
    new TextDecoder().decode(await asset(pgliteAssets, FILES.manifest)),
  ) as Manifest;
  const needs = Object.keys(extensions);
  assert.ok(needs.length > 40);
  await using server = await start({ needs, warmUp });
  const database = await server.create();
  const checkpoint = await database.checkpoint();
  for (let round = 0; round < 2; round++) {
    for (const name of needs) {
      await database.exec(`CREATE EXTENSION IF NOT EXISTS "${name}" CASCADE`);
    }
    assert.deepEqual(
      await only(
        database,
        `SELECT encode(digest('a', 'md5'), 'hex') AS hash, 'A'::citext = 'a' AS equal,
          ('a=>1'::hstore)->'a' AS value, similarity('abc', 'abd') > 0 AS similar,
          uuid_generate_v5(uuid_ns_dns(), 'x') IS NOT NULL AS uuid, earth() > 0 AS earth,
          '[1,2]'::vector <-> '[1,4]' AS distance, '{1,2}'::int[] @@ '1&2'::query_int AS found`,
      ),
      {
        hash: "0cc175b9c0f1b6a831c399e269772661",
        equal: true,
        value: "1",
        similar: true,
        uuid: true,
        earth: true,
        distance: 2,
        found: true,
      },
    );
    await database.rewind(checkpoint);
  }
});

test("a statement that runs for too long is cancelled and the session lives on", async () => {
  const limits = { ...DEFAULT_LIMITS, statementTimeout: 12_000 };
  const { signal } = new AbortController();
  await using server = await pglite.start(target(), { emit: () => {}, signal, limits });
  const database = await server.create();
  await database.exec("CREATE TABLE kept (a int)");
  await database.exec(GROW);
  for (const sql of ["DO $$ BEGIN LOOP NULL; END LOOP; END $$", "SELECT pg_sleep(600)"]) {
    const error = await failure(database.exec(sql));
    assert.equal(error.code, "57014");
    assert.match(error.hint ?? "", /statement_timeout/);
  }
  assert.deepEqual(await only(database, "SELECT count(*) AS rows FROM kept"), { rows: 0 });
});

test("a process ends by itself when its server is disposed of", async () => {
  const folder = await mkdtemp(join(tmpdir(), "aim-pglite-"));
  const script = join(folder, "ends.ts");
  await writeFile(
    script,
    `
      import { pglite } from ${
      JSON.stringify(new URL("../../src/runtimes/pglite.ts", import.meta.url))
    };
      const target = { dialect: "postgres", version: null, needs: [], anyVersion: false };
      const { signal } = new AbortController();
      await using server = await pglite.start(target, { emit() {}, signal });
      const database = await server.create();
      await database.exec("SET statement_timeout = '1h'; SELECT 1");
      console.log("done");
    `,
  );
  const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
  const options = "deno" in process.versions ? ["-A", "--config", config] : [];
  const run = spawnSync(process.execPath, ["run", ...options, script], {
    timeout: 60_000,
    encoding: "utf8",
  });
  await rm(folder, { recursive: true });
  assert.equal(run.stdout, "done\n", run.stderr);
  assert.equal(run.status, 0);
});

test("the packages that the recipe names are those of deno.json", async () => {
  const text = await readFile(new URL("../../deno.json", import.meta.url), "utf8");
  const { imports } = JSON.parse(text) as { imports: Record<string, string> };
  for (const [name, version] of Object.entries(PACKAGES)) {
    assert.equal(imports[name], `npm:${name}@${version}`);
  }
});

test("assets are made once, also by several processes at the same time", async () => {
  const key = randomUUID();
  let made = 0;
  const group: AssetGroup = {
    name: "test",
    key,
    make: async (folder) => {
      made++;
      await writeFile(join(folder, "a.bin"), "half");
      await setTimeout(50);
      await writeFile(join(folder, "a.bin"), "whole");
    },
  };
  try {
    const read = async () => new TextDecoder().decode(await asset(group, "a.bin"));
    assert.deepEqual(await Promise.all([read(), read(), read()]), ["whole", "whole", "whole"]);
    const after = made;
    assert.equal(await read(), "whole");
    assert.equal(made, after);
    await assert.rejects(asset(group, "b.bin"), /Cannot read the embedded file/);
  } finally {
    await pruneAssets([{ ...group, key: "none" }]);
  }
  assert.equal(await ensureAssets(group), true);
  await pruneAssets([{ ...group, key: "none" }]);
});

test("folders that come, go and change hands are found as they are", async () => {
  await using server = await start({ warmUp });
  const database = await server.create();
  const rows = async (table: string) =>
    (await only<{ rows: number }>(database, `SELECT count(*)::int AS rows FROM ${table}`)).rows;
  await database.exec("SET allow_in_place_tablespaces = true");
  const empty = await database.checkpoint();
  for (let round = 1; round < 3; round++) {
    await database.exec("CREATE TABLESPACE shelf LOCATION ''");
    await database.exec("CREATE TABLE book (id int) TABLESPACE shelf");
    await database.exec(`INSERT INTO book SELECT generate_series(1, ${round * 1000})`);
    await database.exec("CHECKPOINT");
    const full = await database.checkpoint();
    await database.exec("ALTER TABLE book SET TABLESPACE pg_default");
    await database.exec("DROP TABLESPACE shelf");
    assert.equal(await rows("book"), round * 1000);
    await database.rewind(full);
    assert.equal(await rows("book"), round * 1000);
    await database.exec("CREATE DATABASE other");
    await database.exec("DROP DATABASE other");
    await database.exec("CREATE DATABASE other");
    await database.rewind(empty);
    assert.equal((await failure(rows("book"))).code, "42P01");
  }
});

test("a state that nothing was done to is the same checkpoint", async () => {
  await using server = await start({ warmUp });
  const database = await server.create();
  await database.exec("CREATE TABLE probe AS SELECT 1 AS id");
  const [one, two] = [await database.checkpoint(), await database.checkpoint()];
  await database.rewind(one);
  await database.exec("DROP TABLE probe");
  await database.rewind(two);
  assert.deepEqual(await only(database, "TABLE probe"), { id: 1 });
  await database.exec("DROP TABLE probe");
  await database.rewind(one);
  assert.deepEqual(await only(database, "TABLE probe"), { id: 1 });
});

test("an image that is not whole is refused", async () => {
  assert.ok(warmUp !== undefined);
  const packed = zstdDecompressSync(await asset(pgliteImageAssets(warmUp), "image.bin"));
  assert.ok(unpackImage(packed).tree.size > 0);
  assert.throws(() => unpackImage(packed.subarray(0, -1)), /not whole/);
});

test("scripts that make subscriptions are refused, others that name them are not", async () => {
  const reason = (script: string) => pglite.refuses(postgres.target(null, [script], false));
  assert.match(
    await reason("SELECT 1;\n-- it\ncreate /* a */ SUBSCRIPTION s CONNECTION 'x' PUBLICATION p;") ??
      "",
    /cannot make subscriptions/,
  );
  assert.equal(await reason("COMMENT ON TABLE t IS 'create subscription s';"), null);
  assert.equal(
    await reason("DROP SUBSCRIPTION IF EXISTS s; CREATE TABLE subscription (a int);"),
    null,
  );
});
