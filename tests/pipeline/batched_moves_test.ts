/** Statements that move rows of large tables: cut into batches, stopped and run again. */

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { moving } from "../../src/engines/postgres/batched_move.ts";
import { sourcesOf } from "../../scripts/corpus/bench.ts";
import { engineNamed } from "../../src/engines/mod.ts";
import { openProject } from "../../src/pipeline/mod.ts";
import { inspect } from "../../src/pipeline/scratch/snapshot.ts";
import { serverOf } from "../engines/planned.ts";
import { testConfig } from "../property/config.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";

const BEFORE = "CREATE TABLE users (id bigint PRIMARY KEY, full_name text NOT NULL);\n";
const AFTER =
  "CREATE TABLE users (id bigint PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL);\n";
const DATA = `-- aim:data up
UPDATE users SET first_name = split_part(full_name, ' ', 1),
  last_name = substr(full_name, length(split_part(full_name, ' ', 1)) + 1);
-- aim:data down
UPDATE users SET full_name = first_name || last_name;
`;

const files = (rows: number) => ({
  "aim.toml": 'engine = "postgres"\nmigrations = "m"\n',
  "aim.stats.toml": `[tables."public.users"]\nrows = ${rows}\n`,
  "schema.sql": AFTER,
  "split.sql": DATA,
  "m/000001_a.up.sql": BEFORE,
  "m/000001_a.down.sql": "DROP TABLE users;\n",
});

test("statements over a large table are written in batches, and proven with rows", async () => {
  await using folder = await temporaryFolder(files(2_000_000));
  const cwd = folder.path;
  const done = await runAim(["generate", "--data", "split.sql"], { cwd });
  assert.equal(done.code, 0, done.stderr);
  const names = (await readdir(join(cwd, "m"))).filter((name) => !name.startsWith("000001"));
  const texts = await Promise.all(names.map((name) => readFile(join(cwd, "m", name), "utf8")));
  assert.equal(texts.filter((text) => /DO \$\$[^]*COMMIT;[^]*END\n\$\$/.test(text)).length, 2);
  assert.match(texts.join("\n"), /-- In batches of 1000 rows, each committed/);
  const valid = await runAim(["validate"], { cwd });
  assert.equal(valid.code, 0, valid.stdout + texts.join("\n"));
});

test("a table of which nobody says that it is large is changed in one go", async () => {
  await using folder = await temporaryFolder(files(5000));
  const done = await runAim(["generate", "--data", "split.sql", "--dry-run"], { cwd: folder.path });
  assert.equal(done.code, 0, done.stderr);
  assert.doesNotMatch(done.stdout, /In batches|DO \$/);
});

test("a statement that cannot be cut stays whole, and it is said why", async () => {
  await using folder = await temporaryFolder({
    ...files(2_000_000),
    "split.sql": DATA.replace(
      "-- aim:data down",
      "UPDATE users SET first_name = first_name || '';\n-- aim:data down",
    ),
  });
  const done = await runAim(["generate", "--data", "split.sql", "--dry-run"], { cwd: folder.path });
  assert.equal(done.code, 0, done.stderr);
  assert.match(
    done.stderr,
    /Written in one go over 2,000,000 rows: UPDATE users SET first_name = first_name.*: it reads first_name, which it sets/,
  );
});

/** Statements, and what says that they cannot be cut. */
const WHOLE: readonly (readonly [sql: string, reason: RegExp])[] = [
  ["UPDATE t SET a = a + 1", /it reads a, which it sets/],
  ["UPDATE t SET k = b", /it sets k of the primary key/],
  ["UPDATE t SET a = random()", /random gives another value each time/],
  ["UPDATE t SET (a, b) = (1, 2)", /no UPDATE of plain columns/],
  ["UPDATE t SET a = 1 RETURNING a", /no UPDATE of plain columns/],
  ["UPDATE ONLY t SET a = 1", /no UPDATE of plain columns/],
  ["WITH x AS (SELECT 1) UPDATE t SET a = 1", /no UPDATE of plain columns/],
  ["UPDATE t SET a = (SELECT max(a) FROM t)", /it reads a, which it sets/],
];

/** Statements that are cut. */
const CUT = [
  "UPDATE t SET a = b, c = upper(d)",
  "UPDATE public.t AS x SET \"a\" = x.b + 1 WHERE x.d <> 'y' OR x.a IS NULL",
  "UPDATE t x SET c = o.c FROM other AS o WHERE o.k = x.k",
  "UPDATE t SET j = json_build_object('b', b) WHERE k % 2 = 0",
  "UPDATE t SET c = (SELECT o.c FROM other o WHERE o.k = t.k LIMIT 1)",
];

const SCHEMA =
  "CREATE TABLE t (k int, n int, a int, b int, c varchar(80), d text, j json, PRIMARY KEY (k, n));\n" +
  "CREATE TABLE other (k int, c text);\n";
const ROWS =
  "INSERT INTO t SELECT i, i % 3, NULL, i, NULL, 'x' || i, NULL FROM generate_series(1, 2500) i;" +
  "INSERT INTO other SELECT i, 'o' || i FROM generate_series(1, 2500) i;";

test("what is cut does what the whole statement does, and does it again without harm", async () => {
  const { engine } = await engineNamed("postgres");
  await using server = await serverOf("postgres", SCHEMA);
  const project = await openProject(testConfig("postgres", "migrate"), {
    emit: () => {},
    signal: new AbortController().signal,
  });
  assert.equal(sourcesOf("", SCHEMA).schema.length, 1);
  await using database = await server.create();
  await database.exec(SCHEMA);
  const snapshot = await inspect(project, database);
  const table = engine.shape?.(snapshot).find(({ name }) => name === "public.t");
  assert.ok(table);
  for (const [sql, reason] of WHOLE) {
    const cut = moving.batch(sql, table);
    assert.match("reason" in cut ? cut.reason : cut.sql, reason, sql);
  }
  assert.deepEqual(moving.batch("UPDATE t SET a = 1", { ...table, primaryKey: [] }), {
    reason: "public.t has no primary key",
  });
  await database.exec(ROWS);
  const start = await database.checkpoint();
  const state = async () =>
    JSON.stringify(await database.query("SELECT k, n, a, b, c, d, j::text FROM t ORDER BY k, n"));
  for (const sql of CUT) {
    await database.rewind(start);
    await database.exec(sql);
    const wanted = await state();
    await database.rewind(start);
    const cut = moving.batch(sql, table);
    assert.ok("sql" in cut, sql);
    // As if it had been stopped: the first rows are done.
    await database.exec(
      `${sql}${/ WHERE /.test(sql) ? " AND" : " WHERE"} ${/ x /.test(sql) ? "x" : "t"}.b < 700`
        .replace(/WHERE o\.k = t\.k LIMIT 1\) AND/, "WHERE o.k = t.k LIMIT 1) WHERE"),
    );
    await database.exec(cut.sql);
    assert.equal(await state(), wanted, sql);
    await database.exec(cut.sql);
    assert.equal(await state(), wanted, sql);
  }
});
