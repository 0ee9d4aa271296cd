import assert from "node:assert/strict";
import test from "node:test";
import { observe } from "../../scripts/observe/mod.ts";
import { UsageError } from "../../src/core/error.ts";
import type { Hints } from "../../src/core/plan.ts";
import { changesIn } from "./changes.ts";
import { versionOf } from "./parsed_version.ts";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { target } from "../../src/engines/postgres/target.ts";
import { pglite } from "../../src/runtimes/pglite.ts";
import type { ScratchDatabase } from "../../src/runtimes/runtime.ts";
import type { Snapshot } from "../../src/core/snapshot.ts";
import { part } from "../depth.ts";
import { ALTERATIONS, BASE, ROLES } from "./alterations.ts";

const hints: Hints = {
  answers: new Map(),
  renames: [],
  dropAdd: true,
  strictOrder: false,
  deployedVersion: null,
};

test("every small change is seen, made and taken back", async () => {
  const server = await pglite.start(target(null, [BASE], false), {
    emit: () => {},
    signal: new AbortController().signal,
  });
  await using database = await server.create();
  await database.exec(ROLES + BASE);
  const base = await database.checkpoint();
  const [before, dump] = [await inspect(database), await observe(database, server)];
  for (const change of part(ALTERATIONS, 5)) {
    await database.rewind(base);
    await database.exec(change);
    const [after, other] = [await inspect(database), await observe(database, server)];
    assert.notEqual(other, dump, `pg_dump does not see ${change}`);
    assert.notDeepEqual(differences(before, after), [], `not seen: ${change}`);
    await database.rewind(base);
    for (const [from, to] of [[before, after], [after, before]] as const) {
      keepsToVersions(from, to, change);
    }
    await migrate(database, before, after, change);
    assert.equal(await observe(database, server), other, change);
    await migrate(database, after, before, `${change}, back`);
    assert.equal(await observe(database, server), dump, `${change}, back`);
  }
});

/** What is planned for a version says nothing that a later one brought; where it cannot, the feature is named. */
function keepsToVersions(from: Snapshot, to: Snapshot, change: string): void {
  for (const version of [13, 14, 15, 16, 17]) {
    const deployedVersion = String(version);
    try {
      for (const { sql } of postgres.plan(from, to, { ...hints, deployedVersion }).statements) {
        assert.ok(versionOf(sql) <= version, `${version}: ${change}: ${sql}`);
      }
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      assert.match(error.message, /^Cannot plan for Postgres \d\d: .+ needs ".+"$/);
    }
  }
}

async function migrate(database: ScratchDatabase, from: Snapshot, to: Snapshot, change: string) {
  const { statements } = postgres.plan(from, to, hints);
  for (const { sql } of statements) {
    await database.exec(sql).catch((error) => assert.fail(`${change}: ${sql}: ${error}`));
  }
  assert.deepEqual(differences(await inspect(database), to), [], change);
}

function inspect(database: ScratchDatabase): Promise<Snapshot> {
  return postgres.inspect(database, { ignoreTables: [] });
}

function differences(before: Snapshot, after: Snapshot): readonly string[] {
  return changesIn(before, after).map(({ op, id }) => `${op} ${id}`);
}
