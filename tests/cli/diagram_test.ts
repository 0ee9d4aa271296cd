/** `aim diagram`, as a user calls it. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";

const PROJECT = {
  "aim.toml": 'engine = "sqlite"\n',
  "schema.sql":
    "CREATE TABLE a (id INTEGER PRIMARY KEY);\nCREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a);\n",
  "migrations/1_a.up.sql": "CREATE TABLE a (id INTEGER PRIMARY KEY);\n",
  "migrations/1_a.down.sql": "DROP TABLE a;\n",
};

test("the schema, the migrations and what differs are drawn", async () => {
  await using folder = await temporaryFolder(PROJECT);
  const cwd = folder.path;
  const schema = await runAim(["diagram"], { cwd });
  assert.equal(schema.code, 0);
  assert.match(schema.stdout, /^erDiagram\n[\s\S]*"a" \|o--o\{ "b" : "a"/);
  const migrations = await runAim(["diagram", "--of", "migrations", "--as", "dot"], { cwd });
  assert.match(migrations.stdout, /^digraph/);
  assert.doesNotMatch(migrations.stdout, /"b"/);
  const changes = await runAim(["diagram", "--of", "changes", "-o", "x.html"], { cwd });
  assert.equal(changes.stdout, "x.html\n");
  assert.match(await readFile(join(cwd, "x.html"), "utf8"), /<span class="new">1 new<\/span>/);
});

test("a file name without a known ending is an error, as is a folder that is not there", async () => {
  await using folder = await temporaryFolder(PROJECT);
  const cwd = folder.path;
  const unknown = await runAim(["diagram", "-o", "x.png"], { cwd });
  assert.equal(unknown.code, 2);
  const nowhere = await runAim(["diagram", "-o", "no/x.svg"], { cwd });
  assert.equal(nowhere.code, 3);
  assert.match(nowhere.stderr, /Cannot write "no\/x\.svg"/);
});
