import assert from "node:assert/strict";
import { after, test } from "node:test";
import { sqlite } from "../../src/engines/sqlite/mod.ts";
import { databaseOf, rowsOf, RUNTIMES, servers, snapshotOf } from "./rows_bench.ts";

const started = servers();
after(() => started.end());

/** A name, the schema before and after, and what is newly possible: `kind column value`. */
const CASES: readonly (readonly [string, string, string, readonly string[]])[] = [
  ["nothing", "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT, b INT)", []],
  ["NULL", "CREATE TABLE t (a INT NOT NULL)", "CREATE TABLE t (a INT)", ["null a NULL"]],
  [
    "NULL in names with dots and quotes",
    'CREATE TABLE "t.u ""v""" ("a.b" INT NOT NULL)',
    'CREATE TABLE "t.u ""v""" ("a.b" INT)',
    ["null a.b NULL"],
  ],
  [
    "a duplicate of a column",
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT UNIQUE)",
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT)",
    ["duplicate a -9223372036854775808"],
  ],
  [
    "a duplicate of two columns, of one index of two",
    `CREATE TABLE t (a INT, b INT, c INT, UNIQUE (a, b)); CREATE UNIQUE INDEX x ON t (a, b); CREATE UNIQUE INDEX y ON t (c)`,
    `CREATE TABLE t (a INT, b INT, c INT); CREATE UNIQUE INDEX x ON t (a, b)`,
    ["duplicate c 301"],
  ],
  [
    "a duplicate where a key is wider now",
    "CREATE TABLE t (a INT, b INT, UNIQUE (a))",
    "CREATE TABLE t (a INT, b INT, UNIQUE (a, b))",
    ["duplicate a 101"],
  ],
  [
    "a duplicate of an expression, of a part of the rows",
    `CREATE TABLE t (a TEXT, b INT); CREATE UNIQUE INDEX x ON t (lower(a)); CREATE UNIQUE INDEX y ON t (b) WHERE b > 201`,
    "CREATE TABLE t (a TEXT, b INT)",
    ["duplicate a 'v101'", "duplicate b 202"],
  ],
  [
    "capitals that a key did not tell apart",
    "CREATE TABLE t (a TEXT COLLATE NOCASE UNIQUE)",
    "CREATE TABLE t (a TEXT UNIQUE)",
    ["duplicate a 'V101'"],
  ],
  [
    "an orphan",
    "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (p INT REFERENCES p)",
    "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (p INT)",
    ["orphan p 900090"],
  ],
  [
    "what a check refused, and a longer text",
    "CREATE TABLE t (a INT CHECK (a < 1000), b TEXT CHECK (length(b) <= 5), c TEXT CHECK (c IN ('x')))",
    "CREATE TABLE t (a INT CHECK (a < 2000), b TEXT, c TEXT CHECK (c IN ('x', 'y')))",
    ["check a 1000", "length b 'xxxx90'", "check c 'y'"],
  ],
  [
    "another type, where STRICT went and where the affinity is another",
    "CREATE TABLE s (a INT) STRICT; CREATE TABLE t (a INT, b TEXT, c REAL, d TEXT)",
    "CREATE TABLE s (a INT); CREATE TABLE t (a TEXT, b INT, c INT, d BLOB)",
    ["type a 'abc'", "type a '00501'", "type b 501", "range c 9007199254740993", "type d '00501'"],
  ],
  [
    "not into other columns' rules",
    "CREATE TABLE t (a TEXT NOT NULL CHECK (length(a) = 4), b INT NOT NULL, c TEXT UNIQUE CHECK (c LIKE 'c-%'))",
    "CREATE TABLE t (a TEXT NOT NULL CHECK (length(a) = 4), b INT, c TEXT UNIQUE CHECK (c LIKE 'c-%'))",
    ["null b NULL"],
  ],
];

for (const runtime of RUNTIMES) {
  for (const [name, from, to, expected] of CASES) {
    test(`${runtime.name}: newly possible: ${name}`, async () => {
      const server = await started.of(runtime);
      const old = await databaseOf(server, from);
      const before = await snapshotOf(old);
      const database = await databaseOf(server, to);
      const after = await snapshotOf(database);
      await sqlite.rows.seed(database);
      const seeded = await sqlite.rows.observe(database);
      const written = await sqlite.rows.seedAfter?.(database, { before, after }) ?? [];
      assert.deepEqual(
        written.map(({ kind, column, value }) => `${kind} ${column} ${value}`),
        expected,
      );
      const seen = await sqlite.rows.observe(database);
      const count = ({ tables }: typeof seen) =>
        [...tables.values()].reduce((sum, { rows }) => sum + rows.length, 0);
      assert.equal(count(seen), count(seeded) + written.length);
      assert.deepEqual(seen.objects, seeded.objects);
    });
  }

  test(`${runtime.name}: only into the given tables`, async () => {
    const server = await started.of(runtime);
    const tables = (rule: string) =>
      `CREATE TABLE a (x INT ${rule}); CREATE TABLE b (x INT ${rule})`;
    const before = await snapshotOf(await databaseOf(server, tables("NOT NULL")));
    const database = await databaseOf(server, tables(""));
    const after = await snapshotOf(database);
    const written = await sqlite.rows.seedAfter?.(database, {
      before,
      after,
      tables: new Set(["table:b"]),
    });
    assert.deepEqual(written, [
      { table: "table:b", tableName: "b", column: "x", kind: "null", value: "NULL" },
    ]);
    assert.deepEqual(await rowsOf(database, "a"), []);
  });
}
