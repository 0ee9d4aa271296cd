import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Engine } from "../../src/engines/engine.ts";
import type { ScratchDatabase, Server } from "../../src/runtimes/runtime.ts";
import { run, SERVERS, snapshotOf, startServer } from "./servers.ts";

const started = new Map<string, Server>();
after(async () => {
  for (const server of started.values()) await server[Symbol.asyncDispose]();
});

async function serverOf(engine: Engine): Promise<Server> {
  const server = started.get(engine.dialect) ?? await startServer(engine);
  started.set(engine.dialect, server);
  return server;
}

async function databaseOf(engine: Engine, sql: string): Promise<ScratchDatabase> {
  const database = await (await serverOf(engine)).create();
  await run(engine, database, sql);
  return database;
}

async function valuesOf(database: ScratchDatabase, sql: string): Promise<readonly unknown[]> {
  return (await database.query<{ readonly v: unknown }>(sql)).map(({ v }) => v);
}

/** A name, the schema before and after, and what is newly possible: `kind column value`. */
const AFTER: readonly (readonly [string, string, string, readonly string[]])[] = [
  ["nothing", "CREATE TABLE t (a int)", "CREATE TABLE t (a int, b int)", []],
  ["NULL", "CREATE TABLE t (a int NOT NULL)", "CREATE TABLE t (a int)", ["null a NULL"]],
  [
    "a label",
    "CREATE TABLE t (a enum('x','y'))",
    "CREATE TABLE t (a enum('x','y','z'))",
    ["enum-value a 'z'"],
  ],
  [
    "greater and smaller numbers",
    "CREATE TABLE t (a int unsigned, b decimal(4,2))",
    "CREATE TABLE t (a bigint, b decimal(6,3))",
    ["range a 4294967296", "range a -1", "range b 100", "type b 0.001"],
  ],
  [
    "a longer text",
    "CREATE TABLE t (a varchar(4))",
    "CREATE TABLE t (a text)",
    ["length a 'yyyyy'"],
  ],
  [
    "a duplicate",
    "CREATE TABLE t (id int PRIMARY KEY, a int, UNIQUE (a))",
    "CREATE TABLE t (id int PRIMARY KEY, a int)",
    ["duplicate a '-2147483648'"],
  ],
  [
    "an orphan",
    "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (p int, FOREIGN KEY (p) REFERENCES p (id))",
    "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (p int)",
    ["orphan p 9070"],
  ],
  [
    "what a check refused",
    "CREATE TABLE t (a int, CHECK (a < 100000))",
    "CREATE TABLE t (a int)",
    ["check a 100001"],
  ],
];

const SHOP = `
CREATE TABLE tags (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, name varchar(12) CHARACTER SET utf8mb4,
  size tinyint unsigned, kind enum('a','b','c'), flags set('x','y'), price decimal(6,2), born date, seen datetime(3),
  raw varbinary(8), code char(3), UNIQUE (code));
CREATE TABLE people (id int PRIMARY KEY, boss int, tag bigint unsigned NOT NULL, age int, loose int,
  CHECK (age IN (17, 18)), FOREIGN KEY (boss) REFERENCES people (id), FOREIGN KEY (tag) REFERENCES tags (id));
CREATE TABLE sales (id int, region varchar(10) NOT NULL, n int NOT NULL)
  PARTITION BY LIST (n) (PARTITION p0 VALUES IN (4, 7), PARTITION p1 VALUES IN (9));`;

for (const { engine, isMissing } of SERVERS) {
  test(
    `${engine.dialect}: rows of all shapes stand in all tables`,
    { skip: isMissing },
    async () => {
      await using database = await databaseOf(engine, SHOP);
      const { tables = [], empty } = await engine.rows.seed(database);
      assert.deepEqual(empty, []);
      assert.deepEqual([...tables].sort(), ["table:people", "table:sales", "table:tags"]);
      const has = async (sql: string) =>
        assert.equal(
          Number((await valuesOf(database, `SELECT COUNT(*) AS v FROM ${sql}`))[0]) > 0,
          true,
          sql,
        );
      await has("tags WHERE size = 255");
      await has("tags WHERE size = 0");
      await has("tags WHERE price = 9999.99");
      await has("tags WHERE price = -9999.99");
      await has("tags WHERE name = ''");
      await has("tags WHERE name LIKE 'it''s%ü%'");
      await has("tags WHERE CHAR_LENGTH(name) = 12");
      await has("tags WHERE name IS NULL AND size IS NULL AND kind IS NULL");
      await has("tags WHERE kind = 'c'");
      await has("tags WHERE flags = 'x,y'");
      await has("tags WHERE born = '9999-12-31'");
      await has("tags WHERE seen = '9999-12-31 23:59:59.999'");
      await has("tags a JOIN tags b ON a.id < b.id AND a.price = b.price AND a.born = b.born");
      await has("people WHERE boss IS NOT NULL");
      await has("people WHERE loose NOT IN (SELECT id FROM tags)");
      assert.deepEqual(
        await valuesOf(
          database,
          "SELECT COUNT(*) AS v FROM people WHERE tag NOT IN (SELECT id FROM tags)",
        ),
        [0],
      );
      assert.deepEqual(
        await valuesOf(
          database,
          "SELECT COUNT(*) AS v FROM people p LEFT JOIN people b ON b.id = p.boss WHERE p.boss IS NOT NULL AND b.id IS NULL",
        ),
        [0],
      );
    },
  );

  test(`${engine.dialect}: the same rows for the same schema`, { skip: isMissing }, async () => {
    const seen = [];
    for (let round = 0; round < 2; round++) {
      await using database = await databaseOf(engine, SHOP);
      await engine.rows.seed(database);
      seen.push([...(await engine.rows.observe(database)).tables.values()].map(({ rows }) => rows));
    }
    assert.deepEqual(seen[0], seen[1]);
  });

  test(`${engine.dialect}: triggers are away while rows are put in, and there again as they were`, {
    skip: isMissing,
  }, async () => {
    const sql = `CREATE TABLE t (id int PRIMARY KEY, a int); CREATE TABLE log (a int);
      CREATE TRIGGER second BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
      CREATE TRIGGER first BEFORE INSERT ON t FOR EACH ROW PRECEDES second INSERT INTO missing VALUES (1)`;
    await using database = await databaseOf(engine, sql);
    const before = await engine.inspect(database, { ignoreTables: [] });
    const { off = [], notes = [], empty } = await engine.rows.seed(database);
    assert.deepEqual(empty, []);
    assert.deepEqual([...off].sort(), ["trigger:first", "trigger:second"]);
    assert.deepEqual(notes, ["2 triggers did not fire while rows were put in"]);
    assert.deepEqual(await engine.inspect(database, { ignoreTables: [] }), before);
  });

  test(`${engine.dialect}: rows fit the schema that is ahead, and statements that compare`, {
    skip: isMissing,
  }, async () => {
    const expected = await snapshotOf(
      engine,
      await serverOf(engine),
      "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL UNIQUE, b enum('y'), c int, CHECK (c > 500))",
    );
    await using database = await databaseOf(
      engine,
      "CREATE TABLE t (id int PRIMARY KEY, a int, b enum('x','y'), c varchar(20), d varchar(20))",
    );
    const statements = ["UPDATE t SET d = NULL WHERE d = 'gold'"];
    await engine.rows.seed(database, { expected, statements });
    const count = async (condition: string) =>
      Number((await valuesOf(database, `SELECT COUNT(*) AS v FROM t WHERE ${condition}`))[0]);
    assert.equal(await count("a IS NULL OR b = 'x' OR c + 0 <= 500"), 0);
    assert.equal(await count("d = 'gold'"), 1);
    assert.deepEqual(await valuesOf(database, "SELECT COUNT(*) - COUNT(DISTINCT a) AS v FROM t"), [
      0,
    ]);
  });

  test(`${engine.dialect}: tables that are asked for get rows, and what they cannot do without`, {
    skip: isMissing,
  }, async () => {
    await using database = await databaseOf(engine, SHOP);
    const { tables = [] } = await engine.rows.seed(database, { tables: new Set(["table:people"]) });
    assert.deepEqual([...tables].sort(), ["table:people", "table:tags"]);
    const seen = await engine.rows.observe(database, new Set(["table:people"]), "rows");
    assert.deepEqual([...seen.tables.keys()], ["table:people"]);
    assert.equal(seen.objects.size + seen.server.size, 0);
  });

  for (const [name, from, to, wanted] of AFTER) {
    test(`${engine.dialect}: new data: ${name}`, { skip: isMissing }, async () => {
      const server = await serverOf(engine);
      const [before, later] = [
        await snapshotOf(engine, server, from),
        await snapshotOf(engine, server, to),
      ];
      await using database = await databaseOf(engine, to);
      await engine.rows.seed(database);
      await database.exec(engine.reset);
      const data = await engine.rows.seedAfter?.(database, { before, after: later }) ?? [];
      assert.deepEqual(data.map(({ kind, column, value }) => `${kind} ${column} ${value}`), wanted);
    });
  }
}
