/** Carries pairs of schemas out in both directions on the embedded Postgres. */

import assert from "node:assert/strict";
import test from "node:test";
import { changesIn } from "./changes.ts";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { target } from "../../src/engines/postgres/target.ts";
import { pglite } from "../../src/runtimes/pglite.ts";
import type { ScratchDatabase } from "../../src/runtimes/runtime.ts";
import type { Hints } from "../../src/core/plan.ts";
import type { Snapshot } from "../../src/core/snapshot.ts";
import type { Pair } from "./type_pairs.ts";

/** One test a pair: what is planned runs, and leaves no difference, UP and DOWN. */
export async function checkPairs(pairs: readonly Pair[]): Promise<void> {
  const server = await pglite.start(
    target(null, pairs.flatMap(({ from, to }) => [from, to]), false),
    { emit: () => {}, signal: new AbortController().signal },
  );
  for (const pair of pairs) {
    test(`up and down: ${pair.name}`, async () => {
      const load = async (sql: string) => {
        const database = await server.create();
        for (const role of pair.roles ?? []) await database.exec(`CREATE ROLE ${role}`);
        if (sql !== "") await database.exec(sql);
        return database;
      };
      const to = await snapshotOf(load(pair.to));
      await using database = await load(pair.from);
      const from = await inspect(database);
      const up = await migrate(database, { from, to, pair });
      if (pair.up !== undefined) assert.deepEqual(up, pair.up);
      await migrate(database, { from: await inspect(database), to: from, pair });
    });
  }
}

async function snapshotOf(loading: Promise<ScratchDatabase>): Promise<Snapshot> {
  await using database = await loading;
  return await inspect(database);
}

async function inspect(database: ScratchDatabase): Promise<Snapshot> {
  const snapshot = await postgres.inspect(database, { ignoreTables: [] });
  assert.deepEqual(snapshot.unmodelled, []);
  return snapshot;
}

async function migrate(
  database: ScratchDatabase,
  { from, to, pair }: { readonly from: Snapshot; readonly to: Snapshot; readonly pair: Pair },
): Promise<readonly string[]> {
  const hints: Hints = {
    answers: new Map(pair.answers ?? []),
    renames: [],
    dropAdd: true,
    assumeEmpty: "policy",
    strictOrder: false,
    deployedVersion: null,
  };
  const { statements, choices } = postgres.plan(from, to, hints);
  assert.deepEqual(choices.filter(({ answer }) => answer === null), []);
  for (const { sql } of statements) await database.exec(sql);
  assert.deepEqual(changesIn(await inspect(database), to), []);
  return statements.map(({ sql }) => sql);
}
