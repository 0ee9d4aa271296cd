/** Migrations through the whole pipeline, with rows: what a plan says that it keeps is there, on the way out and back. */

import assert from "node:assert/strict";
import test from "node:test";
import { rowsUnder } from "../../scripts/rows/mod.ts";
import { optionFlag } from "../../src/cli/choice_flags.ts";
import { ASSUME_EMPTY, type Choice } from "../../src/core/choice.ts";
import { UsageError } from "../../src/core/error.ts";
import { type Pair, planned, projectOf, serverOf } from "./planned.ts";

interface Case extends Pair {
  readonly name: string;
  /** Put into the tables of `from`. */
  readonly rows: string;
  /** What the plan says that it loses, or that DOWN fails on; nothing when absent. */
  readonly notes?: readonly string[];
  /** A query on the old side, one on the new side, and what both give. */
  readonly before: string;
  readonly after: string;
  readonly values: readonly (readonly unknown[])[];
}

const RENAMES: readonly Case[] = [
  {
    name: "a table and a column of it",
    engine: "postgres",
    from: "CREATE TABLE people (id int PRIMARY KEY, fullname text NOT NULL)",
    to: "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL)",
    renames: ["table:people=users", "users.fullname=name"],
    rows: "INSERT INTO people VALUES (1, 'Ada')",
    before: "SELECT id, fullname FROM people",
    after: "SELECT id, name FROM users",
    values: [[1, "Ada"]],
  },
  {
    name: "a table and a column of it",
    engine: "sqlite",
    from: "CREATE TABLE people (id int PRIMARY KEY, fullname text NOT NULL)",
    to: "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL)",
    renames: ["table:people=users", "people.fullname=name"],
    rows: "INSERT INTO people VALUES (1, 'Ada')",
    before: "SELECT id, fullname FROM people",
    after: "SELECT id, name FROM users",
    values: [[1, "Ada"]],
  },
  {
    name: "a schema, with all that is in it",
    engine: "postgres",
    from: `CREATE SCHEMA old; CREATE TYPE old.mood AS ENUM ('glad');
      CREATE TABLE old.t (id serial PRIMARY KEY, m old.mood); CREATE VIEW old.v AS SELECT m FROM old.t`,
    to: `CREATE SCHEMA crm; CREATE TYPE crm.mood AS ENUM ('glad');
      CREATE TABLE crm.t (id serial PRIMARY KEY, m crm.mood); CREATE VIEW crm.v AS SELECT m FROM crm.t`,
    renames: ["schema:old=crm", "table:old.t=crm.t"],
    rows: "INSERT INTO old.t (m) VALUES ('glad')",
    before: "SELECT id, m FROM old.t",
    after: "SELECT id, m FROM crm.t",
    values: [[1, "glad"]],
  },
  {
    name: "a schema, a table in it and a column of that, by their first names",
    engine: "postgres",
    from: `CREATE SCHEMA old; CREATE TABLE old.people (id int PRIMARY KEY, fullname varchar(40));
      CREATE TABLE old.pets (id int PRIMARY KEY, owner int REFERENCES old.people ON DELETE CASCADE)`,
    to: `CREATE SCHEMA crm; CREATE TABLE crm.users (id bigint PRIMARY KEY, name text);
      CREATE TABLE crm.pets (id int PRIMARY KEY, owner bigint REFERENCES crm.users ON DELETE CASCADE)`,
    renames: ["schema:old=crm", "table:old.people=users", "old.people.fullname=name"],
    rows: "INSERT INTO old.people VALUES (1, 'Ada'); INSERT INTO old.pets VALUES (7, 1)",
    before: "SELECT p.id, fullname FROM old.people JOIN old.pets p ON owner = people.id",
    after: "SELECT p.id, name FROM crm.users JOIN crm.pets p ON owner = users.id",
    values: [[7, "Ada"]],
    notes: [
      "DOWN fails on new data: values of crm.pets.owner that integer cannot hold",
      "DOWN fails on new data: values of crm.users.id that integer cannot hold",
      "DOWN fails on new data: values of crm.users.name that character varying(40) cannot hold",
    ],
  },
  {
    name: "a table that goes to another schema, and a column of it",
    engine: "postgres",
    from: "CREATE SCHEMA app; CREATE TABLE t (id int, a text); CREATE INDEX t_a ON t (a)",
    to: "CREATE SCHEMA app; CREATE TABLE app.u (id int, b text); CREATE INDEX u_b ON app.u (b)",
    renames: ["table:t=app.u", "app.u.a=b"],
    rows: "INSERT INTO t VALUES (1, 'x')",
    before: "SELECT id, a FROM t",
    after: "SELECT id, b FROM app.u",
    values: [[1, "x"]],
  },
  {
    name: "a table that goes to a schema that is new, with privileges and a comment",
    engine: "postgres",
    from: "CREATE TABLE t (id serial PRIMARY KEY, a text); CREATE VIEW v AS SELECT a FROM t",
    to: `CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC; COMMENT ON SCHEMA app IS 'x';
      CREATE TABLE app.t (id serial PRIMARY KEY, b text); CREATE VIEW v AS SELECT b AS a FROM app.t`,
    renames: ["table:t=app.t", "app.t.a=b"],
    rows: "INSERT INTO t (a) VALUES ('x')",
    before: "SELECT id, v.a FROM t, v",
    after: "SELECT id, v.a FROM app.t, v",
    values: [[1, "x"]],
  },
  {
    name: "an enumeration and a value of it, by its first name",
    engine: "postgres",
    from: "CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE TABLE t (m mood)",
    to: "CREATE TYPE feeling AS ENUM ('happy', 'sad'); CREATE TABLE t (m feeling)",
    renames: ["enum:mood=feeling", "enum value:mood.glad=happy"],
    rows: "INSERT INTO t VALUES ('glad'), ('sad')",
    before: "SELECT replace(m::text, 'glad', 'happy') FROM t",
    after: "SELECT m FROM t",
    values: [["happy"], ["sad"]],
  },
  {
    name: "an attribute of a composite type that is renamed",
    engine: "postgres",
    from: "CREATE TYPE pair AS (a int, b int); CREATE TABLE t (p pair)",
    to: "CREATE TYPE two AS (a int, c int); CREATE TABLE t (p two)",
    renames: ["pair=two", "two.b=c"],
    rows: "INSERT INTO t VALUES ((1, 2))",
    before: "SELECT (p).a, (p).b FROM t",
    after: "SELECT (p).a, (p).c FROM t",
    values: [[1, 2]],
  },
  {
    name: "a column of a partitioned table that is renamed",
    engine: "postgres",
    from: `CREATE TABLE t (id int, a text) PARTITION BY LIST (id);
      CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1)`,
    to: `CREATE TABLE u (id int, b text) PARTITION BY LIST (id);
      CREATE TABLE u1 PARTITION OF u FOR VALUES IN (1)`,
    renames: ["table:t=u", "table:t1=u1", "t.a=b"],
    rows: "INSERT INTO t VALUES (1, 'x')",
    before: "SELECT id, a FROM t",
    after: "SELECT id, b FROM u",
    values: [[1, "x"]],
  },
  {
    name: "answers to the questions, round by round",
    engine: "postgres",
    from: "CREATE SCHEMA old; CREATE TABLE old.t (id int, a text, n int)",
    to: "CREATE SCHEMA crm; CREATE TABLE crm.t (id int, b text, n int)",
    answers: ["rename:schema:old=crm", "rename:column:crm.t.a=crm.t.b"],
    rows: "INSERT INTO old.t VALUES (1, 'x', 2)",
    before: "SELECT a, n FROM old.t",
    after: "SELECT b, n FROM crm.t",
    values: [["x", 2]],
  },
];

/** A project of its own: its notes are. */

for (const one of RENAMES) {
  test(`renamed, with rows (${one.engine}): ${one.name}`, async () => {
    const { draft, there, back } = await thereAndBack(one);
    assert.deepEqual(there, one.values);
    assert.deepEqual(back, one.values);
    assert.deepEqual(draft.notes, one.notes ?? []);
  });
}

/** Plans that lose values: they say so, and DOWN can be run all the same. */
interface Loss extends Omit<Case, "values" | "notes"> {
  /** What `after` gives once UP has run, and `before` once DOWN has. */
  readonly there: readonly (readonly unknown[])[];
  readonly back: readonly (readonly unknown[])[];
  readonly notes: readonly string[];
}

const LOSSES: readonly Loss[] = [
  {
    name: "a column is computed from now on",
    engine: "sqlite",
    from: "CREATE TABLE t (a text, b text NOT NULL)",
    to: "CREATE TABLE t (a text, b text GENERATED ALWAYS AS (a || '!') STORED NOT NULL)",
    rows: "INSERT INTO t VALUES ('x', 'y')",
    after: "SELECT a, b FROM t",
    before: "SELECT a, b FROM t",
    there: [["x", "x!"]],
    back: [["x", "x!"]],
    notes: ["DOWN cannot bring back the values of column t.b"],
  },
  {
    name: "columns of a unique index come back without their values",
    engine: "sqlite",
    from: `CREATE TABLE t (id INT, foo TEXT NOT NULL, bar BIGINT NOT NULL);
      CREATE UNIQUE INDEX t_key ON t (foo, bar)`,
    to: "CREATE TABLE t (id INT)",
    rows: "INSERT INTO t VALUES (7, 'a', 1), (8, 'b', 2)",
    after: "SELECT id FROM t",
    before: "SELECT id, foo, count(*) OVER (PARTITION BY bar) FROM t ORDER BY id",
    there: [[7], [8]],
    back: [[7, "", 1], [8, "", 1]],
    notes: [
      "DOWN cannot bring back the values of column t.foo",
      "DOWN cannot bring back the values of column t.bar",
    ],
  },
  {
    name: "keys come back without their values",
    engine: "sqlite",
    from: `CREATE TABLE t (a TEXT PRIMARY KEY NOT NULL, b INT DEFAULT 0 UNIQUE, c TEXT);
      CREATE TABLE u (id INTEGER PRIMARY KEY, c TEXT)`,
    to: "CREATE TABLE t (c TEXT); CREATE TABLE u (c TEXT)",
    rows: "INSERT INTO t VALUES ('x', 1, 'c'), ('y', 2, 'd'); INSERT INTO u VALUES (5, 'c')",
    after: "SELECT c FROM t",
    before: "SELECT t.c, count(*) OVER (PARTITION BY a), b, u.id FROM t LEFT JOIN u ON u.c = t.c",
    there: [["c"], ["d"]],
    back: [["c", 1, null, 1], ["d", 1, null, null]],
    notes: [
      "DOWN cannot bring back the values of columns t.a, t.b",
      "DOWN cannot bring back the values of column u.id",
    ],
  },
  {
    name: "columns of keys come back without their values",
    engine: "postgres",
    from: `CREATE TABLE t (id int, foo text NOT NULL, bar bigint NOT NULL, UNIQUE (foo, bar));
      CREATE TABLE u (id int, code varchar(3) NOT NULL UNIQUE)`,
    to: "CREATE TABLE t (id int); CREATE TABLE u (id int)",
    rows: "INSERT INTO t VALUES (7, 'a', 1), (8, 'b', 2); INSERT INTO u VALUES (7, 'x'), (8, 'y')",
    after: "SELECT id FROM t ORDER BY id",
    before:
      "SELECT id, foo, count(*) OVER (PARTITION BY code) FROM t JOIN u USING (id) ORDER BY id",
    there: [[7], [8]],
    back: [[7, "", 1], [8, "", 1]],
    notes: [
      "DOWN cannot bring back the values of column public.t.foo",
      "DOWN cannot bring back the values of column public.t.bar",
      "DOWN cannot bring back the values of column public.u.code",
    ],
  },
  {
    name: "an attribute of a type that tables are made of",
    engine: "postgres",
    from: "CREATE TYPE pair AS (a int, b int); CREATE TABLE t OF pair",
    to: "CREATE TYPE pair AS (a int); CREATE TABLE t OF pair",
    rows: "INSERT INTO t VALUES (1, 2)",
    after: "SELECT a FROM t",
    before: "SELECT a, b FROM t",
    there: [[1]],
    back: [[1, null]],
    notes: ["DOWN cannot bring back the values of attribute public.pair.b"],
  },
  {
    name: "values that an expression replaces",
    engine: "postgres",
    from: "CREATE TABLE t (id int, a varchar(9))",
    to: "CREATE TABLE t (id int, a varchar(2))",
    answers: ["convert:public.t.a=expression=a::varchar(2)"],
    rows: "INSERT INTO t VALUES (1, 'abc')",
    before: "SELECT id, a FROM t",
    after: "SELECT id, a FROM t",
    there: [[1, "ab"]],
    back: [[1, "ab"]],
    notes: ["DOWN cannot bring back the former values of column public.t.a"],
  },
  {
    name: "values that an expression replaces",
    engine: "sqlite",
    from: "CREATE TABLE t (id int, a text)",
    to: "CREATE TABLE t (id int, a int)",
    answers: ["convert:t.a=expression=length(a)"],
    rows: "INSERT INTO t VALUES (1, 'abc')",
    before: "SELECT id, a FROM t",
    after: "SELECT id, a FROM t",
    there: [[1, 3]],
    back: [[1, "3"]],
    notes: [
      "DOWN cannot bring back the former values of column t.a",
      "DOWN fails on new data: values of t.a that TEXT cannot hold",
    ],
  },
  {
    name: "columns come back with values that their checks allow",
    engine: "postgres",
    from: `CREATE DOMAIN rank AS int CHECK (VALUE BETWEEN 1 AND 9);
      CREATE TABLE t (id int, price numeric(8,2) NOT NULL CHECK (price > 0), r rank NOT NULL,
        state varchar(9) NOT NULL, title text NOT NULL CHECK (length(trim(title)) > 2),
        CONSTRAINT known CHECK (state IN ('new', 'old') AND state <> 'new'))`,
    to: "CREATE DOMAIN rank AS int CHECK (VALUE BETWEEN 1 AND 9); CREATE TABLE t (id int)",
    rows: "INSERT INTO t VALUES (1, 5, 2, 'old', 'abc')",
    before: "SELECT id, price, r, state, title FROM t",
    after: "SELECT id FROM t",
    there: [[1]],
    back: [[1, "1.00", 1, "old", "xxx"]],
    notes: ["price", "r", "state", "title"].map((name) =>
      `DOWN cannot bring back the values of column public.t.${name}`
    ),
  },
  {
    name: "columns come back with values that their checks allow",
    engine: "sqlite",
    from: `CREATE TABLE t (id int, price int NOT NULL CHECK ("Price" > 0), state text NOT NULL,
        CHECK (state IN ('new', 'old') AND length(state) = 3 AND state <> 'new'))`,
    to: "CREATE TABLE t (id int)",
    rows: "INSERT INTO t VALUES (1, 5, 'old')",
    before: "SELECT id, price, state FROM t",
    after: "SELECT id FROM t",
    there: [[1]],
    back: [[1, 1, "old"]],
    notes: ["DOWN cannot bring back the values of columns t.price, t.state"],
  },
  {
    name: "values of types between which there is no cast",
    engine: "postgres",
    from: "CREATE TABLE t (u uuid, b text, j jsonb, m money, i int, n int, h bytea, at timestamp)",
    to:
      `CREATE TABLE t (u bytea, b bytea, j bytea, m numeric(9,2), i interval, n bytea, h text, at time)`,
    rows:
      `INSERT INTO t VALUES ('00000000-0000-0000-0000-0000000000ff', 'é\\x', '{"a": 1}', 2.5, 90, 258,
      '\\x00ff', '2020-02-03 04:05:06'); INSERT INTO t DEFAULT VALUES`,
    before: "SELECT u, b, j::text, m::text, i, n, h::text, at::text FROM t ORDER BY u",
    after:
      "SELECT u::text, b::text, j::text, m::text, i::text, n::text, h, at::text FROM t ORDER BY u",
    there: [
      [
        "\\x000000000000000000000000000000ff",
        "\\xc3a95c78",
        "\\x7b2261223a20317d",
        "2.50",
        "00:01:30",
        "\\x00000102",
        "\\x00ff",
        "04:05:06",
      ],
      [null, null, null, null, null, null, null, null],
    ],
    back: [
      [
        "00000000-0000-0000-0000-0000000000ff",
        "é\\x",
        '{"a": 1}',
        "$2.50",
        90,
        258,
        "\\x00ff",
        "1970-01-01 04:05:06",
      ],
      [null, null, null, null, null, null, null, null],
    ],
    notes: [
      "DOWN cannot bring back the part of public.t.at that time without time zone cannot hold",
      ...[
        "u that uuid",
        "b that text",
        "j that jsonb",
        "m that money",
        "i that integer",
        "n that integer",
        "h that bytea",
        "at that timestamp without time zone",
      ].map((words) => `DOWN fails on new data: values of public.t.${words} cannot hold`),
    ],
  },
  {
    name: "columns that refer to another table come back with keys that are there",
    engine: "postgres",
    from: `CREATE SCHEMA "S, (x)"; CREATE TABLE "S, (x)".p (a int, b uuid, PRIMARY KEY (a, b));
      CREATE TABLE q (id int PRIMARY KEY);
      CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b uuid NOT NULL, FOREIGN KEY (a, b) REFERENCES "S, (x)".p,
        q int NOT NULL REFERENCES q ON DELETE CASCADE, up int NOT NULL REFERENCES t);
      CREATE TABLE j (t int REFERENCES t, q int REFERENCES q, PRIMARY KEY (t, q));
      CREATE TABLE one (id int, q int NOT NULL UNIQUE REFERENCES q)`,
    to: `CREATE SCHEMA "S, (x)"; CREATE TABLE "S, (x)".p (a int, b uuid, PRIMARY KEY (a, b));
      CREATE TABLE q (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL);
      CREATE TABLE j (t int REFERENCES t); CREATE TABLE one (id int)`,
    rows:
      `INSERT INTO "S, (x)".p VALUES (1, gen_random_uuid()), (2, gen_random_uuid()), (2, gen_random_uuid());
      INSERT INTO q VALUES (7), (8), (9);
      INSERT INTO t SELECT a, a, min(b::text)::uuid, 8, 1 FROM "S, (x)".p GROUP BY a ORDER BY a;
      INSERT INTO j VALUES (1, 9), (1, 8), (2, 9); INSERT INTO one VALUES (1, 9), (2, 8)`,
    before: `SELECT (SELECT count(*) FROM t JOIN "S, (x)".p USING (a, b)) AS t,
        (SELECT count(*) FROM t JOIN q ON q.id = t.q) AS q, (SELECT count(*) FROM j) AS j, (SELECT count(*) FROM one) AS one`,
    after: "SELECT id, a FROM t ORDER BY id",
    there: [[1, 1], [2, 2]],
    back: [[2, 2, 3, 2]],
    notes: [
      ...["j.q", "one.q", "t.b", "t.q", "t.up"].map((name) =>
        `DOWN cannot bring back the values of column public.${name}`
      ),
      "DOWN fails on new data: NULLs in public.j.t",
    ],
  },
  {
    name: "columns that refer to another table come back with keys that are there",
    engine: "sqlite",
    from:
      `CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE "q q" ("i d" integer PRIMARY KEY);
      CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int NOT NULL, q int NOT NULL REFERENCES "q q",
        up int NOT NULL REFERENCES t, FOREIGN KEY (a, b) REFERENCES p)`,
    to:
      `CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE "q q" ("i d" integer PRIMARY KEY);
      CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL)`,
    rows: `INSERT INTO p VALUES (1, 5), (2, 6), (2, 7); INSERT INTO "q q" VALUES (8), (9);
      INSERT INTO t VALUES (1, 1, 5, 9, 1), (2, 2, 7, 9, 1)`,
    before: "SELECT id, a, b, q, up FROM t ORDER BY id",
    after: "SELECT id, a FROM t ORDER BY id",
    there: [[1, 1], [2, 2]],
    back: [[1, 1, 5, 8, 1], [2, 2, 6, 8, 2]],
    notes: ["DOWN cannot bring back the values of columns t.b, t.q, t.up"],
  },
  {
    name: "the position of a sequence that no column takes numbers from",
    engine: "postgres",
    from: "CREATE SEQUENCE s; CREATE TABLE t (id int)",
    to: "CREATE TABLE t (id int)",
    rows: "SELECT setval('s', 7)",
    before: "SELECT last_value FROM s",
    after: "SELECT id FROM t",
    there: [],
    back: [[1]],
    notes: ["DOWN cannot bring back the position of sequence public.s"],
  },
];

for (const one of LOSSES) {
  test(`lost, and said (${one.engine}): ${one.name}`, async () => {
    const { draft, there, back } = await thereAndBack(one);
    assert.deepEqual(there, one.there);
    assert.deepEqual(back, one.back);
    assert.deepEqual(draft.notes, one.notes);
    assert.equal(draft.reversible, "structure");
  });
}

async function thereAndBack(one: Omit<Case, "values" | "notes">) {
  await using server = await serverOf(one.engine);
  const { outcome, draft } = await planned(server, one);
  assert.equal(outcome, "proven");
  assert.ok(draft !== null);
  await using database = await server.create();
  await database.exec(one.from);
  await database.exec(one.rows);
  const rowsOf = async (query: string) =>
    (await database.query<Record<string, unknown>>(query)).map((row) => Object.values(row));
  for (const { sql } of draft.up) await database.exec(sql);
  const there = await rowsOf(one.after);
  for (const { sql } of draft.down) await database.exec(sql);
  return { draft, there, back: await rowsOf(one.before) };
}

/** A table `t` with rows up to 9 and one `u`, and the numbers that the next rows of `t` get after UP and after DOWN. */
const NUMBERED = [
  {
    name: "a serial column becomes an identity",
    from: "CREATE TABLE t (id serial PRIMARY KEY); CREATE TABLE u (id int)",
    to:
      "CREATE TABLE t (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY); CREATE TABLE u (id int)",
    next: [10, 11],
    // What was serial is a bigint.
    reversible: "fails-on-new-data",
  },
  {
    name: "two columns share a sequence",
    from: "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int)",
    to: `CREATE SEQUENCE s START 2; CREATE TABLE t (id int PRIMARY KEY DEFAULT nextval('s'));
      CREATE TABLE u (id int DEFAULT nextval('s'))`,
    next: [10, null],
  },
  {
    name: "two columns no longer share a sequence",
    from: `CREATE SEQUENCE s; CREATE TABLE t (id int PRIMARY KEY DEFAULT nextval('s'));
      CREATE TABLE u (id int DEFAULT nextval('s'))`,
    to: "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int)",
    next: [null, 10],
  },
];

for (const { name, from, to, next, reversible = "exact" } of NUMBERED) {
  test(`numbers go on behind the rows, there and back: ${name}`, async () => {
    await using server = await serverOf("postgres");
    const { draft } = await planned(server, { engine: "postgres", from, to });
    assert.ok(draft !== null);
    assert.equal(draft.reversible, reversible);
    await using database = await server.create();
    await database.exec(from);
    await database.exec("INSERT INTO t VALUES (1), (2), (9); INSERT INTO u VALUES (7)");
    for (const [at, statements] of [draft.up, draft.down].entries()) {
      for (const { sql } of statements) await database.exec(sql);
      if (next[at] === null) continue;
      const rows = await database.query("INSERT INTO t DEFAULT VALUES RETURNING id");
      assert.deepEqual(rows, [{ id: next[at] }]);
    }
  });
}

/** The ids of all that a plan with this outcome asks. */
async function questions(pair: Pair, wanted: string): Promise<readonly string[]> {
  await using server = await serverOf(pair.engine);
  const { outcome, choices } = await planned(server, pair);
  assert.equal(outcome, wanted);
  return choices.map(({ id }) => id);
}

test("rows that differ already are not asked about", async () => {
  const ask = (engine: Case["engine"], from: string, to: string) =>
    questions({ engine, from, to }, "proven");
  for (const engine of ["postgres", "sqlite"] as const) {
    const table = (keys: string) => `CREATE TABLE t (a int NOT NULL, b text NOT NULL${keys})`;
    assert.deepEqual(await ask(engine, table(", UNIQUE (a)"), table(", PRIMARY KEY (a, b)")), []);
    assert.equal((await ask(engine, table(", UNIQUE (a, b)"), table(", UNIQUE (a)"))).length, 1);
    const index = "; CREATE UNIQUE INDEX i ON t (a)";
    assert.deepEqual(await ask(engine, table("") + index, table(", UNIQUE (b, a)")), []);
    const some = "; CREATE UNIQUE INDEX i ON t (a) WHERE b <> 'x'";
    assert.equal((await ask(engine, table("") + some, table(", UNIQUE (a)"))).length, 1);
    const named = (columns: string) =>
      `CREATE TABLE t (a int, b int, CONSTRAINT k UNIQUE (${columns}))`;
    assert.equal((await ask(engine, named("a, b"), named("b"))).length, 1);
  }
  const nulls = ["UNIQUE (a)", "UNIQUE NULLS NOT DISTINCT (a)"]
    .map((key) => `CREATE TABLE t (a int, ${key})`);
  assert.equal((await ask("postgres", nulls[0] ?? "", nulls[1] ?? "")).length, 1);
  assert.deepEqual(await ask("postgres", nulls[1] ?? "", nulls[0] ?? ""), []);
  // The new type may make equal what differed.
  const typed = (type: string, key: string) => `CREATE TABLE t (a ${type}, ${key})`;
  const asked = await ask("postgres", typed("text", "UNIQUE (a)"), typed("int", "PRIMARY KEY (a)"));
  assert.deepEqual(asked, ["convert:public.t.a", "fill:public.t.a", "unique:public.t.t_pkey"]);
});

test("what a renamed schema holds is asked about once that is settled", async () => {
  await using server = await serverOf("postgres");
  const pair = {
    from: "CREATE SCHEMA old; CREATE TABLE old.t (id int, a text); CREATE TABLE old.u (x int)",
    to: "CREATE SCHEMA crm; CREATE TABLE crm.t (id int, b text); CREATE TABLE crm.u (x int)",
  };
  const open = async (...answers: string[]) => {
    const { choices } = await planned(server, { engine: "postgres", ...pair, answers });
    return choices.filter(({ answer }) => answer === null).map(({ id }) => id);
  };
  assert.deepEqual(await open(), ["rename:schema:old"]);
  assert.deepEqual(await open("rename:schema:old=crm"), ["rename:column:crm.t.a"]);
  assert.deepEqual(await open("rename:schema:old=drop"), [
    "rename:table:old.t",
    "rename:table:old.u",
  ]);
});

test("a table with other types, and a column with a wider one, are asked about", async () => {
  const ask = (engine: Case["engine"], from: string, to: string) =>
    questions({ engine, from, to }, "undecided");
  assert.deepEqual(
    await ask(
      "postgres",
      "CREATE TABLE people (id int, name varchar(9), boss int)",
      "CREATE TABLE users (id bigint, name text, boss bigint)",
    ),
    ["rename:table:public.people"],
  );
  assert.deepEqual(
    await ask(
      "postgres",
      "CREATE TABLE t (id int, fullname varchar(9))",
      "CREATE TABLE t (id int, called text)",
    ),
    ["rename:column:public.t.fullname"],
  );
  assert.deepEqual(
    await ask(
      "sqlite",
      "CREATE TABLE t (id int, fullname varchar(9))",
      "CREATE TABLE t (id int, called text)",
    ),
    ["rename:column:t.fullname"],
  );
  assert.deepEqual(
    await ask(
      "postgres",
      "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.pets (id int, owner int, kind text)",
      "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE b.pets (no uuid, tag text)",
    ),
    ["rename:table:a.pets"],
  );
});

test("a rename that cannot be carried out is an error, also one whose turn would come", async () => {
  await using server = await serverOf("postgres");
  const pair = {
    engine: "postgres" as const,
    from: "CREATE TABLE people (id int, fullname text)",
    to: "CREATE TABLE users (id int, name text)",
  };
  const refuses = (renames: string[], message: RegExp) =>
    assert.rejects(planned(server, { ...pair, renames }), (error: unknown) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, message);
      return true;
    });
  const { outcome } = await planned(server, { ...pair, renames: ["users.fullname=name"] });
  assert.equal(outcome, "undecided");
  await refuses(["users.fullname=nam"], /^Cannot rename users.fullname=nam: /);
  await refuses(
    ["table:people=users", "users.full=name"],
    /^Cannot rename users.full=name: the migrations have no object "users.full"/,
  );
  const both = {
    engine: "postgres" as const,
    from: "CREATE TABLE t (a text, b text)",
    to: "CREATE TABLE t (c text)",
    renames: ["t.a=c", "t.b=c"],
  };
  await assert.rejects(planned(server, both), {
    message: 'Cannot rename t.b=c: column "public.t.a" becomes "c" already',
  });
});

test("all the flags that were shown can be given at once", async () => {
  const columns = (...names: string[]) =>
    `CREATE TABLE t (id int, ${names.map((name) => `${name} text`).join(", ")})`;
  const labels = (...names: string[]) =>
    `CREATE TYPE e AS ENUM (${names.map((name) => `'${name}'`).join(", ")}); CREATE TABLE t (x e)`;
  const all = async (
    engine: Case["engine"],
    [from, to]: readonly [string, string],
    answers: string[],
  ) => {
    await using server = await serverOf(engine);
    const open = await planned(server, { engine, from, to });
    assert.deepEqual(
      open.choices.filter(({ answer }) => answer === null).map(({ id }) => id),
      answers.map((answer) => answer.slice(0, answer.indexOf("="))),
    );
    assert.equal((await planned(server, { engine, from, to, answers })).outcome, "proven");
  };
  for (const [engine, t] of [["postgres", "public.t"], ["sqlite", "t"]] as const) {
    await all(engine, [columns("a", "b"), columns("c")], [
      `rename:column:${t}.a=${t}.c`,
      `rename:column:${t}.b=drop`,
    ]);
  }
  // What stays cannot be dropped.
  await using server = await serverOf("sqlite");
  const pair = { engine: "sqlite", from: columns("a", "b"), to: columns("a", "c") } as const;
  await assert.rejects(
    planned(server, { ...pair, answers: ["rename:column:t.b=drop", "rename:column:t.a=drop"] }),
    { message: "Cannot answer rename:column:t.a: there is no such choice" },
  );
  await all("postgres", [labels("k", "a", "b"), labels("k", "c")], [
    "rename:enum value:public.e.a=c",
    "rename:enum value:public.e.b=drop",
  ]);
});

test("a flag that is shown has a value of the column's type", async () => {
  await using server = await serverOf("postgres");
  const columns = ["k int", "n numeric(5,2)", "d date", "x text", "e text DEFAULT upper('a')"];
  const table = (rest: string) =>
    columns.map((column) => column.replace(/^(\w+ \S+)/, `$1${rest}`)).join(", ");
  const pair = {
    engine: "postgres" as const,
    from: `CREATE TABLE t (${table("")})`,
    to: `CREATE TABLE t (${table(" NOT NULL")}, UNIQUE (k))`,
  };
  const { choices } = await planned(server, pair);
  const flags = choices.flatMap((choice) =>
    choice.options.filter(({ id }) => id === "expression")
      .map((option) => optionFlag(choice, option).replace(/^--answer /, ""))
  );
  assert.deepEqual(flags.map((flag) => flag.replace(/^"(.*)"$/, "$1")), [
    "fill:t.d=expression='1970-01-01'",
    "fill:t.e=expression=upper('a'::text)",
    "fill:t.k=expression=0",
    "fill:t.n=expression=0",
    "fill:t.x=expression=''",
  ]);
});

test("an attribute of a type that tables are made of is asked about, and not their columns", async () => {
  await using server = await serverOf("postgres");
  const pair = {
    engine: "postgres" as const,
    from: "CREATE TYPE pair AS (a int, b int); CREATE TABLE t OF pair",
    to: "CREATE TYPE pair AS (a int, c int); CREATE TABLE t OF pair",
  };
  const { choices } = await planned(server, pair);
  assert.deepEqual(choices.map(({ id }) => id), ["rename:attribute:public.pair.b"]);
});

test("rows that a plan loses without a word are seen", async () => {
  const fateOf = async (
    engine: Case["engine"],
    up: string,
    down: string,
    says?: string,
    choices: readonly Choice[] = [],
  ) => {
    await using server = await serverOf(engine);
    const verdict = await rowsUnder(await projectOf(engine), server, {
      current: "CREATE TABLE t (id int PRIMARY KEY, a varchar(9)); CREATE TABLE u (b int)",
      outcome: {
        files: [{ path: "1_x.up.sql", text: up }, { path: "1_x.down.sql", text: down }],
        choices,
        draft: {
          author: "planner",
          name: "x",
          up: [{
            sql: up,
            serves: [],
            reason: { action: "describe", text: "" },
            transactional: true,
            ...says === undefined ? {} : { destroys: says },
          }],
          down: [],
          reversible: says === undefined ? "exact" : "structure",
          notes: [],
        },
      },
    });
    return [verdict?.fate, ...verdict?.losses ?? []];
  };
  const again = "ALTER TABLE t ADD COLUMN a varchar(9)";
  const drop = "ALTER TABLE t DROP COLUMN a";
  assert.deepEqual(await fateOf("postgres", "CREATE TABLE x (y int)", "DROP TABLE x"), ["kept"]);
  const isLost = async (engine: Case["engine"], up: string, down: string, loss: RegExp) => {
    const [fate, text] = await fateOf(engine, up, down);
    assert.equal(fate, "lost", up);
    assert.match(text ?? "", loss);
  };
  await isLost("postgres", drop, again, /^public\.t\.a was \["v\d.*\] and is \[null[,nul]*\]$/);
  await isLost("sqlite", drop, again, /^t\.a was \["'v\d.*\] and is \[null[,nul]*\]$/);
  assert.deepEqual(await fateOf("sqlite", drop, again, "the values of column t.a"), ["said"]);
  await isLost("sqlite", "DELETE FROM u", "SELECT 1", /^u has 0 rows of \d+$/);
  await isLost(
    "postgres",
    "UPDATE t SET a = id % 7",
    "SELECT 1",
    /^public\.t\.a was \["v\d.*\] and is \["-?\d+".*\]$/,
  );
  assert.deepEqual(
    await fateOf("postgres", "ALTER TABLE t ALTER a TYPE int USING a::int", "SELECT 1"),
    ["up-refused"],
  );
  const empty = (id: string): Choice => ({
    id,
    kind: "data",
    question: "",
    evidence: {},
    options: [],
    fallback: null,
    ifEmpty: ASSUME_EMPTY,
    answer: { option: ASSUME_EMPTY, by: "policy" },
  });
  const all = [empty("convert:public.t.a"), empty("fill:public.u.b")];
  assert.deepEqual(await fateOf("postgres", drop, again, undefined, all.slice(0, 1)), ["kept"]);
  assert.deepEqual(await fateOf("postgres", drop, again, undefined, all), ["none"]);
});
