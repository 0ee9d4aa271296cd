/** Plans on the servers of this machine: made, run, and read back. */

import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { changesBetween } from "../../src/core/change.ts";
import type { Hints } from "../../src/core/plan.ts";
import type { Snapshot } from "../../src/core/snapshot.ts";
import type { PlannedStatement } from "../../src/core/statement.ts";
import type { Engine } from "../../src/engines/engine.ts";
import type { ScratchDatabase, Server } from "../../src/runtimes/runtime.ts";
import { SERVERS, startServer } from "./servers.ts";

/** An engine with a server of it. */
export interface Bench {
  readonly engine: Engine;
  readonly server: Server;
  /** `strict` where definers count. */
  readonly definer?: "ignore" | "strict";
}

/** A test for each family; left out where this machine has no server of it. */
export function onServers(name: string, body: (bench: Bench, t: TestContext) => Promise<void>) {
  for (const { engine, isMissing } of SERVERS) {
    test(`${engine.dialect}: ${name}`, { skip: isMissing }, async (t) => {
      await using server = await startServer(engine);
      await body({ engine, server }, t);
    });
  }
}

/** Hints of a plan that drops and adds, over tables that are said to have no rows in the way. */
export const HINTS: Hints = {
  answers: new Map(),
  renames: [],
  dropAdd: true,
  assumeEmpty: "policy",
  strictOrder: true,
  deployedVersion: null,
};

/** A fresh database with what a script makes. */
export async function load({ engine, server }: Bench, sql: string): Promise<ScratchDatabase> {
  const database = await server.create();
  await database.execAll(engine.split(sql).map((statement) => statement.sql));
  return database;
}

/** What a script makes. */
export async function snapshotOf(bench: Bench, sql: string): Promise<Snapshot> {
  await using database = await load(bench, sql);
  return await inspect(bench, database);
}

/** What a database holds. */
export function inspect(
  { engine, definer = "ignore" }: Bench,
  database: ScratchDatabase,
): Promise<Snapshot> {
  return engine.inspect(database, { ignoreTables: [], definer });
}

/** Renames round by round, then the rest; gives all that was run. Fails where a choice is open or a statement is refused. */
export async function migrate(
  bench: Bench,
  database: ScratchDatabase,
  to: Snapshot,
  hints: Hints,
): Promise<readonly PlannedStatement[]> {
  const { engine } = bench;
  const done: PlannedStatement[] = [];
  for (let round = 0; round < 4; round++) {
    const { statements } = engine.renames(await inspect(bench, database), to, hints);
    if (statements.length === 0) break;
    await run(database, statements);
    done.push(...statements);
  }
  const plan = engine.plan(await inspect(bench, database), to, hints);
  assert.deepEqual(plan.choices.filter(({ answer }) => answer === null), []);
  const statements = engine.tidy?.(plan.statements) ?? plan.statements;
  await run(database, statements);
  return [...done, ...statements];
}

async function run(
  database: ScratchDatabase,
  statements: readonly PlannedStatement[],
): Promise<void> {
  for (const { sql } of statements) {
    try {
      await database.exec(sql);
    } catch (error) {
      const all = statements.map((one) => one.sql).join(";\n");
      throw new Error(`${error} in: ${sql}\n\n${all}`);
    }
  }
}

/** Fails unless the two are equal, the order of columns included. */
export function assertSame(actual: Snapshot, expected: Snapshot): void {
  assert.deepEqual(changesBetween(actual, expected, { strictOrder: true }), []);
}
