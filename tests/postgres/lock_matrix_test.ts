/** What is measured on the embedded server is what servers of version 18 do. */

import assert from "node:assert/strict";
import test from "node:test";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { pglite } from "../../src/runtimes/pglite.ts";
import { SETUP, STATEMENTS } from "../../scripts/lock_matrix/statements.ts";
import { measureOne } from "../../scripts/lock_matrix/measure.ts";

test("locks, rewrites and scans are those of a server", async () => {
  await using server = await pglite.start(postgres.target(null, [], true), {
    emit: () => {},
    signal: new AbortController().signal,
  });
  await using database = await server.create();
  await database.exec(SETUP);
  // Sequences are not looked at, and REINDEX reads the table as well: docs/lint.md says so.
  const some = STATEMENTS.filter((row, at) =>
    row !== null && at % 7 === 0 && !/^(?:ALTER SEQUENCE|REINDEX)/.test(row[0])
  );
  assert.ok(some.length > 15);
  for (const row of some) {
    const [sql = "", expected] = row ?? [];
    assert.equal(await measureOne(database, sql), expected, sql);
  }
});
