import assert from "node:assert/strict";
import { after, test } from "node:test";
import { sqlite } from "../../src/engines/sqlite/mod.ts";
import { nodeSqlite } from "../../src/runtimes/node_sqlite.ts";
import { databaseOf, rowsOf, RUNTIMES, servers, snapshotOf } from "./rows_bench.ts";

const started = servers();
after(() => started.end());

interface Case {
  readonly name: string;
  readonly schema: string;
  /** Tables that take no row, with a part of the reason. */
  readonly empty?: Readonly<Record<string, RegExp>>;
  /** Queries that give one value, and that value. */
  readonly counts?: readonly (readonly [string, number])[];
}

const CASES: readonly Case[] = [
  {
    name: "NULL wherever it may be, extremes, other storage classes and duplicates",
    schema: "CREATE TABLE t (a INTEGER, b VARCHAR(12), c REAL, d BLOB, e)",
    counts: [
      ["SELECT count(*) FROM t WHERE coalesce(a, b, c, d, e) IS NULL", 1],
      ["SELECT count(*) FROM t WHERE a = 9223372036854775807", 1],
      ["SELECT count(*) FROM t WHERE a = -9223372036854775808", 1],
      ["SELECT count(*) FROM t WHERE typeof(a) = 'text'", 1],
      ["SELECT count(*) FROM t WHERE typeof(a) = 'real'", 1],
      ["SELECT count(*) FROM t WHERE length(b) = 12 AND typeof(b) = 'text'", 1],
      ["SELECT count(*) FROM t WHERE b = ''", 1],
      ["SELECT count(*) FROM t WHERE typeof(b) = 'blob'", 1],
      ["SELECT count(*) FROM t WHERE b = '00501'", 1],
      ["SELECT count(*) FROM t WHERE c = 1.7976931348623157e308", 1],
      ["SELECT count(*) FROM t WHERE typeof(e) = 'text' AND e = '00501'", 1],
      ["SELECT count(*) FROM t WHERE typeof(e) = 'real' AND e = 1", 1],
      ["SELECT count(*) - count(DISTINCT a) FROM t", 2],
    ],
  },
  {
    name: "documents have what required columns are generated from, and what checks look at",
    schema:
      `CREATE TABLE t (value TEXT NOT NULL, id TEXT AS (json_extract(value, '$.id')) STORED NOT NULL,
      state TEXT NOT NULL AS (value -> 'state' ->> 'it''s'), y TEXT AS (strftime('%Y', value ->> '$.at')) NOT NULL);
      CREATE UNIQUE INDEX t_id ON t (id);
      CREATE TABLE u (doc JSON CHECK (json_type(doc, '$.kind') = 'text' AND json_extract(doc, '$.n') > 5))`,
    counts: [
      ["SELECT count(*) > 2 AND count(DISTINCT id) = count(*) FROM t", 1],
      ["SELECT count(*) FROM t WHERE state IS NULL OR y IS NULL", 0],
      ["SELECT count(*) > 1 FROM u WHERE doc IS NOT NULL", 1],
    ],
  },
  {
    name: "a STRICT table gets values of its types only",
    schema: "CREATE TABLE t (a INT, b TEXT NOT NULL, c REAL, d BLOB, e ANY) STRICT",
    counts: [
      ["SELECT count(*) FROM t WHERE typeof(a) NOT IN ('integer', 'null')", 0],
      ["SELECT count(*) FROM t WHERE b = '00501'", 1],
      ["SELECT count(*) FROM t WHERE typeof(e) = 'text' AND e = '00501'", 1],
    ],
  },
  {
    name: "the rowid stays away from its end, and the counter is where the rows are",
    schema: "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT)",
    counts: [
      ["SELECT max(id) < 9007199254740991 FROM t", 1],
      ["SELECT (SELECT seq FROM sqlite_sequence WHERE name = 't') = max(id) FROM t", 1],
    ],
  },
  {
    name: "keys of one, two and computed columns, partial ones, without a rowid",
    schema: `CREATE TABLE t (a TEXT PRIMARY KEY, b INT, c INT, d TEXT, UNIQUE (b, c)) WITHOUT ROWID;
      CREATE UNIQUE INDEX d_lower ON t (lower(d));
      CREATE UNIQUE INDEX c_once ON t (c) WHERE b > 0;`,
    counts: [["SELECT count(*) > 4 FROM t", 1]],
  },
  {
    name: "checks by their own literals, lengths and patterns",
    schema: `CREATE TABLE t (
      id TEXT PRIMARY KEY CHECK (length(id) = 36),
      state TEXT NOT NULL CONSTRAINT known CHECK (state IN ('open', 'closed')),
      low INT NOT NULL CHECK (low BETWEEN 1000000 AND 1000010),
      price NUMERIC NOT NULL CHECK (price > 10 AND price < 12),
      code TEXT NOT NULL CHECK (code GLOB '[A-Z][A-Z][0-9][0-9]-*'),
      mail TEXT NOT NULL CHECK (mail LIKE '%_@_%._%'),
      body TEXT NOT NULL CHECK (json_valid(body)),
      day TEXT NOT NULL CHECK (day IS date(day)),
      hash BLOB NOT NULL CHECK (typeof(hash) = 'blob' AND length(hash) = 32),
      a INT NOT NULL, b INT NOT NULL, CONSTRAINT rising CHECK (a < b AND b > 500000))`,
    counts: [["SELECT count(*) >= 3 FROM t", 1]],
  },
  {
    name: "a table of one row",
    schema: "CREATE TABLE t (id INTEGER PRIMARY KEY CHECK (id = 1), v TEXT)",
    counts: [["SELECT count(*) FROM t", 1]],
  },
  {
    name: "a check that always fails, and what needs its table",
    schema: `CREATE TABLE t (a INT CHECK (a IS NULL AND a IS NOT NULL));
      CREATE TABLE n (t INT NOT NULL REFERENCES p (id)); CREATE TABLE p (id INT UNIQUE CHECK (0));
      CREATE TABLE o (p INT REFERENCES p (id))`,
    empty: { t: /CHECK/, p: /CHECK constraint failed: 0/, n: /nothing in p/ },
    counts: [["SELECT count(*) > 0 FROM o", 1]],
  },
  {
    name:
      "foreign keys that form a cycle, refer to their own table, to two columns, to a key without names",
    schema:
      `CREATE TABLE a (id INTEGER PRIMARY KEY, b INT NOT NULL REFERENCES b (id) DEFERRABLE INITIALLY DEFERRED);
      CREATE TABLE b (id INT PRIMARY KEY NOT NULL, a INT NOT NULL REFERENCES a);
      CREATE TABLE tree (id INTEGER PRIMARY KEY, parent INT NOT NULL REFERENCES tree (id));
      CREATE TABLE two (x TEXT, y INT, PRIMARY KEY (x, y));
      CREATE TABLE of_two (x TEXT NOT NULL, y INT NOT NULL, FOREIGN KEY (x, y) REFERENCES two);
      CREATE TABLE uuid (id TEXT PRIMARY KEY CHECK (length(id) = 36));
      CREATE TABLE of_uuid (uuid TEXT NOT NULL UNIQUE REFERENCES uuid (id));
      CREATE TABLE one (id INT PRIMARY KEY NOT NULL REFERENCES a (id))`,
    counts: [
      ["SELECT count(*) FROM pragma_foreign_key_check", 0],
      ["SELECT count(*) > 1 FROM of_two", 1],
      ["SELECT count(*) > 1 FROM of_uuid", 1],
      ["SELECT count(*) > 1 FROM one", 1],
    ],
  },
  {
    name: "no foreign key, so nothing that could be referred to",
    schema: "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p_id INT)",
    counts: [["SELECT count(*) > 0 FROM c WHERE p_id NOT IN (SELECT id FROM p)", 1]],
  },
  {
    name: "a foreign key to a table that is not there",
    schema:
      "CREATE TABLE c (p INT NOT NULL REFERENCES gone (id)); CREATE TABLE d (p INT REFERENCES gone)",
    empty: { c: /nothing in gone/ },
    counts: [["SELECT count(*) FROM d WHERE p IS NULL", 9]],
  },
  {
    name: "triggers that raise, and that write, do not fire",
    schema: `CREATE TABLE t (a INT); CREATE TABLE log (a INT);
      CREATE TRIGGER no BEFORE INSERT ON t BEGIN SELECT raise(ROLLBACK, 'no'); END;
      CREATE TRIGGER "it's" AFTER INSERT ON log BEGIN DELETE FROM t; END`,
    counts: [["SELECT count(*) FROM t", 9]],
  },
  {
    name: "generated columns, and expressions that not every value gets through",
    schema:
      `CREATE TABLE t (a TEXT NOT NULL, b AS (json_extract(a, '$.a')) STORED, c INT AS (abs(d)), d INT);
      CREATE INDEX t_c ON t (c)`,
    counts: [["SELECT count(*) >= 3 FROM t WHERE b IS NOT NULL", 1]],
  },
  {
    name: "names with quotes, dots and commas",
    schema:
      `CREATE TABLE "a ""b"".c" ("x, y" INT NOT NULL UNIQUE, "it's" TEXT CHECK ("it's" = 'z'), "select" INT);
      CREATE TABLE [d'e] ([f]]] INT)`.replace("[f]]]", '"f]"'),
    counts: [[`SELECT count(*) > 3 FROM "a ""b"".c"`, 1], [`SELECT count(*) > 3 FROM "d'e"`, 1]],
  },
  {
    name: "conflicts that would replace or ignore",
    schema: `CREATE TABLE t (a INT UNIQUE ON CONFLICT REPLACE, b INT NOT NULL ON CONFLICT IGNORE,
      c INT PRIMARY KEY ON CONFLICT ROLLBACK)`,
    counts: [["SELECT count(*) FROM t", 9]],
  },
  {
    name: "three hundred columns",
    schema: `CREATE TABLE t (${Array.from({ length: 300 }, (_, at) => `c${at} INT`).join(", ")})`,
    counts: [["SELECT count(*) FROM t", 9]],
  },
];

/** sql.js is built without fts5. */
const VIRTUAL: readonly Case[] = [
  {
    name: "virtual tables and what they keep",
    schema: `CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT);
      CREATE VIRTUAL TABLE own USING fts5 (title, body);
      CREATE VIRTUAL TABLE docs_index USING fts5 (body, content='docs', content_rowid='id')`,
    counts: [
      ["SELECT count(*) FROM own WHERE own MATCH 'words'", 2],
      ["SELECT count(*) > 0 FROM docs_index", 1],
    ],
  },
];

for (const runtime of RUNTIMES) {
  const cases = runtime === nodeSqlite ? [...CASES, ...VIRTUAL] : CASES;
  for (const { name, schema, empty = {}, counts = [] } of cases) {
    test(`${runtime.name}: ${name}`, async () => {
      const server = await started.of(runtime);
      const database = await databaseOf(server, schema);
      const before = await sqlite.fingerprint(database);
      const seeded = await sqlite.rows.seed(database);
      const reasons = new Map(seeded.empty.map(({ table, reason }) => [table, reason]));
      assert.deepEqual([...reasons.keys()].sort(), Object.keys(empty).sort());
      for (const [table, reason] of Object.entries(empty)) {
        assert.match(reasons.get(table) ?? "", reason);
      }
      for (const [query, count] of counts) {
        const [row] = await database.query<Record<string, number>>(query);
        assert.equal(Number(Object.values(row ?? {})[0]), count, query);
      }
      assert.equal(await sqlite.fingerprint(database), before);
      assert.deepEqual(await database.query("PRAGMA integrity_check"), [{ integrity_check: "ok" }]);
      const seen = await sqlite.rows.observe(database);
      const again = await databaseOf(server, schema);
      assert.deepEqual(await sqlite.rows.seed(again), seeded);
      assert.deepEqual(await sqlite.rows.observe(again), seen);
    });
  }

  test(`${runtime.name}: triggers are at their places, fire, and settings are as they were`, async () => {
    const database = await databaseOf(
      await started.of(runtime),
      `PRAGMA foreign_keys = ON; CREATE TABLE t (a INT);
      CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT raise(ABORT, 'fired'); END; CREATE VIEW v AS SELECT 1 AS x`,
    );
    const before = await sqlite.rows.observe(database);
    const seeded = await sqlite.rows.seed(database);
    assert.deepEqual(seeded.notes, ["1 trigger did not fire while rows were put in"]);
    const after = await sqlite.rows.observe(database);
    assert.deepEqual(after.objects, before.objects);
    assert.deepEqual(after.server, before.server);
    assert.deepEqual(await database.query("PRAGMA foreign_keys"), [{ foreign_keys: 1 }]);
    await assert.rejects(database.exec("INSERT INTO t VALUES (1)"), /fired/);
  });

  test(`${runtime.name}: the given tables alone, and those that they cannot do without`, async () => {
    const database = await databaseOf(
      await started.of(runtime),
      `CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE "B" (a INT NOT NULL REFERENCES a);
      CREATE TABLE c (a INT REFERENCES a); CREATE TABLE d (id INT)`,
    );
    const { tables } = await sqlite.rows.seed(database, { tables: new Set(["table:b"]) });
    assert.deepEqual(tables, ["table:a", "table:b"]);
    assert.deepEqual(await rowsOf(database, "c"), []);
    const { tables: seen } = await sqlite.rows.observe(database, new Set(["table:b", "table:d"]));
    assert.deepEqual([...seen.keys()], ["table:b", "table:d"]);
  });

  test(`${runtime.name}: rows fit a schema that is ahead`, async () => {
    const server = await started.of(runtime);
    const ahead = await databaseOf(
      server,
      `CREATE TABLE p (id INTEGER PRIMARY KEY);
      CREATE TABLE t (a INT NOT NULL CHECK (a > 100000), b TEXT UNIQUE, c INT REFERENCES p (id), d INT) STRICT`,
    );
    const expected = await snapshotOf(ahead);
    const database = await databaseOf(
      server,
      "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a TEXT, b TEXT, c INT, d TEXT)",
    );
    const { empty } = await sqlite.rows.seed(database, { expected });
    assert.deepEqual(empty, []);
    await database.exec(
      `CREATE TABLE n (a INT NOT NULL CHECK (a > 100000), b TEXT UNIQUE, c INT REFERENCES p (id), d INT) STRICT;
      INSERT INTO n SELECT * FROM t`,
    );
    assert.deepEqual(await database.query("SELECT * FROM pragma_foreign_key_check"), []);
    assert.equal((await rowsOf(database, "n")).length, 7);
  });
}
