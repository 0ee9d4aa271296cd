/** Names that the server generated are no difference; what an author called something is. */

import assert from "node:assert/strict";
import test from "node:test";
import type { Hints } from "../../src/core/plan.ts";
import type { Snapshot } from "../../src/core/snapshot.ts";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { target } from "../../src/engines/postgres/target.ts";
import { pglite } from "../../src/runtimes/pglite.ts";
import type { ScratchDatabase } from "../../src/runtimes/runtime.ts";
import { changesIn } from "./changes.ts";
import { NAME_CASES } from "./name_cases.ts";

const server = await pglite.start(target(null, [], false), {
  emit: () => {},
  signal: new AbortController().signal,
});

const hints: Hints = {
  answers: new Map(),
  renames: [],
  dropAdd: true,
  strictOrder: false,
  deployedVersion: null,
};

for (const { name, history, schema, up, following } of NAME_CASES) {
  test(`names: ${name}`, async () => {
    const to = await snapshotOf(schema);
    await using database = await server.create();
    await database.exec(history);
    const from = await inspect(database);
    if (up.length === 0) assert.deepEqual(changesIn(from, to), []);
    assert.deepEqual(await migrate(database, from, to), up);
    const after = await inspect(database);
    await migrate(database, after, from);
    assert.deepEqual(await migrate(database, await inspect(database), to), up);
    if (following === undefined) return;
    const renames = postgres.renames(from, to, { ...hints, generatedNames: "follow" });
    const statements = new Set(renames.statements.map(({ sql }) => sql));
    assert.deepEqual(
      following.filter((sql) => !statements.has(sql)),
      [],
      [...statements].join("\n"),
    );
  });
}

test("before Postgres 18 a not-null constraint has no name, whatever its author wrote", async () => {
  const from = await snapshotOf("CREATE TABLE t (a int CONSTRAINT mine NOT NULL)");
  const to = await snapshotOf(
    "CREATE TABLE t (a int CONSTRAINT yours NOT NULL, b int CONSTRAINT b NOT NULL)",
  );
  const { statements } = postgres.plan(from, to, { ...hints, deployedVersion: "15" });
  assert.deepEqual(statements.map(({ sql }) => sql), [
    "ALTER TABLE t ADD COLUMN b integer NOT NULL",
  ]);
});

/** Renames round by round, then the rest, as the pipeline plans. */
async function migrate(
  database: ScratchDatabase,
  from: Snapshot,
  to: Snapshot,
): Promise<readonly string[]> {
  const done: string[] = [];
  let current = from;
  for (let round = 0; round < 4; round++) {
    const { statements } = postgres.renames(current, to, hints);
    if (statements.length === 0) break;
    for (const { sql } of statements) await database.exec(sql);
    done.push(...statements.map(({ sql }) => sql));
    current = await inspect(database);
  }
  const { statements } = postgres.plan(current, to, hints);
  for (const { sql } of statements) await database.exec(sql);
  assert.deepEqual(changesIn(await inspect(database), to), []);
  return [...done, ...statements.map(({ sql }) => sql)];
}

async function snapshotOf(sql: string): Promise<Snapshot> {
  await using database = await server.create();
  await database.exec(sql);
  return await inspect(database);
}

function inspect(database: ScratchDatabase): Promise<Snapshot> {
  return postgres.inspect(database, { ignoreTables: [] });
}
