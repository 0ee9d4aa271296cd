/** `aim diff --watch`: what it says after each change, on an engine that stays. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { program, runAim, temporaryFolder } from "../run_aim.ts";

const TABLE = "CREATE TABLE users (id INTEGER PRIMARY KEY);\n";

test("a saved file is answered, a broken one is told, and Ctrl-C ends it", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\n',
    "schema.sql": TABLE,
    "migrations/000001_users.up.sql": TABLE,
    "migrations/000001_users.down.sql": "DROP TABLE users;\n",
  });
  const [command = "", ...rest] = [...program(), "diff", "--watch", "--color", "never"];
  const child = spawn(command, rest, { cwd: folder.path });
  let said = "";
  let wake = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      wake();
    });
  }
  // Deno's own spawn gives an exit with 130 as the signal.
  const ended = new Promise<number | string | null>((resolve) =>
    child.on("close", (code, signal) => resolve(code ?? signal))
  );
  const until = async (pattern: RegExp) => {
    const limit = Date.now() + 30_000;
    while (!pattern.test(said)) {
      assert.ok(Date.now() < limit, `no ${pattern} in: ${said}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, 500);
      });
    }
    said = said.slice((pattern.exec(said)?.index ?? 0) + 1);
  };
  const schema = join(folder.path, "schema.sql");
  try {
    await until(/in sync\n/);
    await writeFile(schema, `${TABLE}CREATE TABLE posts (id INTEGER);\n`);
    await until(/\+ table {2}posts/);
    await writeFile(schema, "CREATE TABEL x;\n");
    await until(/error: .*syntax error[\s\S]*schema\.sql:1/);
    // As editors do that put a new file in the place of the old one.
    await writeFile(`${schema}~`, TABLE.replace("KEY", "KEY, name TEXT"));
    await rename(`${schema}~`, schema);
    await until(/\+ column {2}users\.name/);
    await writeFile(
      join(folder.path, "migrations/000002_name.up.sql"),
      "ALTER TABLE users ADD COLUMN name TEXT;\n",
    );
    await until(/in sync\n/);
    child.kill("SIGINT");
    assert.match(String(await ended), /^(?:130|SIGINT)$/);
    assert.match(said, /interrupted\n$/);
  } finally {
    child.kill("SIGKILL");
  }
});

test("it writes no JSON and no report", async () => {
  await using folder = await temporaryFolder({ "aim.toml": 'engine = "sqlite"\n' });
  const { code, stdout } = await runAim(["diff", "--watch", "--json"], { cwd: folder.path });
  assert.equal(code, 2);
  assert.match(stdout, /leave --watch away/);
});
