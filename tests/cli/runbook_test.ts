/** `aim runbook` and `aim validate --lint`, as a user calls them. */

import assert from "node:assert/strict";
import test from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";

const PROJECT = {
  "aim.toml": 'engine = "postgres"\nformat = "goose"\nschema = "schema.sql"\n',
  "schema.sql": "CREATE TABLE users (id bigint PRIMARY KEY, email text, n bigint);\n",
  "migrations/00001_users.sql":
    "-- +goose Up\nCREATE TABLE users (id bigint PRIMARY KEY, email text, n int);\n-- +goose Down\nDROP TABLE users;\n",
  "migrations/00002_n.sql":
    "-- +goose Up\nALTER TABLE users ALTER COLUMN n TYPE bigint;\n-- +goose Down\nALTER TABLE users ALTER COLUMN n TYPE int;\n",
};

test("a runbook says what a statement blocks, what it costs, and the way back", async () => {
  await using folder = await temporaryFolder(PROJECT);
  const { code, stdout } = await runAim(["runbook"], { cwd: folder.path });
  assert.equal(code, 0);
  assert.match(stdout, /^# 00002\\_n\n/);
  assert.match(stdout, /No long query or open transaction uses public\.users/);
  assert.match(
    stdout,
    /## 1\. Rewrites the table\n\n```sql\nALTER TABLE users ALTER COLUMN n TYPE bigint\n```/,
  );
  assert.match(stdout, /Blocks: reads and writes of public\.users \(AccessExclusiveLock\)/);
  assert.match(stdout, /error `table-rewrite`/);
  assert.match(stdout, /nothing of the migration stays; mend the cause and run it again/);
  assert.match(stdout, /## Back\n\nDOWN was run: it restores the schema before/);
  assert.match(stdout, /## Twice\n\nIt can be run again where it has run/);
  const first = await runAim(["runbook", "migrations/00001_users.sql"], { cwd: folder.path });
  assert.match(first.stdout, /it fails at statement 1: relation "users" already exists/);
  assert.match(first.stdout, /## 1\. Quick, whatever the size/);
});

test("a statement that is refused far behind others says which of them stay", async () => {
  await using folder = await temporaryFolder({
    ...PROJECT,
    "migrations/00003_i.sql":
      "-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY a ON users (n);\nCREATE INDEX CONCURRENTLY b ON users (email);\n",
  });
  const { stdout } = await runAim(["runbook"], { cwd: folder.path });
  assert.match(stdout, /1 statement before it stays; mend the cause and run statement 2 by hand/);
  assert.match(stdout, /There is no DOWN/);
});

test("each stop was tried: the rest leads to the same end, and the end of DOWN back", async () => {
  await using folder = await temporaryFolder({
    ...PROJECT,
    "migrations/00003_i.sql": "-- +goose NO TRANSACTION\n-- +goose Up\n" +
      "ALTER TABLE users RENAME email TO mail;\nCREATE INDEX CONCURRENTLY a ON users (n);\n" +
      "CREATE INDEX CONCURRENTLY b ON users (mail);\n-- +goose Down\n" +
      "DROP INDEX CONCURRENTLY b;\nDROP INDEX CONCURRENTLY a;\n" +
      "ALTER TABLE users RENAME mail TO email;\n",
  });
  const { stdout } = await runAim(["runbook"], { cwd: folder.path });
  assert.match(
    stdout,
    /1 statement before it stays; mend the cause and run statements 2 to 3 by hand \(tried: it leads to the same end\), or go back by the statements below \(tried[^\n]*\n\n```sql\nALTER TABLE users RENAME mail TO email;\n```/,
  );
  assert.match(
    stdout,
    /2 statements before it stay[^\n]*\n\n```sql\nDROP INDEX CONCURRENTLY a;\nALTER TABLE users RENAME mail TO email;\n```/,
  );
  const { stdout: json } = await runAim(["runbook", "--json"], { cwd: folder.path });
  const { steps } = JSON.parse(json);
  assert.deepEqual(steps[1].stop, {
    resumes: true,
    back: ["ALTER TABLE users RENAME mail TO email"],
  });
});

test("a rest that needs its session does not lead to the same end, and without DOWN the way back is planned", async () => {
  await using folder = await temporaryFolder({
    ...PROJECT,
    "migrations/00003_s.sql": "-- +goose NO TRANSACTION\n-- +goose Up\n" +
      "CREATE SCHEMA app;\nSET search_path = app;\nCREATE TABLE own (id int);\n",
  });
  const { stdout } = await runAim(["runbook"], { cwd: folder.path });
  assert.match(stdout, /to run statement 3 by hand does NOT lead to the same end/);
  assert.match(stdout, /tried: they lead to the schema before[^\n]*\n\n```sql\nDROP SCHEMA app;/);
});

test("validate lints where it is asked to, and fails as fail_on says", async () => {
  await using folder = await temporaryFolder(PROJECT);
  const plain = await runAim(["validate"], { cwd: folder.path });
  assert.equal(plain.code, 0);
  assert.doesNotMatch(plain.stdout, /table-rewrite/);
  const linted = await runAim(["validate", "--lint"], { cwd: folder.path });
  assert.equal(linted.code, 1);
  assert.equal(linted.stdout.match(/error\[table-rewrite\]/g)?.length, 1);
});
