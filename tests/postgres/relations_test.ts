import assert from "node:assert/strict";
import test from "node:test";
import { sentenceOf } from "../../src/cli/report/reason.ts";
import { changesIn } from "./changes.ts";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { target } from "../../src/engines/postgres/target.ts";
import { pglite } from "../../src/runtimes/pglite.ts";
import type { ScratchDatabase } from "../../src/runtimes/runtime.ts";
import type { Hints } from "../../src/core/plan.ts";
import type { Snapshot } from "../../src/core/snapshot.ts";
import { CHANGED, CREATED, type RelationPair } from "./relation_pairs.ts";

const pairs = [...CREATED, ...CHANGED];
const server = await pglite.start(
  target(null, pairs.flatMap(({ from, to }) => [from, to]), false),
  { emit: () => {}, signal: new AbortController().signal },
);

const hints: Hints = {
  answers: new Map(),
  renames: [],
  dropAdd: true,
  strictOrder: false,
  deployedVersion: null,
};

for (const pair of pairs) {
  test(`up and down: ${pair.name}`, async () => {
    const to = await snapshotOf(pair.to);
    await using database = await server.create();
    if (pair.from !== "") await database.exec(pair.from);
    const from = await inspect(database);
    const up = await migrate(database, from, to, pair);
    if (pair.up !== undefined) assert.deepEqual(up, pair.up);
    await migrate(database, await inspect(database), from, pair);
  });
}

test("a choice tells its options, and an answer is carried out", async () => {
  const to = await snapshotOf(
    "CREATE TABLE t (a text NOT NULL, b int NOT NULL DEFAULT 3, c varchar(2))",
  );
  await using database = await server.create();
  await database.exec("CREATE TABLE t (a text, b int, c text); INSERT INTO t (c) VALUES ('long')");
  const from = await inspect(database);
  const { choices } = postgres.plan(from, to, hints);
  assert.deepEqual(
    choices.map(({ id, fallback, options }) => [id, fallback, options.map((option) => option.id)]),
    [
      ["convert:public.t.c", null, ["expression", "assume-empty"]],
      ["fill:public.t.a", null, ["default", "expression", "assume-empty"]],
      ["fill:public.t.b", "default", ["default", "expression", "assume-empty"]],
    ],
  );
  const answered = postgres.plan(from, to, {
    ...hints,
    answers: new Map([
      ["convert:public.t.c", { option: "expression", expression: "left(c, 2)", by: "flag" }],
      ["fill:public.t.a", { option: "expression", expression: "upper(c)", by: "flag" }],
      ["fill:public.t.b", { option: "default", by: "flag" }],
    ]),
  });
  for (const { sql } of answered.statements) await database.exec(sql);
  assert.deepEqual(differences(await inspect(database), to), []);
  assert.deepEqual(await database.query("SELECT * FROM t"), [{ a: "LONG", b: 3, c: "lo" }]);
});

test("a way back works on a table with rows", async () => {
  const from = "CREATE TABLE t (a int)";
  const to = await snapshotOf(
    `CREATE TYPE mood AS ENUM ('sad', 'glad');
     CREATE TABLE t (a int NOT NULL, id int PRIMARY KEY, key uuid NOT NULL UNIQUE, name varchar(9) NOT NULL, at date NOT NULL, m mood NOT NULL)`,
  );
  await using database = await server.create();
  await database.exec(`${from}; INSERT INTO t VALUES (NULL), (3)`);
  const { statements } = postgres.plan(await inspect(database), to, { ...hints, isDown: true });
  for (const { sql } of statements) await database.exec(sql);
  assert.deepEqual(differences(await inspect(database), to), []);
  assert.ok(
    statements.some(({ sql }) =>
      sql === "ALTER TABLE t ADD COLUMN name character varying(9) NOT NULL DEFAULT ''"
    ),
  );
  assert.deepEqual(
    await database.query("SELECT a, id, name, at::text, m FROM t ORDER BY id"),
    [
      { a: 3, id: 1, name: "", at: "1970-01-01", m: "sad" },
      { a: 0, id: 2, name: "", at: "1970-01-01", m: "sad" },
    ],
  );
});

test("what destroys or rewrites rows says so", async () => {
  const from = await snapshotOf(
    "CREATE TABLE t (a int, b numeric(9,4), c int); CREATE TABLE u (a int)",
  );
  const to = await snapshotOf("CREATE TABLE t (a bigint, b numeric(9,2))");
  const { statements } = postgres.plan(from, to, hints);
  assert.deepEqual(
    statements.map(({ sql, destroys, rewrites }) => [sql, destroys, rewrites]),
    [
      ["ALTER TABLE t DROP COLUMN c", "the values of column public.t.c", undefined],
      ["DROP TABLE u", "the rows of table public.u", undefined],
      ["ALTER TABLE t ALTER COLUMN a TYPE bigint", undefined, "public.t"],
      [
        "ALTER TABLE t ALTER COLUMN b TYPE numeric(9,2)",
        "the part of public.t.b that numeric(9,2) cannot hold",
        "public.t",
      ],
    ],
  );
});

test("what is dropped only to be recreated says because of what", async () => {
  const views = "CREATE VIEW v AS SELECT n FROM t; CREATE VIEW w AS SELECT * FROM v";
  const from = await snapshotOf(`CREATE TABLE t (n text); ${views}`);
  const to = await snapshotOf(`CREATE TABLE t (n varchar(9)); ${views}; CREATE TABLE u (a int)`);
  assert.deepEqual(
    postgres.plan(from, to, hints).statements.map(({ reason }) => sentenceOf(reason)),
    [
      "View public.w is dropped, to be recreated: view public.v is recreated",
      "View public.v is dropped, to be recreated: column public.t.n is altered",
      "Table public.u is created",
      "The type of column public.t.n becomes character varying(9)",
      "View public.v is recreated",
      "View public.w is recreated",
    ],
  );
});

test("a renamed table keeps its rows, and what is called after it follows", async () => {
  const to = await snapshotOf(
    "CREATE SCHEMA app; CREATE TABLE app.people (id serial PRIMARY KEY, mail text UNIQUE)",
  );
  await using database = await server.create();
  await database.exec(
    "CREATE SCHEMA app; CREATE TABLE users (id serial PRIMARY KEY, email text UNIQUE)",
  );
  const stated: Hints = {
    ...hints,
    renames: [
      { kind: "table", from: "public.users", to: "app.people", by: "flag" },
      { kind: "column", from: "app.people.email", to: "mail", by: "flag" },
    ],
  };
  const ran: string[] = [];
  for (let round = 0; round < 5; round++) {
    const { statements } = postgres.renames(await inspect(database), to, stated);
    if (statements.length === 0) break;
    for (const { sql } of statements) await database.exec(sql);
    ran.push(...statements.map(({ sql }) => sql));
  }
  assert.ok(ran.includes("ALTER TABLE users SET SCHEMA app"));
  assert.ok(ran.includes("ALTER TABLE app.people RENAME COLUMN email TO mail"));
  const { statements } = postgres.plan(await inspect(database), to, hints);
  assert.deepEqual(statements.filter(({ destroys }) => destroys !== undefined), []);
  for (const { sql } of statements) await database.exec(sql);
  assert.deepEqual(differences(await inspect(database), to), []);
});

test("a partition's part of a key or index is renamed, whatever else changes about it", async () => {
  const from = `CREATE TABLE t (id int PRIMARY KEY, a int) PARTITION BY LIST (id);
    CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); CREATE INDEX t_a ON t (a)`;
  const to = await snapshotOf(
    `${from}; ALTER INDEX t1_pkey RENAME TO own; ALTER INDEX own SET (fillfactor = 66);
     ALTER INDEX t1_a_idx RENAME TO part; ALTER INDEX part SET (fillfactor = 67)`,
  );
  await using database = await server.create();
  await database.exec(from);
  const { statements } = postgres.renames(await inspect(database), to, hints);
  assert.deepEqual(statements.map(({ sql }) => sql), [
    "ALTER TABLE t1 RENAME CONSTRAINT t1_pkey TO own",
    "ALTER INDEX t1_a_idx RENAME TO part",
  ]);
  for (const { sql } of statements) await database.exec(sql);
  const { statements: rest } = postgres.plan(await inspect(database), to, hints);
  for (const { sql } of rest) await database.exec(sql);
  assert.deepEqual(rest.map(({ sql }) => sql), [
    "ALTER INDEX own SET (fillfactor = 66)",
    "ALTER INDEX part SET (fillfactor = 67)",
  ]);
  assert.deepEqual(differences(await inspect(database), to), []);
});

test("a column that partitions share is asked about once", async () => {
  const table = (column: string) =>
    `CREATE TABLE log (id int, ${column} text) PARTITION BY LIST (id); CREATE TABLE log_1 PARTITION OF log DEFAULT`;
  const { choices } = postgres.renames(
    await snapshotOf(table("note")),
    await snapshotOf(table("notes")),
    { ...hints, dropAdd: false },
  );
  assert.deepEqual(choices.map(({ id }) => id), ["rename:column:public.log.note"]);
});

test("the facts of a column are what pg_dump prints of it", async () => {
  const { objects, unmodelled } = await snapshotOf(
    `CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY (START 5), a varchar(9) COLLATE "C" NOT NULL DEFAULT 'x')`,
  );
  assert.deepEqual(unmodelled, []);
  assert.deepEqual(objects.get("column:public.t.id")?.facts, {
    type: "bigint",
    not_null: true,
    identity: { generation: "always", start: "5" },
  });
  assert.deepEqual(objects.get("column:public.t.a")?.facts, {
    type: "character varying(9)",
    collation: "pg_catalog.C",
    not_null: true,
  });
  assert.deepEqual(objects.get("default:public.t.a"), {
    id: "default:public.t.a",
    kind: "default",
    name: "public.t.a",
    parent: "column:public.t.a",
    facts: { expression: "'x'::character varying" },
    dependsOn: ["column:public.t.a"],
    droppedWith: [],
  });
});

test("ignored tables are left out with all that goes with them", async () => {
  await using database = await server.create();
  await database.exec(
    "CREATE TABLE runs (id serial PRIMARY KEY, at timestamptz); CREATE INDEX ON runs (at); CREATE TABLE t (a int)",
  );
  const { objects, unmodelled } = await postgres.inspect(database, { ignoreTables: ["run*"] });
  assert.deepEqual([...objects.keys()].sort(), [
    "column:public.t.a",
    "schema:public",
    "table:public.t",
  ]);
  assert.deepEqual(unmodelled, []);
});

test("ignored schemas are left out with all that is in them", async () => {
  await using database = await server.create();
  await database.exec(`
    CREATE SCHEMA sqitch;
    COMMENT ON SCHEMA sqitch IS 'Sqitch database deployment metadata';
    CREATE TYPE sqitch.kind AS ENUM ('deploy', 'revert');
    CREATE TABLE sqitch.projects (project text PRIMARY KEY, uri text UNIQUE);
    CREATE TABLE sqitch.changes (
      change_id text PRIMARY KEY,
      project text NOT NULL REFERENCES sqitch.projects (project),
      kind sqitch.kind
    );
    CREATE VIEW sqitch.latest AS SELECT max(change_id) FROM sqitch.changes;
    ALTER DEFAULT PRIVILEGES IN SCHEMA sqitch GRANT SELECT ON TABLES TO PUBLIC;
    CREATE TABLE t (a int)`);
  const options = { ignoreTables: [], ignoreSchemas: ["sqitch"] };
  const { objects, unmodelled } = await postgres.inspect(database, options);
  assert.deepEqual([...objects.keys()].sort(), [
    "column:public.t.a",
    "schema:public",
    "table:public.t",
  ]);
  assert.deepEqual(unmodelled, []);
  const all = await postgres.inspect(database, { ignoreTables: [] });
  assert.ok(all.objects.has("schema:sqitch"));
});

async function migrate(
  database: ScratchDatabase,
  from: Snapshot,
  to: Snapshot,
  pair: RelationPair,
): Promise<readonly string[]> {
  const { statements, choices } = postgres.plan(from, to, { ...hints, assumeEmpty: "policy" });
  assert.deepEqual(choices.filter(({ answer }) => answer === null), []);
  for (const { sql } of statements) {
    await database.exec(sql).catch((error: Error) => {
      assert.fail(
        `${pair.name}: ${error.message} in ${sql}\n${statements.map((s) => s.sql).join(";\n")}`,
      );
    });
  }
  assert.deepEqual(
    differences(await inspect(database), to),
    [],
    statements.map((s) => s.sql).join(";\n"),
  );
  return statements.map(({ sql }) => sql);
}

async function snapshotOf(sql: string): Promise<Snapshot> {
  await using database = await server.create();
  if (sql !== "") await database.exec(sql);
  return await inspect(database);
}

function inspect(database: ScratchDatabase): Promise<Snapshot> {
  return postgres.inspect(database, { ignoreTables: [] });
}

function differences(a: Snapshot, b: Snapshot) {
  return changesIn(a, b).map((change) =>
    change.op === "alter"
      ? `${change.op} ${change.id} ${change.facts}`
      : `${change.op} ${change.id}`
  );
}
