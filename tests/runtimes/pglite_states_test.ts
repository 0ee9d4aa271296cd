/** States of the embedded Postgres: the memory of those that were given up is used again, and those that are left stay what they were. */

import assert from "node:assert/strict";
import test from "node:test";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { pglite } from "../../src/runtimes/pglite.ts";
import type { Checkpoint, ScratchDatabase, Server } from "../../src/runtimes/runtime.ts";
import { Random } from "../property/random.ts";

function start(): Promise<Server> {
  const { signal } = new AbortController();
  return pglite.start(postgres.target(null, [], false), { emit: () => {}, signal });
}

/** Rows by table, as they should be. */
type Expected = ReadonlyMap<string, number>;

async function check(database: ScratchDatabase, expected: Expected, when: string): Promise<void> {
  const found = await database.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relname LIKE 'big%' AND relkind = 'r' ORDER BY 1",
  );
  assert.deepEqual(found.map(({ name }) => name), [...expected.keys()].sort(), when);
  for (const [name, rows] of expected) {
    const [sum] = await database.query<{ rows: number; text: boolean }>(
      `SELECT count(*)::int AS rows, coalesce(bool_and(b = repeat(a::text, 50)), true) AS text FROM ${name}`,
    );
    assert.deepEqual(sum, { rows, text: true }, `${when}: ${name}`);
  }
}

test("a long walk between states that are kept and given up finds each as it was", async () => {
  await using server = await start();
  await using database = await server.create();
  const random = new Random(7);
  let now: Map<string, number> = new Map();
  const kept: { state: Checkpoint; expected: Expected }[] = [];
  for (let step = 0; step < 90; step++) {
    const choice = random.int(0, 9);
    const [name] = now.size === 0 ? [] : [random.pick([...now.keys()])];
    if (choice < 3 || name === undefined) {
      const made = `big${step}`;
      await database.exec(
        `CREATE TABLE ${made} (a int PRIMARY KEY, b text); CREATE INDEX ON ${made} (b)`,
      );
      now.set(made, 0);
    } else if (choice < 5) {
      const from = now.get(name) ?? 0;
      await database.exec(
        `INSERT INTO ${name} SELECT a, repeat(a::text, 50) FROM generate_series(${from + 1}, ${
          from + 400
        }) a`,
      );
      now.set(name, from + 400);
    } else if (choice === 5) {
      await database.exec(`DROP TABLE ${name}`);
      now.delete(name);
    } else if (choice < 8 || kept.length === 0) {
      kept.push({ state: await database.checkpoint(), expected: new Map(now) });
    } else if (choice === 8 && kept.length > 1) {
      const [gone] = kept.splice(random.int(0, kept.length - 1), 1);
      if (gone !== undefined) database.forget?.(gone.state);
    } else {
      const { state, expected } = random.pick(kept);
      await database.rewind(state);
      now = new Map(expected);
      await check(database, now, `step ${step}`);
    }
  }
  for (const { state, expected } of kept.reverse()) {
    await database.rewind(state);
    await check(database, expected, "at the end");
  }
});

test("a state that was written down goes on on another server, and as long as it does not, on this one", async () => {
  await using one = await start();
  await using database = await one.create();
  await database.exec(
    "CREATE ROLE keeper; CREATE TABLE big1 (a int PRIMARY KEY, b text); SET lock_timeout = '7s'",
  );
  await database.exec(
    "INSERT INTO big1 SELECT a, repeat(a::text, 50) FROM generate_series(1, 300) a",
  );
  const bytes = await database.writeState?.();
  assert.ok(bytes instanceof Uint8Array && bytes.length < 12_000_000);
  await database.exec("DROP TABLE big1");
  await using other = await start();
  assert.equal(other.stateKey, one.stateKey);
  await using taken = await other.create();
  await taken.readState?.(bytes);
  await check(taken, new Map([["big1", 300]]), "on another server");
  assert.deepEqual(await taken.query("SHOW lock_timeout"), [{ lock_timeout: "7s" }]);
  const state = await taken.checkpoint();
  await taken.exec("GRANT SELECT ON big1 TO keeper; DELETE FROM big1");
  await taken.rewind(state);
  await check(taken, new Map([["big1", 300]]), "after a rewind");
  await using fresh = await other.create();
  await check(fresh, new Map(), "in the next database");
  await database.exec("BEGIN");
  await assert.rejects(async () => await database.writeState?.(), /inside a transaction/);
});

test("no state is written once a script made the server load a library that is not there from the start", async () => {
  await using server = await start();
  await using database = await server.create();
  await database.exec("LOAD 'plpgsql'");
  assert.ok(await database.writeState?.() instanceof Uint8Array);
  await database.exec("LOAD 'pgoutput'");
  assert.equal(await database.writeState?.(), null);
});
