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
];

for (const one of CASES) {
  test(`with rows, there and back: ${one.name}`, async () => {
    await using server = await serverOf("postgres");
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
