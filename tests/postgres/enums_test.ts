import assert from "node:assert/strict";
import test from "node:test";
import { optionFlag } from "../../src/cli/choice_flags.ts";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { target } from "../../src/engines/postgres/target.ts";
import { pglite } from "../../src/runtimes/pglite.ts";
import type { Hints } from "../../src/core/plan.ts";
import type { Snapshot } from "../../src/core/snapshot.ts";

const server = await pglite.start(target(null, [], false), {
  emit: () => {},
  signal: new AbortController().signal,
});

const hints: Hints = {
  answers: new Map(),
  renames: [],
  dropAdd: false,
  strictOrder: false,
  deployedVersion: null,
};

test("a value that the plan uses is added outside the transaction, others inside", async () => {
  const from = await snapshotOf("CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (x e)");
  const to = await snapshotOf(
    "CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE t (x e DEFAULT 'c')",
  );
  const { statements } = postgres.plan(from, to, hints);
  assert.deepEqual(statements.map(({ sql, transactional }) => [sql, transactional]), [
    ["ALTER TYPE e ADD VALUE 'b'", true],
    ["ALTER TYPE e ADD VALUE 'c'", false],
    ["ALTER TABLE t ALTER COLUMN x SET DEFAULT 'c'", true],
  ]);
});

test("a value in the place of another is asked about", async () => {
  const from = await snapshotOf("CREATE TYPE e AS ENUM ('a', 'b', 'z')");
  const to = await snapshotOf("CREATE TYPE e AS ENUM ('a', 'c', 'z')");
  const { choices } = postgres.plan(from, to, hints);
  assert.deepEqual(choices.map(({ id, answer }) => [id, answer]), [
    ["rename:enum value:public.e.b", null],
  ]);
  assert.deepEqual(choices.flatMap((one) => one.options.map((option) => optionFlag(one, option))), [
    "--answer 'rename:enum value:public.e.b=c'",
    "--answer 'rename:enum value:public.e.b=drop'",
  ]);
  const answered = postgres.plan(from, to, {
    ...hints,
    renames: [{ kind: "enum value", from: "public.e.b", to: "c", by: "annotation" }],
  });
  assert.deepEqual(answered.choices, []);
  assert.deepEqual(answered.statements.map(({ sql }) => sql), [
    "ALTER TYPE e RENAME VALUE 'b' TO 'c'",
  ]);
});

test("rows that hold a removed value get another one when told so", async () => {
  const from = "CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (x e, xs e[])";
  const to = await snapshotOf("CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (x e, xs e[])");
  await using database = await server.create();
  await database.exec(`${from}; INSERT INTO t VALUES ('b', '{a,b}')`);
  const now = await postgres.inspect(database, { ignoreTables: [] });
  const id = "data:enum value:public.e.b";
  const { statements } = postgres.plan(now, to, {
    ...hints,
    answers: new Map([[id, { option: "map", expression: "'a'", by: "flag" }]]),
  });
  for (const { sql } of statements) await database.exec(sql);
  assert.deepEqual(await database.query("SELECT x::text, xs::text FROM t"), [
    { x: "a", xs: "{a,a}" },
  ]);
  const conversion = statements.find(({ sql }) => sql.includes("USING"));
  assert.equal(conversion?.destroys, "the values b of public.e");
  assert.equal(conversion?.rewrites, "public.t");
  assert.equal(conversion?.reversible, "structure");
});

test("a removed value that no row may hold is no loss", async () => {
  const from = await snapshotOf("CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (x e)");
  const to = await snapshotOf("CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (x e)");
  const { statements, choices } = postgres.plan(from, to, { ...hints, assumeEmpty: "flag" });
  assert.deepEqual(choices.map(({ answer }) => answer?.option), ["assume-empty"]);
  for (const { destroys, reversible } of statements) {
    assert.deepEqual([destroys, reversible], [undefined, undefined]);
  }
});

test("a renamed type keeps the columns that hold it", async () => {
  const from = await snapshotOf("CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (x e)");
  const to = await snapshotOf(
    "CREATE SCHEMA app; CREATE TYPE app.f AS ENUM ('a', 'b'); CREATE TABLE t (x app.f)",
  );
  const { statements } = postgres.renames(from, to, {
    ...hints,
    renames: [{ kind: "enum", from: "public.e", to: "app.f", by: "flag" }],
  });
  assert.deepEqual(statements.map(({ sql }) => sql), [
    "CREATE SCHEMA app",
    "ALTER TYPE e SET SCHEMA app",
    "ALTER TYPE app.e RENAME TO f",
  ]);
});

async function snapshotOf(sql: string): Promise<Snapshot> {
  await using database = await server.create();
  await database.exec(sql);
  return await postgres.inspect(database, { ignoreTables: [] });
}
