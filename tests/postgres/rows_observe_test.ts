/** What is seen of the rows of a Postgres database. */

import assert from "node:assert/strict";
import test from "node:test";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { target } from "../../src/engines/postgres/target.ts";
import { pglite } from "../../src/runtimes/pglite.ts";
import type { ScratchDatabase } from "../../src/runtimes/runtime.ts";
import { SERVERS, startLocal } from "../runtimes/native_servers.ts";

const server = await pglite.start(target(null, [], false), {
  emit: () => {},
  signal: new AbortController().signal,
});

const TABLE =
  `CREATE TABLE t (a timestamptz, b interval, c float8, d bytea, e date, f money, g json, h regclass);
  INSERT INTO t VALUES ('2024-02-29 12:00+00', '1 year 2 days', 0.1::float4, '\\x00ff', '2024-02-29', 1234.5,
    '{"b": 1,  "a": 2}', 'pg_class')`;

const SETTINGS =
  `SET "DateStyle" = 'German'; SET "IntervalStyle" = 'iso_8601'; SET "TimeZone" = 'Asia/Tokyo';
  SET extra_float_digits = -10; SET bytea_output = 'escape'; SET quote_all_identifiers = on`;

async function valuesOf(database: ScratchDatabase): Promise<unknown> {
  return (await postgres.rows.observe(database)).tables.get("table:public.t")?.rows;
}

test("values are the same text whatever the session's settings, which stay as they are", async () => {
  await using database = await server.create();
  await database.exec(TABLE);
  const plain = await valuesOf(database);
  assert.deepEqual(plain, [[
    "2024-02-29 12:00:00+00",
    "1 year 2 days",
    "0.10000000149011612",
    "\\x00ff",
    "2024-02-29",
    "$1,234.50",
    '{"b": 1,  "a": 2}',
    "pg_class",
  ]]);
  await database.exec(SETTINGS);
  const settings = "SELECT name, setting FROM pg_settings ORDER BY name";
  const before = await database.query(settings);
  assert.deepEqual(await valuesOf(database), plain);
  assert.deepEqual(await database.query(settings), before);
  await database.exec("BEGIN; DELETE FROM t");
  assert.deepEqual(await valuesOf(database), []);
  assert.deepEqual(await database.query(settings), before);
  await database.exec("ROLLBACK");
  assert.deepEqual(await valuesOf(database), plain);
});

/** Values that the text of a row has in quotes, or says nothing of. */
const ODD = [
  "",
  " ",
  "plain",
  ",",
  "()",
  '"',
  '""',
  "\\",
  '\\"',
  '"\\\\",("a, ""b""")',
  "line\nline",
  "NULL",
  null,
  "é\u{1f600}",
];

test("values are what their types write, whatever stands in them", async () => {
  await using database = await server.create();
  const list = ODD.map((value) => value === null ? "(NULL)" : `(E'${quoted(value)}')`).join(", ");
  await database.exec(`CREATE TYPE pair AS (a text, b text[]);
    CREATE TABLE one (v text); INSERT INTO one VALUES ${list};
    CREATE TABLE t (gone int, a text, g text GENERATED ALWAYS AS (a || '!') STORED, b pair,
      w int GENERATED ALWAYS AS (1 / (length(a) - length(a))) VIRTUAL, c text);
    ALTER TABLE t DROP gone;
    CREATE TABLE u (t text, v text, g int GENERATED ALWAYS AS (1) STORED);
    INSERT INTO u SELECT v, v FROM one;
    INSERT INTO t (a, b, c) SELECT v, ROW(v, ARRAY[v])::pair, v FROM one;
    ALTER TABLE u ADD late text DEFAULT 'x, "y"';
    CREATE TABLE none (); INSERT INTO none DEFAULT VALUES`);
  const { tables } = await postgres.rows.observe(database, undefined, "rows");
  const rowsOf = (name: string) => tables.get(`table:public.${name}`)?.rows;
  const pairs = (await database.query<{ readonly pair: string }>(
    "SELECT format('%s', b) AS pair FROM t ORDER BY ctid",
  )).map(({ pair }) => pair);
  assert.deepEqual(rowsOf("one"), ODD.map((value) => [value]));
  assert.deepEqual(rowsOf("u"), ODD.map((value) => [value, value, 'x, "y"']));
  assert.deepEqual(rowsOf("t"), ODD.map((value, at) => [value, pairs[at], value]));
  assert.deepEqual(rowsOf("none"), [[]]);
  assert.deepEqual(tables.get("table:public.t")?.columns.map(({ key }) => key), ["a", "b", "c"]);
});

function quoted(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("'", "''");
}

test("of given tables, their rows and counters are seen and nothing else", async () => {
  await using database = await server.create();
  await database.exec(`CREATE TABLE a (x serial); CREATE TABLE b (y serial); CREATE SCHEMA "S.s";
    CREATE TABLE "S.s"."T" ("é.e" int, g int GENERATED ALWAYS AS ("é.e" + 1) STORED); INSERT INTO "S.s"."T" VALUES (1), (NULL)`);
  await postgres.rows.seed(database, { tables: new Set(["table:public.a", "table:public.b"]) });
  const tables = new Set(["table:public.a", 'table:"S.s".T', "table:public.none"]);
  const seen = await postgres.rows.observe(database, tables, "rows");
  assert.deepEqual([...seen.tables.keys()].sort(), ['table:"S.s".T', "table:public.a"]);
  assert.deepEqual(seen.tables.get('table:"S.s".T')?.rows, [["1"], [null]]);
  assert.deepEqual([...seen.counters.keys()], ["public.a_x_seq"]);
  assert.deepEqual([seen.objects.size, seen.server.size], [0, 0]);
  const all = await postgres.rows.observe(database);
  assert.deepEqual(all.tables.get("table:public.a"), seen.tables.get("table:public.a"));
  assert.deepEqual(all.counters.get("public.a_x_seq"), seen.counters.get("public.a_x_seq"));
  assert.ok(all.objects.size > 0 && all.server.size > 0);
});

test("of a partitioned table, the rows of its partitions are seen", async () => {
  await using database = await server.create();
  await database.exec(`CREATE TABLE p (k int) PARTITION BY LIST (k); CREATE TABLE q (k int);
    CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (k); CREATE TABLE p1a PARTITION OF p1 DEFAULT;
    INSERT INTO p VALUES (1)`);
  const { tables } = await postgres.rows.observe(database, new Set(["table:public.p"]));
  assert.deepEqual([...tables.values()].map(({ name, rows }) => [name, rows]), [["public.p1a", [[
    "1",
  ]]]]);
});

/** What changes of the server itself are seen by who may not read all of it. */
async function seesOfServer(database: ScratchDatabase): Promise<void> {
  const before = (await postgres.rows.observe(database)).server;
  await database.exec("SELECT pg_catalog.lo_from_bytea(0, '\\x01'); PREPARE p AS SELECT 1");
  const after = (await postgres.rows.observe(database)).server;
  const changed = [...after].filter(([name, value]) => before.get(name) !== value);
  assert.deepEqual(changed.map(([name]) => name).sort(), [
    "the large objects",
    "the prepared statements",
    "the privileges of large objects",
  ]);
}

test("a role that may read no passwords and no foreign large objects sees the rest", async () => {
  await using database = await server.create();
  await database.exec("CREATE ROLE plain; SET ROLE plain");
  await seesOfServer(database);
});

for (const version of SERVERS) {
  test(`Postgres ${version}: the role of scripts sees the same`, async () => {
    await using own = await startLocal(version);
    await seesOfServer(await own.create());
  });
}
