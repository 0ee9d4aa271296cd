import assert from "node:assert/strict";
import { after, test } from "node:test";
import { changesBetween } from "../../src/core/change.ts";
import { sqlite } from "../../src/engines/sqlite/mod.ts";
import type { ScratchDatabase, Server } from "../../src/runtimes/runtime.ts";
import { sqljs } from "../../src/runtimes/sqljs.ts";
import type { Answer } from "../../src/core/choice.ts";
import type { Hints, Plan } from "../../src/core/plan.ts";
import type { Snapshot } from "../../src/core/snapshot.ts";
import { ROW_CASES } from "./rebuilds.ts";
import { servers } from "./rows_bench.ts";

const hints: Hints = {
  answers: new Map(),
  renames: [],
  dropAdd: true,
  strictOrder: false,
  deployedVersion: null,
};

const started = servers();
after(() => started.end());

const start = () => started.of(sqljs);

async function load(server: Server, sql: string): Promise<ScratchDatabase> {
  const database = await server.create();
  for (const statement of sqlite.split(sql)) await database.exec(statement.sql);
  return database;
}

const inspect = (database: ScratchDatabase) => sqlite.inspect(database, { ignoreTables: [] });

async function snapshotOf(server: Server, sql: string): Promise<Snapshot> {
  return await inspect(await load(server, sql));
}

/** Runs a plan as a runner does that opens a transaction. */
async function run(database: ScratchDatabase, plan: Plan): Promise<void> {
  await database.exec("BEGIN");
  for (const { sql, transactional } of plan.statements) {
    assert.ok(transactional, `not for a transaction: ${sql}`);
    try {
      await database.exec(sql);
    } catch (error) {
      throw new Error(`${error} in: ${sql}`);
    }
  }
  await database.exec("COMMIT");
}

async function rows(database: ScratchDatabase, sql: string): Promise<unknown[][]> {
  return (await database.query<object>(sql)).map((row) => Object.values(row));
}

function assertSame(actual: Snapshot, expected: Snapshot): void {
  const changes = changesBetween(actual, expected, { strictOrder: false });
  assert.deepEqual(changes, []);
}

for (const one of ROW_CASES) {
  for (const enforced of [true, false]) {
    test(`${one.name} (foreign keys ${enforced ? "on" : "off"})`, async () => {
      const server = await start();
      const to = await snapshotOf(server, one.to);
      await using database = await load(server, one.from);
      const from = await inspect(database);
      await database.exec(one.rows);
      await database.exec(`PRAGMA foreign_keys = ${enforced ? "ON" : "OFF"}`);
      const queries = one.back ?? one.expect.map(([query]) => [query, null] as const);
      const before = new Map<string, unknown[][]>();
      if (one.back === undefined) {
        for (const [query] of queries) {
          before.set(query, await rows(database, query).catch(() => []));
        }
      }

      const up = sqlite.plan(from, to, hints);
      const text = up.statements.map((statement) => `${statement.sql};\n`).join("");
      for (const part of one.has ?? []) assert.ok(text.includes(part), `no "${part}" in:\n${text}`);
      for (const part of one.lacks ?? []) assert.ok(!text.includes(part), `"${part}" in:\n${text}`);
      await run(database, up);
      const after = await inspect(database);
      assertSame(after, to);
      for (const [query, expected] of one.expect) {
        assert.deepEqual(await rows(database, query), expected, `${query}\n${text}`);
      }
      assert.deepEqual(await rows(database, "PRAGMA foreign_key_check"), []);

      if (one.oneWay === true) return;
      await run(database, sqlite.plan(after, from, { ...hints, isDown: true }));
      assertSame(await inspect(database), from);
      for (const [query, expected] of queries) {
        const wanted = expected ?? before.get(query) ?? [];
        if (wanted.length > 0) assert.deepEqual(await rows(database, query), wanted, query);
      }
      assert.deepEqual(await rows(database, "PRAGMA foreign_key_check"), []);
    });
  }
}

/** A change, an answer, and the rows that it leaves; null when the migration must fail. */
const fills: readonly [string, string, string, Answer | null, unknown[][] | null][] = [
  ["fill:t.b", "a INT", "a INT, b TEXT NOT NULL", null, null],
  ["fill:t.b", "a INT", "a INT, b TEXT NOT NULL", { option: "default", by: "flag" }, [[1, ""]]],
  ["fill:t.b", "a INT", "a INT, b TEXT NOT NULL", {
    option: "expression",
    expression: "'n' || a",
    by: "flag",
  }, [[1, "n1"]]],
  ["fill:t.b", "a INT, b TEXT", "a INT, b TEXT NOT NULL", null, null],
  ["fill:t.b", "a INT, b TEXT", "a INT, b TEXT NOT NULL DEFAULT 'd'", null, [[1, "d"]]],
  ["fill:t.b", "a INT, b TEXT", "a INT, b TEXT NOT NULL DEFAULT 'd'", {
    option: "assume-empty",
    by: "flag",
  }, null],
  ["fill:t.k", "a INT", "a INT, k TEXT NOT NULL PRIMARY KEY", null, null],
  ["fill:t.k", "a INT", "a INT, k TEXT NOT NULL PRIMARY KEY", {
    option: "expression",
    expression: "a",
    by: "flag",
  }, [[1, "1"]]],
];

for (const [id, from, to, answer, expected] of fills) {
  const by = answer === null ? "nobody's answer" : `${answer.option} ${answer.expression ?? ""}`;
  test(`rows without a value: (${from}) to (${to}) with ${by}`, async () => {
    const server = await start();
    const target = await snapshotOf(server, `CREATE TABLE t (${to})`);
    await using database = await load(
      server,
      `CREATE TABLE t (${from}); INSERT INTO t (a) VALUES (1)`,
    );
    const answers = new Map(answer === null ? [] : [[id, answer]]);
    const plan = sqlite.plan(await inspect(database), target, { ...hints, answers });
    assert.ok(plan.choices.some((choice) => choice.id === id));
    const isOpen = answer === null && expected === null;
    assert.equal(plan.choices.some((choice) => choice.answer === null), isOpen);
    if (expected === null) {
      await assert.rejects(run(database, plan), /NOT NULL constraint failed/);
      return;
    }
    await run(database, plan);
    assertSame(await inspect(database), target);
    assert.deepEqual(await rows(database, "SELECT * FROM t"), expected);
  });
}

test("rows that a new key forbids can be deleted, and values converted", async () => {
  const server = await start();
  const target = await snapshotOf(
    server,
    "CREATE TABLE t (a INT UNIQUE, b INT, at TEXT); CREATE UNIQUE INDEX t_b ON t (b)",
  );
  await using database = await load(
    server,
    `CREATE TABLE t (a INT, b INT, at INT);
     INSERT INTO t VALUES (1, 1, 60), (1, 2, 60), (2, 1, 60), (3, 3, 60), (NULL, NULL, 60), (NULL, NULL, 60)`,
  );
  const by = "flag" as const;
  const answers = new Map<string, Answer>([
    ["unique:t.unique (a)", { option: "delete", by }],
    ["unique:t_b", { option: "delete", by }],
    ["convert:t.at", { option: "expression", expression: "time(at, 'unixepoch')", by }],
  ]);
  const from = await inspect(database);
  const asked = sqlite.plan(from, target, hints).choices.map(({ id, fallback }) => [id, fallback]);
  assert.deepEqual(asked, [
    ["convert:t.at", "copy"],
    ["unique:t.unique (a)", null],
    ["unique:t_b", null],
  ]);
  await run(database, sqlite.plan(from, target, { ...hints, answers }));
  assertSame(await inspect(database), target);
  assert.deepEqual(await rows(database, "SELECT a, b, at FROM t"), [
    [1, 1, "00:01:00"],
    [3, 3, "00:01:00"],
    [null, null, "00:01:00"],
    [null, null, "00:01:00"],
  ]);
});

/** A change and the statements that SQLite 3.53 can make of it. */
const modern: readonly [string, string, readonly string[]][] = [
  ["a INT", "a INT NOT NULL", ["ALTER TABLE t ALTER COLUMN a SET NOT NULL"]],
  ["a INT NOT NULL", "a INT", ["ALTER TABLE t ALTER COLUMN a DROP NOT NULL"]],
  ["a INT", "a INT, CONSTRAINT c CHECK (a > 0)", [
    "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
  ]],
  ["a INT, CONSTRAINT c CHECK (a > 0)", "a INT", ["ALTER TABLE t DROP CONSTRAINT c"]],
  ["a INT CONSTRAINT c CHECK (a > 0)", "a INT CONSTRAINT c CHECK (a > 1)", [
    "ALTER TABLE t DROP CONSTRAINT c",
    "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1)",
  ]],
];

for (const [from, to, expected] of modern) {
  test(`SQLite 3.53 does in place: (${from}) to (${to})`, async () => {
    const server = await start();
    const target = await snapshotOf(server, `CREATE TABLE t (${to})`);
    await using database = await load(server, `CREATE TABLE t (${from})`);
    const before = await inspect(database);
    const plan = sqlite.plan(before, target, { ...hints, deployedVersion: "3.53" });
    assert.deepEqual(plan.statements.map((statement) => statement.sql), expected);
    await run(database, plan);
    assertSame(await inspect(database), target);
    for (const deployedVersion of ["3.52", "3.35.5", null]) {
      const old = sqlite.plan(before, target, { ...hints, deployedVersion });
      assert.equal(old.statements.length, 4);
    }
  });
}

test("tables and columns are renamed in place", async () => {
  const server = await start();
  const target = await snapshotOf(server, `CREATE TABLE people (id INT, "full name" TEXT)`);
  await using database = await load(server, "CREATE TABLE users (id INT, name TEXT)");
  const rename = (kind: string, from: string, to: string) => ({
    kind,
    from,
    to,
    by: "flag" as const,
  });
  const renames = [
    rename("table", "users", "people"),
    rename("column", "people.name", "full name"),
  ];
  for (let round = 0; round < 2; round++) {
    const plan = sqlite.renames(await inspect(database), target, { ...hints, renames });
    await run(database, plan);
  }
  assertSame(await inspect(database), target);
});

test("renames work although a view elsewhere is broken", async () => {
  const server = await start();
  const broken = `
    CREATE VIEW broken AS SELECT x FROM missing;
    CREATE TRIGGER on_broken INSTEAD OF INSERT ON broken BEGIN SELECT 1; END;`;
  const target = await snapshotOf(
    server,
    `CREATE TABLE b (y INT); CREATE VIEW v AS SELECT y FROM b; ${broken}`,
  );
  await using database = await load(
    server,
    `CREATE TABLE a (x INT); CREATE VIEW v AS SELECT x FROM a; ${broken}`,
  );
  const renames = [
    { kind: "table", from: "a", to: "b", by: "flag" as const },
    { kind: "column", from: "b.x", to: "y", by: "flag" as const },
  ];
  for (let round = 0; round < 2; round++) {
    await run(database, sqlite.renames(await inspect(database), target, { ...hints, renames }));
  }
  assertSame(await inspect(database), target);
});

test("a rename that nobody stated is a question with its evidence", async () => {
  const server = await start();
  const from = await snapshotOf(server, "CREATE TABLE t (id INT, fullname TEXT)");
  const to = await snapshotOf(server, "CREATE TABLE t (id INT, name TEXT)");
  const plan = sqlite.renames(from, to, { ...hints, dropAdd: false });
  assert.deepEqual(plan.choices.map(({ id, answer }) => [id, answer]), [
    ["rename:column:t.fullname", null],
  ]);
});

test("the order of columns is planned only when it counts", async () => {
  const server = await start();
  const from = await snapshotOf(server, "CREATE TABLE t (a INT, b INT)");
  const to = await snapshotOf(server, "CREATE TABLE t (b INT, a INT)");
  assert.equal(sqlite.plan(from, to, hints).statements.length, 0);
  assert.equal(sqlite.plan(from, to, { ...hints, strictOrder: true }).statements.length, 4);
});

test("what is lost is said", async () => {
  const server = await start();
  const from = await snapshotOf(
    server,
    "CREATE TABLE t (a INT, b INT, c INT PRIMARY KEY); CREATE TABLE u (x)",
  );
  const to = await snapshotOf(server, "CREATE TABLE t (a INT, b INT)");
  const lost = sqlite.plan(from, to, hints).statements.flatMap(({ destroys }) => destroys ?? []);
  assert.deepEqual(lost.toSorted(), ["the rows of table u", "the values of column t.c"]);
  const one = await snapshotOf(
    server,
    "CREATE TABLE t (a INT, c INT PRIMARY KEY); CREATE TABLE u (x)",
  );
  const dropped = sqlite.plan(from, one, hints).statements.map((
    { sql, destroys },
  ) => [sql, destroys]);
  assert.deepEqual(dropped, [["ALTER TABLE t DROP COLUMN b", "the values of column t.b"]]);
});

/** A change that needs a rebuild, and the comments of its steps. */
const steps: readonly [string, string, string, readonly string[]][] = [
  ["a table that no foreign key points at", "CREATE TABLE t (a INT)", "CREATE TABLE t (a TEXT)", [
    "the table as it is to be, under another name",
    "its rows",
    "the new table takes the place of the old one",
  ]],
  [
    "a table that foreign keys point at",
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT); CREATE TABLE c (t INT REFERENCES t ON DELETE CASCADE)",
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE c (t INT REFERENCES t ON DELETE CASCADE)",
    [
      "foreign keys are checked at the end of the transaction",
      "rows of other tables that would be deleted or changed, put aside",
      "the rows of the table, put aside",
      "the table as it is to be",
      "its rows, put back",
      "the rows of other tables, put back",
    ],
  ],
];

for (const [title, from, to, comments] of steps) {
  test(`the rebuild of ${title} says its steps`, async () => {
    const server = await start();
    const plan = sqlite.plan(await snapshotOf(server, from), await snapshotOf(server, to), hints);
    assert.deepEqual(plan.statements.flatMap(({ comment }) => comment ?? []), comments);
  });
}

test("a type of several parts is named with one blank behind a comma", async () => {
  const server = await start();
  const from = await snapshotOf(server, "CREATE TABLE t (a TEXT)");
  const to = await snapshotOf(server, "CREATE TABLE t (a DECIMAL(10,2))");
  const destroyed = sqlite.plan(from, to, hints).statements.flatMap(({ destroys }) =>
    destroys ?? []
  );
  assert.deepEqual(destroyed, ["the part of t.a that DECIMAL(10, 2) cannot hold"]);
});
