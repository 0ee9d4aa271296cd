/** Statements in an order and in transactions that a server with rows takes, as runners send them, there and back. */

import assert from "node:assert/strict";
import test from "node:test";
import type { PlannedStatement } from "../../src/core/statement.ts";
import type { ScratchDatabase } from "../../src/runtimes/runtime.ts";
import { type Pair, planned, serverOf } from "./planned.ts";

interface Case extends Omit<Pair, "engine"> {
  readonly name: string;
  /** Put into the tables of `from`. */
  readonly rows: string;
  /** A query on the old side, one on the new side where that differs, and what both give. */
  readonly before: string;
  readonly after?: string;
  readonly values: readonly (readonly unknown[])[];
  /** What stands in UP, in DOWN, and in neither. */
  readonly up?: RegExp;
  readonly down?: RegExp;
  readonly never?: RegExp;
}

const CASES: readonly Case[] = [
  {
    name: "a column is renamed beside a new value of an enumeration that is used at once",
    from: "CREATE TYPE k AS ENUM ('a'); CREATE TABLE t (id int PRIMARY KEY, k k NOT NULL, n int)",
    to:
      "CREATE TYPE k AS ENUM ('a', 'b'); CREATE TABLE t (id int PRIMARY KEY, k k NOT NULL DEFAULT 'b', amount int)",
    renames: ["t.n=amount"],
    rows: "INSERT INTO t VALUES (1, 'a', 5)",
    before: "SELECT id, n FROM t",
    after: "SELECT id, amount FROM t",
    values: [[1, 5]],
    down: /RENAME COLUMN amount TO n/,
    never: /DROP COLUMN/,
  },
  {
    name: "a new value of an enumeration is the bound of a partition",
    from:
      `CREATE TYPE st AS ENUM ('new', 'old'); CREATE TABLE j (id int, s st NOT NULL) PARTITION BY LIST (s);
      CREATE TABLE j_rest PARTITION OF j FOR VALUES IN ('old')`,
    to:
      `CREATE TYPE st AS ENUM ('new', 'old', 'it''s "gone"'); CREATE TABLE j (id int, s st NOT NULL) PARTITION BY LIST (s);
      CREATE TABLE j_rest PARTITION OF j FOR VALUES IN ('old');
      CREATE TABLE j_gone PARTITION OF j FOR VALUES IN ('it''s "gone"')`,
    rows: "INSERT INTO j VALUES (1, 'old')",
    before: "SELECT id, s FROM j",
    values: [[1, "old"]],
  },
  {
    name: "a new value of an enumeration inside an array, and in a function",
    from: "CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (id int, l e[])",
    to: `CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (id int, l e[] DEFAULT '{a,b}');
      CREATE FUNCTION f() RETURNS e LANGUAGE sql AS $$ SELECT 'b'::e $$`,
    rows: "INSERT INTO t VALUES (1, '{a}')",
    before: "SELECT id, l::text FROM t",
    values: [[1, "{a}"]],
  },
  {
    name: "partitions take ranges of each other",
    from: `CREATE TABLE m (id int) PARTITION BY RANGE (id);
      CREATE TABLE p1 PARTITION OF m FOR VALUES FROM (0) TO (10);
      CREATE TABLE p2 PARTITION OF m FOR VALUES FROM (10) TO (30)`,
    to: `CREATE TABLE m (id int) PARTITION BY RANGE (id);
      CREATE TABLE p1 PARTITION OF m FOR VALUES FROM (0) TO (20);
      CREATE TABLE p2 PARTITION OF m FOR VALUES FROM (20) TO (30)`,
    rows: "INSERT INTO m VALUES (1), (15), (25)",
    before: "SELECT id FROM m ORDER BY id",
    values: [[1], [15], [25]],
  },
  {
    name: "partitions change places, also with the default one",
    from: `CREATE TABLE m (a date, b text) PARTITION BY RANGE (a);
      CREATE TABLE p1 PARTITION OF m FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
      CREATE TABLE p2 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
      CREATE TABLE p3 PARTITION OF m DEFAULT`,
    to: `CREATE TABLE m (a date, b text) PARTITION BY RANGE (a);
      CREATE TABLE p2 PARTITION OF m FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
      CREATE TABLE p1 PARTITION OF m DEFAULT;
      CREATE TABLE p3 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')`,
    rows:
      "INSERT INTO m VALUES ('2019-05-05', 'x'), ('2020-05-05', 'y'), ('2022-05-05', 'z'), (NULL, 'n')",
    before: "SELECT b FROM m ORDER BY b",
    values: [["n"], ["x"], ["y"], ["z"]],
  },
  {
    name: "a range of two columns is divided",
    from:
      `CREATE TABLE m (a int, b int, g int GENERATED ALWAYS AS (a + b) STORED) PARTITION BY RANGE (a, b);
      CREATE TABLE p1 PARTITION OF m FOR VALUES FROM (0, MINVALUE) TO (10, MAXVALUE)`,
    to:
      `CREATE TABLE m (a int, b int, g int GENERATED ALWAYS AS (a + b) STORED) PARTITION BY RANGE (a, b);
      CREATE TABLE p1 PARTITION OF m FOR VALUES FROM (0, MINVALUE) TO (5, 3);
      CREATE TABLE p2 PARTITION OF m FOR VALUES FROM (5, 3) TO (10, MAXVALUE)`,
    rows: "INSERT INTO m VALUES (0, -5), (5, 2), (5, 3), (10, 99)",
    before: "SELECT a, b, g FROM m ORDER BY a, b",
    values: [[0, -5, -5], [5, 2, 7], [5, 3, 8], [10, 99, 109]],
  },
  {
    name: "a hash has another modulus",
    from: `CREATE TABLE m (id int) PARTITION BY HASH (id);
      CREATE TABLE p0 PARTITION OF m FOR VALUES WITH (MODULUS 2, REMAINDER 0);
      CREATE TABLE p1 PARTITION OF m FOR VALUES WITH (MODULUS 2, REMAINDER 1)`,
    to: `CREATE TABLE m (id int) PARTITION BY HASH (id);
      CREATE TABLE p0 PARTITION OF m FOR VALUES WITH (MODULUS 4, REMAINDER 0);
      CREATE TABLE p1 PARTITION OF m FOR VALUES WITH (MODULUS 4, REMAINDER 1);
      CREATE TABLE p2 PARTITION OF m FOR VALUES WITH (MODULUS 4, REMAINDER 2);
      CREATE TABLE p3 PARTITION OF m FOR VALUES WITH (MODULUS 4, REMAINDER 3)`,
    rows: "INSERT INTO m SELECT generate_series(1, 100)",
    before: "SELECT count(*)::int, sum(id)::int FROM m",
    values: [[100, 5050]],
  },
  {
    name: "rows of the default partition belong to a new one",
    from:
      `CREATE TABLE m (k text, n int) PARTITION BY LIST (k); CREATE TABLE rest PARTITION OF m DEFAULT`,
    to:
      `CREATE TABLE m (k text, n int) PARTITION BY LIST (k); CREATE TABLE rest PARTITION OF m DEFAULT;
      CREATE TABLE p PARTITION OF m FOR VALUES IN ('a', NULL)`,
    answers: ["rows:public.p=move"],
    rows: "INSERT INTO m VALUES ('a', 1), ('b', 2), (NULL, 3)",
    before: "SELECT n FROM m ORDER BY n",
    values: [[1], [2], [3]],
  },
  {
    name: "a child has a default of its own beside a new one of the parent",
    from: "CREATE TABLE p (a int DEFAULT 1, b int, c int DEFAULT 1)",
    to: `CREATE TABLE p (a int DEFAULT 2, b int DEFAULT 2, c int);
      CREATE TABLE c1 (a int DEFAULT 9, b int DEFAULT 9, c int DEFAULT 9) INHERITS (p); CREATE TABLE c2 () INHERITS (p)`,
    rows: "INSERT INTO p VALUES (5, 6, 7)",
    before: "SELECT a, b, c FROM p",
    values: [[5, 6, 7]],
  },
  {
    name: "rows change under deferred constraints, then their table is altered",
    from: `CREATE TABLE org (id int PRIMARY KEY); CREATE TABLE m (id int PRIMARY KEY,
        org_id int REFERENCES org DEFERRABLE INITIALLY DEFERRED)`,
    to: `CREATE TABLE org (id int PRIMARY KEY); CREATE TABLE m (id int PRIMARY KEY,
        org_id int NOT NULL DEFAULT 1 REFERENCES org DEFERRABLE INITIALLY DEFERRED)`,
    rows: "INSERT INTO org VALUES (1); INSERT INTO m VALUES (1, 1), (2, NULL)",
    before: "SELECT id, org_id FROM m WHERE id = 1",
    values: [[1, 1]],
    up: /^SET CONSTRAINTS ALL IMMEDIATE;\nUPDATE m\b/m,
  },
  {
    name: "rows change under a deferred trigger, then their table is altered",
    from:
      `CREATE TABLE t (id int, n int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE CONSTRAINT TRIGGER c AFTER UPDATE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION f()`,
    to:
      `CREATE TABLE t (id int, n int NOT NULL); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE CONSTRAINT TRIGGER c AFTER UPDATE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION f()`,
    answers: ["fill:public.t.n=expression=id * 2"],
    rows: "INSERT INTO t VALUES (1, 7), (2, NULL)",
    before: "SELECT id, n FROM t WHERE id = 1",
    values: [[1, 7]],
  },
  {
    name: "no constraint is deferred",
    from: "CREATE TABLE t (id int PRIMARY KEY, n int REFERENCES t DEFERRABLE)",
    to: "CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL DEFAULT 1 REFERENCES t DEFERRABLE)",
    rows: "INSERT INTO t VALUES (1, 1)",
    before: "SELECT id, n FROM t",
    values: [[1, 1]],
    never: /SET CONSTRAINTS/,
  },
  {
    name: "materialized views whose query fails stay without rows",
    from:
      "CREATE TABLE t (id int, v text); CREATE MATERIALIZED VIEW m AS SELECT 1 / (length(v) - 1) AS x FROM t WITH NO DATA",
    to:
      `CREATE TABLE t (id bigint, v text); CREATE MATERIALIZED VIEW m AS SELECT id, 1 / (length(v) - 1) AS x FROM t WITH NO DATA;
      CREATE MATERIALIZED VIEW n AS SELECT 1 / (length(v) - 1) AS x FROM t WITH NO DATA; CREATE UNIQUE INDEX ON n (x)`,
    rows: "INSERT INTO t VALUES (1, 'a')",
    before: "SELECT v FROM t",
    values: [["a"]],
    never: /REFRESH/,
  },
  {
    name: "a materialized view gets its rows",
    from: "CREATE TABLE t (v text); CREATE MATERIALIZED VIEW m AS SELECT v FROM t WITH NO DATA",
    to: "CREATE TABLE t (v text); CREATE MATERIALIZED VIEW m AS SELECT v FROM t",
    rows: "INSERT INTO t VALUES ('a')",
    before: "SELECT v FROM t",
    after: "SELECT v FROM m",
    values: [["a"]],
    up: /^REFRESH MATERIALIZED VIEW m$/,
    down: /^REFRESH MATERIALIZED VIEW m WITH NO DATA$/,
  },
  {
    name: "unique indexes become a key and a constraint, with what hangs on them",
    from: `CREATE TABLE u (id int, mail text, n int NOT NULL); CREATE UNIQUE INDEX u_id ON u (id);
      CREATE UNIQUE INDEX u_mail ON u (mail) INCLUDE (n) WITH (fillfactor = 70); CREATE UNIQUE INDEX u_n ON u (n);
      ALTER TABLE u CLUSTER ON u_id, REPLICA IDENTITY USING INDEX u_n; COMMENT ON INDEX u_n IS 'the number';
      CREATE TABLE o (m text REFERENCES u (mail), i int REFERENCES u (id))`,
    to:
      `CREATE TABLE u (id int CONSTRAINT pk PRIMARY KEY, mail text, n int NOT NULL CONSTRAINT u_n UNIQUE DEFERRABLE,
        CONSTRAINT u_mail UNIQUE (mail) INCLUDE (n) WITH (fillfactor = 70));
      ALTER TABLE u CLUSTER ON pk; CREATE TABLE o (m text REFERENCES u (mail), i int REFERENCES u (id))`,
    rows: "INSERT INTO u VALUES (1, 'a', 1); INSERT INTO o VALUES ('a', 1)",
    before: "SELECT m, i FROM o",
    values: [["a", 1]],
    up: /^(?!.*FOREIGN KEY).*PRIMARY KEY USING INDEX u_id\b.*UNIQUE USING INDEX u_mail\b/s,
  },
  {
    name: "an extension moves to another schema",
    from:
      `CREATE EXTENSION citext; CREATE TABLE t (a citext PRIMARY KEY, b citext[] DEFAULT '{}', CHECK (a <> 'x'));
      CREATE VIEW v AS SELECT a FROM t WHERE a = 'b'; CREATE INDEX i ON t (a)`,
    to: `CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext; SET search_path = public, ext;
      CREATE TABLE t (a citext PRIMARY KEY, b citext[] DEFAULT '{}', CHECK (a <> 'x'));
      CREATE VIEW v AS SELECT a FROM t WHERE a = 'b'; CREATE INDEX i ON t (a)`,
    rows: "INSERT INTO t VALUES ('b')",
    before: "SELECT a::text FROM v",
    values: [["b"]],
    up: /^CREATE SCHEMA ext;\nALTER EXTENSION citext SET SCHEMA ext$/,
    down: /^ALTER EXTENSION citext SET SCHEMA public;\nDROP SCHEMA ext$/,
  },
];

for (const one of CASES) {
  test(`with rows, there and back: ${one.name}`, async () => {
    await using server = await serverOf("postgres", one.from);
    const { outcome, draft, proof } = await planned(server, { engine: "postgres", ...one });
    assert.equal(outcome, "proven", JSON.stringify(proof));
    assert.ok(draft !== null);
    const [up, down] = [draft.up, draft.down].map((list) => list.map(({ sql }) => sql).join(";\n"));
    if (one.up !== undefined) assert.match(up ?? "", one.up);
    if (one.down !== undefined) assert.match(down ?? "", one.down);
    if (one.never !== undefined) assert.doesNotMatch(`${up};\n${down}`, one.never);
    await using database = await server.create();
    await database.exec(`${one.from}; ${one.rows}`);
    await runInTransactions(database, draft.up);
    assert.deepEqual(await rowsOf(database, one.after ?? one.before), one.values);
    await runInTransactions(database, draft.down);
    assert.deepEqual(await rowsOf(database, one.before), one.values);
  });
}

/** All that may stand in one transaction in one. */
async function runInTransactions(
  database: ScratchDatabase,
  statements: readonly PlannedStatement[],
): Promise<void> {
  let isOpen = false;
  for (const { sql, transactional } of statements) {
    if (transactional !== isOpen) await database.exec(transactional ? "BEGIN" : "COMMIT");
    isOpen = transactional;
    await database.exec(sql).catch((error: Error) => assert.fail(`${error.message} in ${sql}`));
  }
  if (isOpen) await database.exec("COMMIT");
}

async function rowsOf(database: ScratchDatabase, query: string) {
  return (await database.query<Record<string, unknown>>(query)).map((row) => Object.values(row));
}

test("whether a view holds rows says nothing where the schema is a dump", async () => {
  const dump = (rows: string) =>
    `-- PostgreSQL database dump\n--\nCREATE TABLE t (v text); CREATE MATERIALIZED VIEW m AS SELECT v FROM t ${rows}`;
  await using server = await serverOf("postgres");
  for (const history of ["WITH DATA", "WITH NO DATA"]) {
    const from = dump(history).replace(/^.*\n--/, "");
    const pair = { engine: "postgres" as const, from, to: dump("WITH NO DATA") };
    assert.equal((await planned(server, pair)).outcome, "in-sync");
  }
});

test("lines inside of literals and names stay as they are", async () => {
  await using server = await serverOf("postgres");
  const made = (last: string) =>
    `CREATE TYPE e AS ENUM ('a\n  b\nc'); CREATE TYPE c AS ("x\ny" int, z text);
     CREATE FUNCTION f(p1 text DEFAULT 'one\ntwo', p2 text DEFAULT $$a fairly long default that does not fit\nthe line$$)
       RETURNS text LANGUAGE sql AS $$\nSELECT 'x\n  y'\n$$;
     CREATE AGGREGATE g(text) (SFUNC = textcat, STYPE = text, INITCOND = 'a\n b');
     CREATE TABLE t ("q\nr" text DEFAULT 'u\nv', e e DEFAULT 'a\n  b\nc', CHECK ("q\nr" <> 'k\nl')); COMMENT ON TABLE t IS 'm\nn${last}'`;
  const pair = { engine: "postgres" as const, from: "", to: made("") };
  assert.equal((await planned(server, pair)).outcome, "proven");
  const back = { engine: "postgres" as const, from: made(""), to: made("\no") };
  assert.equal((await planned(server, back)).outcome, "proven");
});

test("an UP that the server refuses has a DOWN that renames back", async () => {
  await using server = await serverOf("postgres");
  const { outcome, draft } = await planned(server, {
    engine: "postgres",
    from:
      "CREATE TABLE people (id int, a int, z int); INSERT INTO people VALUES (1, 2, 3); CREATE TYPE m AS ENUM ('x', 'y')",
    to: "CREATE TABLE users (id int CHECK (id > 5), b int); CREATE TYPE m AS ENUM ('x', 'z')",
    renames: ["table:people=users", "users.a=b", "enum value:m.y=z"],
  });
  assert.equal(outcome, "unproven");
  assert.deepEqual(draft?.down.map(({ sql }) => sql), [
    "ALTER TABLE users DROP CONSTRAINT users_id_check",
    "ALTER TYPE m RENAME VALUE 'z' TO 'y'",
    "ALTER TABLE users ADD COLUMN z integer",
    "ALTER TABLE users RENAME TO people",
    "ALTER TABLE people RENAME COLUMN b TO a",
  ]);
});

test("statements stand as written by hand", async () => {
  await using server = await serverOf("postgres");
  const { outcome, draft } = await planned(server, {
    engine: "postgres",
    from: "CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE t (id int, a int, b varchar(20))",
    to:
      `CREATE DOMAIN d AS int CHECK (VALUE > 0 AND VALUE < 9); CREATE TABLE o (id bigint PRIMARY KEY);
      CREATE TABLE t (id bigint PRIMARY KEY, a numeric, b varchar(200), o bigint REFERENCES o ON DELETE CASCADE,
        at timestamptz(3) DEFAULT now(), c char(2) CHECK (c <> 'character varying'), n int, CONSTRAINT few CHECK (a > n))`,
    answers: ["fill:public.t.id=fail"],
  });
  assert.equal(outcome, "proven");
  assert.deepEqual(draft?.up.map(({ sql }) => sql), [
    "CREATE DOMAIN d AS integer\n  CONSTRAINT d_check CHECK (VALUE > 0 AND VALUE < 9)",
    "ALTER TABLE o ALTER COLUMN id TYPE bigint",
    [
      "ALTER TABLE t",
      "  ALTER COLUMN id TYPE bigint,",
      "  ALTER COLUMN a TYPE numeric,",
      "  ALTER COLUMN b TYPE varchar(200),",
      "  ADD COLUMN o bigint REFERENCES o(id) ON DELETE CASCADE,",
      "  ADD COLUMN at timestamptz(3) DEFAULT now(),",
      "  ADD COLUMN c char(2) CHECK (c <> 'character varying'),",
      "  ADD COLUMN n integer,",
      "  ADD CONSTRAINT few CHECK (a > n),",
      "  ADD CONSTRAINT t_pkey PRIMARY KEY (id)",
    ].join("\n"),
  ]);
});

test("views and routines stand in their author's text, there and back, where that gives the same", async () => {
  await using server = await serverOf("postgres");
  const { outcome, draft } = await planned(server, {
    engine: "postgres",
    from: `CREATE TABLE t (a int, b int); CREATE OR REPLACE VIEW v AS
  select *   -- all of it
  from t where b in (1, 2);
      CREATE VIEW w AS SELECT 1 AS x; CREATE OR REPLACE VIEW w AS select  1 as x, 2 as y;
      CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$`,
    to: `CREATE TABLE t (a bigint, b int); CREATE VIEW v AS
  select *   /* all; of it */
  from t where b in (1, 3);
      CREATE SCHEMA s; SET search_path = s; CREATE VIEW w AS select 1  as x; SET search_path = public;
      CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 2 $$; CREATE FUNCTION g() RETURNS int  LANGUAGE sql AS $$ SELECT 1 $$;
      CREATE FUNCTION o(int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$; CREATE FUNCTION o(text) RETURNS int LANGUAGE sql AS $$ SELECT 2 $$;
      ALTER FUNCTION g() IMMUTABLE`,
  });
  assert.equal(outcome, "proven");
  const [up, down] = [draft?.up ?? [], draft?.down ?? []].map((list) => list.map(({ sql }) => sql));
  assert.ok(
    up?.includes("CREATE VIEW v AS\n  select *   /* all; of it */\n  from t where b in (1, 3)"),
  );
  assert.ok(
    up?.includes("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 2 $$"),
  );
  assert.ok(up?.some((sql) => /^CREATE FUNCTION g\(\)\s.*IMMUTABLE/s.test(sql)));
  assert.ok(
    down?.includes(
      "CREATE VIEW v AS\n  select *   -- all of it\n  from t where b in (1, 2)",
    ),
  );
  assert.ok(down?.includes("CREATE VIEW w AS select  1 as x, 2 as y"));
});

test("expressions stand in their author's words where these give the same", async () => {
  await using server = await serverOf("postgres");
  const { outcome, draft } = await planned(server, {
    engine: "postgres",
    from: `CREATE TABLE t (id int, price numeric(9,2), s varchar(9), at timestamptz,
      CONSTRAINT was CHECK (price BETWEEN 0 AND 9))`,
    to: `CREATE TABLE t (id int, price numeric(9,2) CHECK (price >= 0), s varchar(9) DEFAULT 'n',
        at timestamptz DEFAULT now() - interval '1 day', k bigint CHECK (k BETWEEN 1 AND 9),
        CONSTRAINT s_ok CHECK (s IN ('a',
          'b') AND s NOT LIKE 'x%'), CONSTRAINT told CHECK (id > 0 -- so it is
          AND price < 9));
      CREATE TABLE u (a int, b int GENERATED ALWAYS AS (a + 1) STORED, "PRICE" numeric CHECK ("PRICE" >= 0));
      ALTER TABLE u ADD COLUMN c numeric; ALTER TABLE u ADD CONSTRAINT one CHECK (c<>1);
      CREATE INDEX open ON t (id) WHERE s = 'a' AND price > 0;
      ALTER TABLE t ENABLE ROW LEVEL SECURITY;
      CREATE POLICY p ON t USING (price > 0) WITH CHECK (price > 1)`,
  });
  assert.equal(outcome, "proven");
  const up = draft?.up.map(({ sql }) => sql).join(";\n") ?? "";
  for (
    const text of [
      "CHECK (price >= 0)",
      "SET DEFAULT 'n'",
      "SET DEFAULT now() - interval '1 day'",
      "CHECK (k BETWEEN 1 AND 9)",
      "CHECK (s IN ('a', 'b') AND s NOT LIKE 'x%')",
      // What holds a comment stays as the server has it.
      "CONSTRAINT told CHECK ((id > 0) AND (price < (9)::numeric))",
      "GENERATED ALWAYS AS (a + 1) STORED",
      '"PRICE" numeric CHECK ("PRICE" >= 0)',
      "CONSTRAINT one CHECK (c<>1)",
      "WHERE s = 'a' AND price > 0",
      "USING (price > 0)",
      "WITH CHECK (price > 1)",
    ]
  ) assert.ok(up.includes(text), `${text}\n\n${up}`);
  const down = draft?.down.map(({ sql }) => sql).join(";\n") ?? "";
  assert.match(down, /CONSTRAINT was CHECK \(price BETWEEN 0 AND 9\)/);
});

test("who runs the migration is written as the author wrote it, and never as the scratch server's user", async () => {
  await using server = await serverOf("postgres");
  const tables = `CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE TABLE "C d" (id int);
    ALTER TABLE a ENABLE ROW LEVEL SECURITY; ALTER TABLE b ENABLE ROW LEVEL SECURITY;`;
  const { outcome, draft } = await planned(server, {
    engine: "postgres",
    from:
      `${tables} ALTER TABLE a OWNER TO app; ALTER TABLE b OWNER TO app; ALTER TABLE "C d" OWNER TO app;
      CREATE POLICY one ON a USING (true); CREATE POLICY two ON a TO app USING (true);
      CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$; ALTER FUNCTION f() OWNER TO app`,
    to:
      `${tables} ALTER TABLE a OWNER TO app; ALTER TABLE b OWNER TO postgres; ALTER TABLE "C d" OWNER TO CURRENT_USER;
      CREATE POLICY one ON a TO CURRENT_USER USING (true); CREATE POLICY two ON public.a TO app, session_user USING (true);
      CREATE POLICY three ON b TO postgres USING (true); CREATE POLICY "fo ur" ON "C d" TO current_role USING (true);
      GRANT SELECT ON a TO CURRENT_USER; GRANT INSERT ON TABLE public.a TO other;
      CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$; ALTER FUNCTION f() OWNER TO SESSION_USER`,
  });
  assert.equal(outcome, "proven");
  const up = draft?.up.map(({ sql }) => sql.replaceAll(/\s+/g, " ")) ?? [];
  for (
    const text of [
      "ALTER TABLE b OWNER TO postgres",
      'ALTER TABLE "C d" OWNER TO CURRENT_USER',
      "ALTER FUNCTION f() OWNER TO SESSION_USER",
      "ALTER POLICY one ON a TO CURRENT_USER",
      "ALTER POLICY two ON a TO app, session_user",
      "CREATE POLICY three ON b TO postgres USING (true)",
      'CREATE POLICY "fo ur" ON "C d" TO current_role USING (true)',
      "GRANT SELECT ON TABLE a TO CURRENT_USER",
      "GRANT INSERT ON TABLE a TO other",
    ]
  ) assert.ok(up.includes(text), `${text}\n\n${up.join(";\n")}`);
});
