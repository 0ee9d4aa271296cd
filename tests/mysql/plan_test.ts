import assert from "node:assert/strict";
import type { Answer } from "../../src/core/choice.ts";
import type { Hints } from "../../src/core/plan.ts";
import { PAIRS } from "./pairs.ts";
import { assertSame, HINTS, inspect, load, migrate, onServers, snapshotOf } from "./planning.ts";

onServers("pairs of schemas are planned there and back", async (bench, t) => {
  for (const pair of PAIRS) {
    if (pair.only !== undefined && pair.only !== bench.engine.dialect) continue;
    if (pair.not === bench.server.version) continue;
    await t.test(pair.name, async () => {
      const to = await snapshotOf(bench, pair.after);
      await using database = await load(bench, pair.before);
      const from = await inspect(bench, database);
      const up = await migrate(bench, database, to, HINTS);
      assertSame(await inspect(bench, database), to);
      const text = up.map(({ sql }) => `${sql};\n`).join("");
      if (pair.count !== undefined) assert.equal(up.length, pair.count, text);
      if (pair.says !== undefined) assert.match(text, pair.says);
      await migrate(bench, database, from, { ...HINTS, isDown: true });
      assertSame(await inspect(bench, database), from);
    });
  }
});

/** Renames that the user stated. */
const RENAMES: readonly {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly renames: readonly (readonly [from: string, to: string])[];
}[] = [
  {
    name: "a column under a check, a generated column and indexes",
    before:
      "CREATE TABLE t (a int, b int AS (a + 1) VIRTUAL, c int, KEY kb (b, c), CONSTRAINT ck CHECK (a > c))",
    after:
      "CREATE TABLE t (z int, b int AS (z + 1) VIRTUAL, c int, KEY kb (b, c), CONSTRAINT ck CHECK (z > c))",
    renames: [["t.a", "t.z"]],
  },
  {
    name: "columns on both ends of a foreign key",
    before:
      "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (x int, CONSTRAINT f FOREIGN KEY (x) REFERENCES t (a) ON DELETE CASCADE)",
    after:
      "CREATE TABLE t (z int PRIMARY KEY); CREATE TABLE u (y int, CONSTRAINT f FOREIGN KEY (y) REFERENCES t (z) ON DELETE CASCADE)",
    renames: [["t.a", "t.z"], ["u.x", "u.y"]],
  },
  {
    name: "a table with a view, a trigger and a foreign key",
    before:
      "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (x int, CONSTRAINT f FOREIGN KEY (x) REFERENCES t (a)); CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
    after:
      "CREATE TABLE z (a int PRIMARY KEY); CREATE TABLE u (x int, CONSTRAINT f FOREIGN KEY (x) REFERENCES z (a)); CREATE VIEW v AS SELECT a FROM z; CREATE TRIGGER tr BEFORE INSERT ON z FOR EACH ROW SET NEW.a = 1",
    renames: [["t", "z"]],
  },
  {
    name: "the column of a partitioning",
    before: "CREATE TABLE t (a int, b int) PARTITION BY HASH (a) PARTITIONS 2",
    after: "CREATE TABLE t (z int, b int) PARTITION BY HASH (z) PARTITIONS 2",
    renames: [["t.a", "t.z"]],
  },
];

onServers("renames keep rows", async (bench, t) => {
  for (const { name, before, after, renames } of RENAMES) {
    await t.test(name, async () => {
      const stated = (turned: boolean): Hints => ({
        ...HINTS,
        renames: renames.map(([from, to]) => ({
          kind: null,
          from: turned ? to : from,
          to: turned ? from : to,
          by: "flag",
        })),
      });
      const to = await snapshotOf(bench, after);
      await using database = await load(bench, before);
      const from = await inspect(bench, database);
      const up = await migrate(bench, database, to, stated(false));
      assertSame(await inspect(bench, database), to);
      assert.deepEqual(up.flatMap(({ destroys }) => destroys ?? []), []);
      await migrate(bench, database, from, { ...stated(true), isDown: true });
      assertSame(await inspect(bench, database), from);
    });
  }
});

/** What rows become, by an answer. */
const ROWS: readonly {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly rows: string;
  readonly answers: Readonly<Record<string, Omit<Answer, "by">>>;
  readonly query: string;
  readonly expect: readonly unknown[];
  /** What the statements say that they destroy. */
  readonly destroys?: readonly string[];
}[] = [
  {
    name: "values that the server would not make up",
    before: "CREATE TABLE t (a int PRIMARY KEY, b int)",
    after:
      "CREATE TABLE t (a int PRIMARY KEY, b int NOT NULL, d date NOT NULL, e varchar(30) NOT NULL, UNIQUE KEY u (d, e))",
    rows: "INSERT INTO t VALUES (1, NULL), (2, 5)",
    answers: {
      "fill:t.b": { option: "default" },
      "fill:t.d": { option: "default" },
      "fill:t.e": { option: "expression", expression: "concat('n', a)" },
    },
    query: "SELECT concat_ws(' ', a, b, d, e) AS v FROM t ORDER BY a",
    expect: ["1 0 1970-01-01 n1", "2 5 1970-01-01 n2"],
    destroys: ["which rows of t had no value in b"],
  },
  {
    name: "duplicates are deleted but for the first",
    before: "CREATE TABLE t (a int PRIMARY KEY, b varchar(10))",
    after: "CREATE TABLE t (a int PRIMARY KEY, b varchar(10), UNIQUE KEY u (b))",
    rows: "INSERT INTO t VALUES (1, 'x'), (2, 'X'), (3, 'y'), (4, NULL), (5, NULL)",
    answers: { "unique:t.u": { option: "delete" } },
    query: "SELECT concat('', a) AS v FROM t ORDER BY a",
    expect: ["1", "3", "4", "5"],
    destroys: ["rows of t that are equal in b"],
  },
  {
    name: "values by an expression, from texts and into labels",
    before: "CREATE TABLE t (a int PRIMARY KEY, b varchar(10), c int)",
    after: "CREATE TABLE t (a int PRIMARY KEY, b int, c enum('few','many'))",
    rows: "INSERT INTO t VALUES (1, 'abc', 1), (2, 'x', 9)",
    answers: {
      "convert:t.b": { option: "expression", expression: "char_length(b)" },
      "convert:t.c": { option: "expression", expression: "if(c > 5, 'many', 'few')" },
    },
    query: "SELECT concat_ws(' ', a, b, c) AS v FROM t ORDER BY a",
    expect: ["1 3 few", "2 1 many"],
    destroys: [
      "the part of t.b that int cannot hold, the part of t.c that enum('few','many') cannot hold",
    ],
  },
  {
    name: "what was computed is kept as a value",
    before: "CREATE TABLE t (a int PRIMARY KEY, g int AS (a * 2) VIRTUAL)",
    after: "CREATE TABLE t (a int PRIMARY KEY, g int)",
    rows: "INSERT INTO t (a) VALUES (1), (2)",
    answers: {},
    query: "SELECT concat_ws(' ', a, g) AS v FROM t ORDER BY a",
    expect: ["1 2", "2 4"],
  },
  {
    name: "rows of a partition that others take the place of",
    before:
      "CREATE TABLE t (a int) PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (10), PARTITION q VALUES LESS THAN (20))",
    after: "CREATE TABLE t (a int) PARTITION BY RANGE (a) (PARTITION q VALUES LESS THAN (20))",
    rows: "INSERT INTO t VALUES (1), (11)",
    answers: {},
    query: "SELECT concat('', a) AS v FROM t ORDER BY t.a",
    expect: ["1", "11"],
  },
  {
    name: "columns with ON UPDATE keep their times while another one is filled",
    before:
      "CREATE TABLE t (a int PRIMARY KEY, b varchar(10), u datetime ON UPDATE CURRENT_TIMESTAMP)",
    after:
      "CREATE TABLE t (a int PRIMARY KEY, b int, u datetime ON UPDATE CURRENT_TIMESTAMP, d datetime NOT NULL)",
    rows: "INSERT INTO t VALUES (1, 'abc', '2020-01-02 03:04:05'), (2, 'x', NULL)",
    answers: {
      "fill:t.d": { option: "expression", expression: "'2021-01-01'" },
      "convert:t.b": { option: "expression", expression: "char_length(b)" },
    },
    query: "SELECT concat_ws(' ', a, b, u, d) AS v FROM t ORDER BY a",
    expect: ["1 3 2020-01-02 03:04:05 2021-01-01 00:00:00", "2 1 2021-01-01 00:00:00"],
    destroys: ["the part of t.b that int cannot hold"],
  },
  {
    name: "what is only rounded is said",
    before: "CREATE TABLE t (a int PRIMARY KEY, b decimal(6,3))",
    after: "CREATE TABLE t (a int PRIMARY KEY, b int)",
    rows: "INSERT INTO t VALUES (1, 2.6)",
    answers: {},
    query: "SELECT concat('', b) AS v FROM t",
    expect: ["3"],
    destroys: ["the part of t.b that int cannot hold"],
  },
];

onServers("rows are kept, converted, filled, or their loss is said", async (bench, t) => {
  for (const one of ROWS) {
    await t.test(one.name, async () => {
      const answers = new Map(
        Object.entries(one.answers).map(([id, answer]): [string, Answer] => [
          id,
          { ...answer, by: "flag" },
        ]),
      );
      const to = await snapshotOf(bench, one.after);
      await using database = await load(bench, one.before);
      await database.exec(one.rows);
      const up = await migrate(bench, database, to, { ...HINTS, answers });
      assertSame(await inspect(bench, database), to);
      const left = await database.query<{ readonly v: string }>(one.query);
      assert.deepEqual(left.map(({ v }) => v), one.expect);
      const said = up.flatMap(({ destroys }) => destroys?.replaceAll("int(11)", "int") ?? []);
      assert.deepEqual(said, one.destroys ?? []);
    });
  }
});

onServers("what nobody can answer for stays open", async (bench) => {
  const { assumeEmpty: _, ...asking } = HINTS;
  const from = await snapshotOf(
    bench,
    "CREATE TABLE t (a int, b varchar(20), c enum('x','y'), d varchar(5) COLLATE utf8mb4_bin, UNIQUE KEY u (d))",
  );
  const to = await snapshotOf(
    bench,
    "CREATE TABLE t (a int NOT NULL, b varchar(10), c enum('x'), d varchar(5) COLLATE utf8mb4_general_ci, n datetime NOT NULL, UNIQUE KEY u (d), UNIQUE KEY w (b))",
  );
  const { choices } = bench.engine.plan(from, to, asking);
  assert.deepEqual(choices.map(({ id, answer }) => [id, answer]), [
    ["convert:t.b", null],
    ["convert:t.c", null],
    ["fill:t.a", null],
    ["fill:t.n", null],
    ["unique:t.u", null],
    ["unique:t.w", null],
  ]);
});

onServers("what a computed column cannot come back over is said", async (bench) => {
  const kept = "a int, b text";
  const from = await snapshotOf(bench, `CREATE TABLE t (${kept}, g varchar(4) AS (b), h int)`);
  const to = await snapshotOf(bench, `CREATE TABLE t (${kept})`);
  const { statements } = bench.engine.plan(from, to, HINTS);
  assert.deepEqual(statements.flatMap(({ failsOn }) => failsOn ?? []), [
    "rows of t for which g cannot be computed",
  ]);
});

onServers("definitions say that they end a transaction", async (bench) => {
  const from = await snapshotOf(bench, "CREATE TABLE t (a int)");
  const to = await snapshotOf(bench, "CREATE TABLE t (a bigint); CREATE VIEW v AS SELECT a FROM t");
  const { statements } = bench.engine.plan(from, to, HINTS);
  assert.ok(statements.length > 0);
  assert.ok(statements.every(({ transactional }) => !transactional));
});
