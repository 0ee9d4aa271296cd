import assert from "node:assert/strict";
import test from "node:test";
import { part } from "../depth.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { ENGINES, projectWith } from "./endless_statements.ts";

/** Statements that take as much memory as they get, by engine. */
const GREEDY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  postgres: {
    "a table of rows":
      "CREATE TABLE b AS SELECT repeat(md5(n::text), 60) FROM generate_series(1, 1000000000) AS n;",
    "one value": "SELECT length(repeat('x', 1000000000));",
    "a value that grows": "DO $$ DECLARE x text := 'x'; BEGIN LOOP x := x || x; END LOOP; END $$;",
    "an array":
      "SELECT array_agg(repeat(md5(n::text), 60)) FROM generate_series(1, 1000000000) AS n;",
    "a file outside of the cluster":
      "COPY (SELECT repeat(md5(n::text), 60) FROM generate_series(1, 1000000000) AS n) TO '/tmp/x';",
    "a sort":
      "SELECT count(*) FROM (SELECT repeat(md5(n::text), 60) AS x FROM generate_series(1, 1000000000) AS n ORDER BY x) AS s;",
  },
  sqlite: {
    "a table of rows": `CREATE TABLE b AS WITH RECURSIVE c(n) AS
      (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT randomblob(100000) FROM c;`,
    "values of zeros": `CREATE TABLE b (z); INSERT INTO b WITH RECURSIVE c(n) AS
      (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT zeroblob(50000000) FROM c;`,
    "one value": "CREATE TABLE b AS SELECT hex(zeroblob(400000000)) AS z;",
    "a temporary tree": `CREATE TABLE b AS WITH RECURSIVE c(n) AS
      (SELECT zeroblob(10000) UNION SELECT randomblob(10000) FROM c) SELECT count(*) FROM c;`,
    "a sort": `CREATE TABLE b AS WITH RECURSIVE c(n) AS
      (SELECT zeroblob(10000) UNION ALL SELECT randomblob(10000) FROM c)
      SELECT count(*) FROM (SELECT n FROM c ORDER BY n);`,
    "pages without a bound": `PRAGMA max_page_count = 4294967294;
      CREATE TABLE b AS WITH RECURSIVE c(n) AS
      (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT randomblob(100000) FROM c;`,
  },
};

/** What fills all this memory is worth compiling well. */
const LONG_RUN = { DENO_V8_FLAGS: "--no-liftoff-only" };

for (const engine of ENGINES) {
  for (const [name, sql] of part(Object.entries(GREEDY[engine.engine] ?? {}), 2)) {
    test(`${name} ends at memory_limit and is named (${engine.name})`, async () => {
      await using folder = await temporaryFolder(projectWith(engine, sql));
      const args = ["diff", "--memory-limit", "256MB", "--statement-timeout", "0"];
      const { code, stderr } = await runAim(args, { cwd: folder.path, variables: LONG_RUN });
      assert.equal(code, 2, stderr);
      assert.match(stderr, /--> schema\.sql:\d:/);
      assert.doesNotMatch(stderr, /^\s+at .*:\d+:\d+\)?$/m, "a raw stack shows");
    });
  }
}

test("a limit that no engine can keep is refused", async () => {
  const [engine] = ENGINES;
  assert.ok(engine !== undefined);
  await using folder = await temporaryFolder(projectWith(engine, ""));
  for (const limit of ["10MB", "much", "2000000000"]) {
    const { code, stderr } = await runAim(["diff", "--memory-limit", limit], { cwd: folder.path });
    assert.equal(code, 2);
    assert.match(stderr, /it must be a size of 256MB or more/);
  }
});
