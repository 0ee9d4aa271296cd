import assert from "node:assert/strict";
import test from "node:test";
import { sentenceOf } from "../../src/cli/report/reason.ts";
import { changesIn } from "./changes.ts";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { target } from "../../src/engines/postgres/target.ts";
import { DatabaseError } from "../../src/core/error.ts";
import { pglite } from "../../src/runtimes/pglite.ts";
import type { ScratchDatabase } from "../../src/runtimes/runtime.ts";
import type { Answer } from "../../src/core/choice.ts";
import type { Snapshot } from "../../src/core/snapshot.ts";

const server = await pglite.start(target(null, [], false), {
  emit: () => {},
  signal: new AbortController().signal,
});

/** Tables that are recreated, or columns carried over, although they hold rows. */
interface Case {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Put into the tables of `from`. */
  readonly rows: string;
  /** Says what the rows are, on either side. */
  readonly query: string;
  readonly answers?: ReadonlyMap<string, Answer>;
}

const T = "CREATE TABLE t (id int NOT NULL, d date NOT NULL, n text)";
const ROWS =
  "INSERT INTO t SELECT i, '2020-01-01'::date + i, 'n' || i FROM generate_series(1, 9) i";
const SEEN = "SELECT id, d, n FROM t ORDER BY id";
const BY_DATE =
  `CREATE TABLE t_2020 PARTITION OF t FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
  CREATE TABLE t_rest PARTITION OF t DEFAULT`;

const CASES: readonly Case[] = [
  {
    name: "a table becomes partitioned",
    from: T,
    to: `${T} PARTITION BY RANGE (d); ${BY_DATE}`,
    rows: ROWS,
    query: SEEN,
  },
  {
    name: "a table is partitioned by another key, its partitions are others",
    from: `${T} PARTITION BY RANGE (d); ${BY_DATE}`,
    to: `${T} PARTITION BY HASH (id);
      CREATE TABLE t_0 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0);
      CREATE TABLE t_1 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 1)`,
    rows: ROWS,
    query: SEEN,
  },
  {
    name: "a partition is partitioned in its turn",
    from: `${T} PARTITION BY RANGE (d); ${BY_DATE}`,
    to: `${T} PARTITION BY RANGE (d);
      CREATE TABLE t_2020 PARTITION OF t FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')
        PARTITION BY LIST (id);
      CREATE TABLE t_2020_few PARTITION OF t_2020 FOR VALUES IN (1, 2, 3);
      CREATE TABLE t_2020_many PARTITION OF t_2020 DEFAULT;
      CREATE TABLE t_rest PARTITION OF t DEFAULT`,
    rows: ROWS,
    query: SEEN,
  },
  {
    name: "a partition leaves while the others are recreated",
    from: `${T} PARTITION BY RANGE (d); ${BY_DATE}`,
    to: `${T} PARTITION BY LIST (id);
      CREATE TABLE t_rest PARTITION OF t DEFAULT;
      CREATE TABLE t_2020 (id int NOT NULL, d date NOT NULL, n text)`,
    rows: `${ROWS}; INSERT INTO t VALUES (10, '2030-01-01', 'late')`,
    query: "SELECT id, d, n FROM (SELECT * FROM t UNION SELECT * FROM t_2020) x ORDER BY id",
  },
  {
    name: "numbers, triggers, keys and views come after the rows",
    from: `CREATE TABLE u (id serial PRIMARY KEY);
      CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, s serial, n text,
        twice bigint GENERATED ALWAYS AS (id * 2) STORED, up bigint REFERENCES t, u int REFERENCES u);
      CREATE TABLE v (t bigint NOT NULL REFERENCES t);
      CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN NEW.n := ''touched''; RETURN NEW; END';
      CREATE TRIGGER touch BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION touch();
      CREATE MATERIALIZED VIEW m AS SELECT count(*) FROM t`,
    to: `CREATE TABLE u (id serial PRIMARY KEY);
      CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, s serial, n text,
        twice bigint GENERATED ALWAYS AS (id * 2) STORED, up bigint REFERENCES t, u int REFERENCES u)
        PARTITION BY HASH (id);
      CREATE TABLE t_0 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0);
      CREATE TABLE t_1 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 1);
      CREATE TABLE v (t bigint NOT NULL REFERENCES t);
      CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN NEW.n := ''touched''; RETURN NEW; END';
      CREATE TRIGGER touch BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION touch();
      CREATE MATERIALIZED VIEW m AS SELECT count(*) FROM t`,
    rows: `INSERT INTO u DEFAULT VALUES; ALTER TABLE t DISABLE TRIGGER touch;
      INSERT INTO t (n, up, u) VALUES ('a', 2, 1), ('b', 1, NULL);
      ALTER TABLE t ENABLE TRIGGER touch; INSERT INTO v VALUES (1), (2); REFRESH MATERIALIZED VIEW m`,
    query: `SELECT t.*, v.*, m.*, nextval(pg_get_serial_sequence('t', 'id')) > 2 AS after,
        nextval(pg_get_serial_sequence('t', 's')) > 2 AS after_too
      FROM t JOIN v ON v.t = t.id, m ORDER BY t.id`,
  },
  {
    name: "a table becomes a child, and both keep what is theirs",
    from: "CREATE TABLE p (a int, b text); CREATE TABLE t (a int, b text, c int)",
    to: "CREATE TABLE p (a int, b text); CREATE TABLE t (c int) INHERITS (p)",
    rows: "INSERT INTO p VALUES (1, 'p'); INSERT INTO t VALUES (2, 't', 3)",
    query: "SELECT a, b, NULL::int AS c FROM ONLY p UNION ALL SELECT a, b, c FROM t ORDER BY 1",
  },
  {
    name: "rows of children are not copied twice",
    from: `CREATE TABLE o (a int);
      CREATE TABLE p (a int, b int); CREATE TABLE t (c int) INHERITS (p)`,
    to: `CREATE TABLE o (a int);
      CREATE TABLE p (b int) INHERITS (o); CREATE TABLE t (c int) INHERITS (p)`,
    rows: "INSERT INTO p VALUES (1, 10); INSERT INTO t VALUES (2, 20, 30)",
    query: "SELECT tableoid::regclass::text AS place, a, b FROM p ORDER BY a",
  },
  {
    name: "a column that must have a value gets the stated one, from a column that goes",
    from: `${T}`,
    to:
      `CREATE TABLE t (id int NOT NULL, d date NOT NULL, size int NOT NULL) PARTITION BY LIST (id);
      CREATE TABLE t_all PARTITION OF t DEFAULT`,
    rows: ROWS,
    query: "SELECT id, d FROM t ORDER BY id",
    answers: new Map([
      ["fill:public.t.size", { option: "expression", expression: "length(n)", by: "flag" }],
      ["fill:public.t.n", { option: "fail", by: "flag" }],
    ]),
  },
  {
    name: "attributes of a composite type change places",
    from: `CREATE TYPE c AS (a int, b int); CREATE TYPE o AS (k c, l c[]);
      CREATE DOMAIN d AS c; CREATE DOMAIN e AS c[];
      CREATE TABLE t (id int, x c NOT NULL DEFAULT ROW(0, 1), y o, z d, v e, w d[])`,
    to: `CREATE TYPE c AS (b int, m text, a int); CREATE TYPE o AS (k c, l c[]);
      CREATE DOMAIN d AS c; CREATE DOMAIN e AS c[];
      CREATE TABLE t (id int, x c NOT NULL DEFAULT ROW(1, 'm', 0), y o, z d, v e, w d[])`,
    rows: `INSERT INTO t VALUES
      (1, ROW(1, 2), ROW(ROW(3, 4), ARRAY[ROW(5, 6), NULL]::c[]), ROW(7, 8), ARRAY[ROW(9, 10)]::c[],
        ARRAY[ROW(11, NULL)::d]),
      (2, ROW(NULL, NULL), NULL, NULL, NULL, NULL)`,
    query:
      `SELECT id, (x).a, (x).b, x IS DISTINCT FROM NULL AS is_there, (y).k.a AS ka, (y).k.b AS kb,
        (y).l[1].a AS la, (y).l[1].b AS lb, cardinality((y).l) AS size, y IS DISTINCT FROM NULL AS has_y,
        (z).a AS za, (z).b AS zb, (v::c[])[1].a AS va, (v::c[])[1].b AS vb, (w[1]::c).a AS wa, (w[1]::c).b AS wb
      FROM t ORDER BY id`,
  },
  {
    name: "columns have other types as well",
    from: T,
    to: `${
      T.replace("id int", "id bigint").replace("n text", "n varchar(9)").replace("d date", "d text")
    } PARTITION BY HASH (id); CREATE TABLE t_0 PARTITION OF t FOR VALUES WITH (MODULUS 1, REMAINDER 0)`,
    rows: ROWS,
    query: "SELECT id::int, d::date, n FROM t ORDER BY id",
  },
  {
    name: "a check that does not hold for them",
    from: `${T}; ALTER TABLE t ADD CONSTRAINT few CHECK (id < 3) NOT VALID`,
    to: `${T} PARTITION BY LIST (id); CREATE TABLE t_all PARTITION OF t DEFAULT;
      ALTER TABLE t ADD CONSTRAINT few CHECK (id < 3) NOT VALID`,
    rows: `ALTER TABLE t DROP CONSTRAINT few; ${ROWS};
      ALTER TABLE t ADD CONSTRAINT few CHECK (id < 3) NOT VALID`,
    query: SEEN,
  },
  {
    name: "a column is no longer computed",
    from: `CREATE TABLE t (id int NOT NULL, b int GENERATED ALWAYS AS (id * 2) VIRTUAL)`,
    to: `CREATE TABLE t (id int NOT NULL, b int NOT NULL) PARTITION BY LIST (id);
      CREATE TABLE t_all PARTITION OF t DEFAULT`,
    rows: "INSERT INTO t SELECT generate_series(1, 9)",
    query: "SELECT id, b FROM t ORDER BY id",
  },
  {
    name: "another table has the name that the waiting rows would have",
    from: `${T}; CREATE TABLE t_rows (a int)`,
    to: `${T} PARTITION BY LIST (id); CREATE TABLE t_all PARTITION OF t DEFAULT;
      CREATE TABLE t_rows (a int)`,
    rows: `${ROWS}; INSERT INTO t_rows VALUES (1)`,
    query: "SELECT t.*, a FROM t, t_rows ORDER BY id",
  },
];

for (const { name, from, to, rows, query, answers } of CASES) {
  test(`rows are kept: ${name}`, async () => {
    const wanted = await snapshotOf(to);
    await using database = await server.create();
    await database.exec(from);
    const before = await inspect(database);
    await database.exec(rows);
    const held = await database.query(query);
    const up = await migrate(database, { from: before, to: wanted, answers });
    assert.ok(up.some((sql) => /^INSERT INTO|\bUSING\b/.test(sql)), up.join(";\n"));
    assert.deepEqual(await database.query(query), held);
    await migrate(database, { from: wanted, to: before, answers });
    assert.deepEqual(await database.query(query), held);
  });
}

test("values that were computed stay when the column is not any more, and the plan tells where they cannot", async () => {
  const from = `CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL,
    c bigint GENERATED ALWAYS AS (a + 1) VIRTUAL)`;
  const wanted = await snapshotOf("CREATE TABLE t (a int, b int NOT NULL, c bigint)");
  await using database = await server.create();
  await database.exec(`${from}; INSERT INTO t SELECT generate_series(1, 9)`);
  const seen = "SELECT a, b, c FROM t ORDER BY a";
  const held = await database.query(seen);
  const before = await inspect(database);
  await migrate(database, { from: before, to: wanted });
  assert.deepEqual(await database.query(seen), held);
  await migrate(database, { from: wanted, to: before });
  assert.deepEqual(await database.query(seen), held);
  const without = planOf({
    from: before,
    to: await snapshotOf("CREATE TABLE t (b int, c bigint)"),
  });
  assert.deepEqual(
    without.statements.flatMap(({ destroys }) => destroys ?? []).sort(),
    ["public.t.a", "public.t.b", "public.t.c"].map((name) => `the values of column ${name}`),
  );
});

const PARTED = `${T} PARTITION BY LIST (id); CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1)`;

test("a row that fits nowhere stops the migration, and nothing is lost", async () => {
  const wanted = await snapshotOf(PARTED);
  await using database = await server.create();
  await database.exec(`${T}; ${ROWS}`);
  const held = await database.query(SEEN);
  const before = await inspect(database);
  await assert.rejects(
    migrate(database, { from: before, to: wanted }),
    (error: Error) => error instanceof DatabaseError && /no partition/.test(error.message),
  );
  await database.exec("ROLLBACK");
  assert.deepEqual(await database.query(SEEN), held);
});

test("rows are given up when the user says so, and where they cannot be copied; the plan tells", async () => {
  const loses = async (from: string, to: string, answers?: ReadonlyMap<string, Answer>) => {
    const plan = planOf({ from: await snapshotOf(from), to: await snapshotOf(to), answers });
    return plan.statements.flatMap(({ destroys }) => destroys ?? []);
  };
  assert.deepEqual(await loses(T, PARTED), []);
  assert.deepEqual(
    await loses(T, PARTED, new Map([["rows:public.t", { option: "discard", by: "flag" }]])),
    ["the rows of table public.t"],
  );
  const mood = "CREATE TYPE mood AS ENUM ('glad'); CREATE TABLE t (id int NOT NULL, m mood)";
  assert.deepEqual(
    await loses(mood, `${PARTED.replace("d date NOT NULL, n text", "m text")}`),
    ["the rows of table public.t"],
  );
  assert.deepEqual(
    await loses(T.replace("n text", "n numeric"), PARTED.replace("n text", "n int")),
    ["the part of public.t.n that integer cannot hold"],
  );
  assert.deepEqual(
    await loses(T, `${PARTED}; ALTER TABLE t FORCE ROW LEVEL SECURITY`),
    ["the rows of table public.t"],
  );
  assert.deepEqual(await loses(T, PARTED.replace(", n text", "")), [
    "the values of column public.t.n",
  ]);
});

interface Task {
  readonly from: Snapshot;
  readonly to: Snapshot;
  readonly answers?: ReadonlyMap<string, Answer> | undefined;
}

function planOf({ from, to, answers }: Task) {
  return postgres.plan(from, to, {
    answers: answers ?? new Map(),
    renames: [],
    dropAdd: true,
    strictOrder: false,
    deployedVersion: null,
  });
}

/** In one transaction, as runners do it. */
async function migrate(database: ScratchDatabase, task: Task): Promise<readonly string[]> {
  const statements = planOf(task).statements.map(({ sql }) => sql);
  await database.exec("BEGIN");
  for (const sql of statements) await database.exec(sql);
  await database.exec("COMMIT");
  assert.deepEqual(changesIn(await inspect(database), task.to), []);
  return statements;
}

function inspect(database: ScratchDatabase): Promise<Snapshot> {
  return postgres.inspect(database, { ignoreTables: [] });
}

async function snapshotOf(sql: string): Promise<Snapshot> {
  await using database = await server.create();
  await database.exec(sql);
  return await inspect(database);
}

test("each statement of the way out and back says why it is there", async () => {
  const { statements } = planOf({ from: await snapshotOf(T), to: await snapshotOf(PARTED) });
  assert.deepEqual(statements.map(({ reason }) => sentenceOf(reason)), [
    "The rows of table public.t are saved",
    "Table public.t is dropped, to be recreated",
    "Table public.t is recreated",
    "Table public.t_1 is created",
    "The rows of table public.t are restored",
    "The saved rows of table public.t are dropped: they are restored",
  ]);
});
