/** What is measured, on the embedded server and on real ones, is what servers of that version do. */

import assert from "node:assert/strict";
import test from "node:test";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { pglite } from "../../src/runtimes/pglite.ts";
import type { Server } from "../../src/runtimes/runtime.ts";
import { expectedOn, SETUP, STATEMENTS } from "../../scripts/lock_matrix/statements.ts";
import { measureOne } from "../../scripts/lock_matrix/measure.ts";
import { NEEDS_SERVER, SERVERS, startLocal } from "../runtimes/native_servers.ts";

/** Sequences are not looked at, and REINDEX reads the table as well: docs/lint.md says so. */
const LOOKED_AT = STATEMENTS.flatMap((row) =>
  row === null || /^(?:ALTER SEQUENCE|REINDEX)/.test(row[0]) ? [] : [row]
);

async function areThose(server: Server, version: number, rows: typeof LOOKED_AT): Promise<void> {
  await using database = await server.create();
  await database.exec(SETUP);
  for (const row of rows) {
    const expected = expectedOn(version, row);
    if (expected !== null) assert.equal(await measureOne(database, row[0]), expected, row[0]);
  }
}

test("locks, rewrites and scans are those of a server", async () => {
  await using server = await pglite.start(postgres.target(null, [], true), {
    emit: () => {},
    signal: new AbortController().signal,
  });
  const some = LOOKED_AT.filter((_, at) => at % 7 === 0);
  assert.ok(some.length > 15);
  await areThose(server, 18, some);
});

for (const version of SERVERS) {
  test(`locks, rewrites and scans of Postgres ${version}`, async () => {
    await using server = await startLocal(version, { part: { superuser: true } });
    await areThose(server, Number(version), LOOKED_AT);
  });
}

test("locks, rewrites and scans of real servers", NEEDS_SERVER, () => {
  assert.ok(SERVERS.length > 0);
});
