/** A migration run by two sessions at once on a real server: where they stop each other, the finding has both statements. */

import assert from "node:assert/strict";
import test from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { SERVERS } from "../runtimes/native_servers.ts";

const FIRST =
  "-- +goose Up\nCREATE TABLE t (id int PRIMARY KEY, n int);\nCREATE TABLE u (id int PRIMARY KEY);\n-- +goose Down\nDROP TABLE u, t;\n";
const WRITE = "UPDATE t SET n = 1 WHERE n IS NULL;";
const ALTER = "ALTER TABLE t ALTER COLUMN n SET DEFAULT 1;";

async function findings(version: string, sql: string) {
  await using folder = await temporaryFolder({
    "aim.toml": `engine = "postgres-${version}"\nformat = "goose"\n`,
    "migrations/00001_a.sql": FIRST,
    "migrations/00002_b.sql": `-- +goose Up\n${sql}\n`,
  });
  const ran = await runAim(["lint", "--json"], { cwd: folder.path });
  const { findings } = JSON.parse(ran.stdout);
  return findings.filter(({ code }: { readonly code: string }) => code === "pg-lock-upgrade");
}

for (const version of SERVERS) {
  test(`two sessions that write and then alter end in a deadlock on Postgres ${version}`, async () => {
    const [found, ...others] = await findings(version, `${WRITE}\n${ALTER}`);
    assert.match(found.message, /ended in a deadlock.*the other at "UPDATE t SET n = 1/);
    assert.equal(others.length, 0);
    assert.equal(found.place.line, 3);
  });

  test(`two sessions that take their locks in one order only wait on Postgres ${version}`, async () => {
    const ordered = await findings(version, `${ALTER}\n${WRITE}\nALTER TABLE u ADD COLUMN n int;`);
    assert.deepEqual(ordered, []);
  });
}
