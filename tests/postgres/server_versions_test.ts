/** Schemas on real servers: read, planned from one to the other in the words of their version, carried out, and read again. */

import assert from "node:assert/strict";
import test from "node:test";
import type { Hints } from "../../src/core/plan.ts";
import { DatabaseError } from "../../src/core/error.ts";
import type { Snapshot } from "../../src/core/snapshot.ts";
import { postgres } from "../../src/engines/postgres/mod.ts";
import type { ScratchDatabase, Server } from "../../src/runtimes/runtime.ts";
import { part } from "../depth.ts";
import { NEEDS_SERVER, SERVERS, startLocal } from "../runtimes/native_servers.ts";
import { changesIn } from "./changes.ts";
import { OBJECT_PAIRS } from "./object_pairs.ts";
import { CHANGED, CREATED } from "./relation_pairs.ts";
import { TANGLED_PAIRS } from "./tangled_pairs.ts";
import { type Pair, TYPE_PAIRS } from "./type_pairs.ts";

const PAIRS: readonly Pair[] = [
  ...OBJECT_PAIRS,
  ...CREATED,
  ...CHANGED,
  ...TYPE_PAIRS,
  ...TANGLED_PAIRS,
];

for (const version of SERVERS) {
  test(`Postgres ${version}: what it can hold is planned, up and down, in what it takes`, async () => {
    await using server = await startLocal(version, { part: { superuser: true } });
    const pairs = part(PAIRS, 8);
    const refused: string[] = [];
    for (const pair of pairs) {
      try {
        await carryOut(server, version, pair);
      } catch (error) {
        if (!(error instanceof NotLoaded)) throw error;
        refused.push(`${pair.name}: ${error.message}`);
      }
    }
    // Version 13 lacks what some two dozen of them are about.
    assert.ok(refused.length < pairs.length / 5, refused.join("\n"));
  });
}

test("schemas on real servers", NEEDS_SERVER, () => {
  assert.ok(SERVERS.length > 0);
});

/** The server's version does not have what the schema says. */
class NotLoaded extends Error {}

async function carryOut(server: Server, version: string, pair: Pair): Promise<void> {
  const to = await inspect(await load(server, pair, pair.to));
  const database = await load(server, pair, pair.from);
  const from = await inspect(database);
  await migrate(database, { from, to, version, pair });
  await migrate(database, { from: await inspect(database), to: from, version, pair });
}

async function load(server: Server, pair: Pair, sql: string): Promise<ScratchDatabase> {
  const database = await server.create();
  for (const role of pair.roles ?? []) await database.exec(`CREATE ROLE ${role}`);
  try {
    if (sql !== "") await database.exec(sql);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new NotLoaded(error.message, { cause: error });
  }
  return database;
}

async function inspect(database: ScratchDatabase): Promise<Snapshot> {
  const snapshot = await postgres.inspect(database, { ignoreTables: [] });
  assert.deepEqual(snapshot.unmodelled, []);
  return snapshot;
}

async function migrate(
  database: ScratchDatabase,
  { from, to, version, pair }: {
    readonly from: Snapshot;
    readonly to: Snapshot;
    readonly version: string;
    readonly pair: Pair;
  },
): Promise<void> {
  const hints: Hints = {
    answers: new Map(pair.answers ?? []),
    renames: [],
    dropAdd: true,
    assumeEmpty: "policy",
    strictOrder: false,
    deployedVersion: version,
  };
  const { statements } = postgres.plan(from, to, hints);
  for (const { sql } of statements) {
    await database.exec(sql).catch((error: unknown) => {
      throw new Error(`${pair.name}: ${sql}`, { cause: error });
    });
  }
  assert.deepEqual(changesIn(await inspect(database), to), [], pair.name);
}
