import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { linkSync, readdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { runBounded, wrongEnd } from "../../scripts/attack/bounded_run.ts";
import { lockFolder } from "../../src/pipeline/files/lock.ts";
import { temporaryFolder } from "../run_aim.ts";

const FILES = {
  "aim.toml": 'engine = "sqlite"\n',
  "schema.sql": "CREATE TABLE users (id integer PRIMARY KEY, name text);\n",
  "migrations/000001_users.up.sql": "CREATE TABLE users (id integer PRIMARY KEY);\n",
  "migrations/000001_users.down.sql": "DROP TABLE users;\n",
};

test("a run says which other run is writing, and writes when that has ended", async () => {
  await using folder = await temporaryFolder(FILES);
  const migrations = realpathSync(join(folder.path, "migrations"));
  {
    await using _lock = await lockFolder(migrations, "aim generate");
    const run = await runBounded(["generate"], { cwd: folder.path });
    const says = new RegExp(`process ${process.pid} \\(aim generate, since [\\d:]+\\) is writing`);
    assert.equal(wrongEnd(run, { codes: [2], says }), null);
    assert.equal(readdirSync(migrations).length, 2);
  }
  assert.equal(
    wrongEnd(await runBounded(["generate"], { cwd: folder.path }), { codes: [0] }),
    null,
  );
  assert.equal(readdirSync(migrations).length, 4);
});

test("a lock is taken by one at a time, and a killed process leaves none", async () => {
  await using folder = await temporaryFolder();
  const lock = fileURLToPath(new URL("../../src/pipeline/files/lock.ts", import.meta.url));
  const script = `import { lockFolder } from ${JSON.stringify(`file://${lock}`)};
    const lock = await lockFolder(${JSON.stringify(folder.path)}, "aim generate");
    console.log("taken");
    setInterval(() => lock, 1000);`;
  writeFileSync(join(folder.path, "hold.ts"), script);
  const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
  const child = spawn("deno", ["run", "-A", "--config", config, join(folder.path, "hold.ts")]);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  await assert.rejects(
    lockFolder(folder.path, "aim generate"),
    new RegExp(`process ${child.pid} `),
  );
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGKILL");
  await ended;
  await using _lock = await lockFolder(folder.path, "aim generate");
  await assert.rejects(lockFolder(folder.path, "aim generate"), /is writing there/);
});

test("what is written is what was proven: a folder that changed meanwhile is named", async () => {
  await using folder = await temporaryFolder(FILES);
  const migrations = join(folder.path, "migrations");
  const run = await runBounded(["generate"], {
    cwd: folder.path,
    watch: (said) => {
      if (!said.includes("  plan ")) return;
      writeFileSync(join(migrations, "000002_mine.up.sql"), "SELECT 1;\n");
    },
  });
  const says = /has changed since it was read: "000002_mine\.up\.sql" was created[^]*Run aim again/;
  assert.equal(wrongEnd(run, { codes: [2], says }), null);
  assert.equal(readdirSync(migrations).length, 3);
});

test("what a killed run had begun to write is taken back", async () => {
  await using folder = await temporaryFolder(FILES);
  const migrations = join(folder.path, "migrations");
  writeFileSync(join(migrations, ".aim-0123456789ab.tmp"), "SELECT 1;\n");
  linkSync(
    join(migrations, ".aim-0123456789ab.tmp"),
    join(migrations, "000002_half.up.sql"),
  );
  writeFileSync(join(migrations, ".aim-ba9876543210.tmp"), "SELECT 2;\n");
  const run = await runBounded(["generate"], { cwd: folder.path });
  assert.equal(wrongEnd(run, { codes: [0], says: /Took back[^]*000002_half\.up\.sql/ }), null);
  const names = readdirSync(migrations).sort();
  assert.equal(names.length, 4);
  assert.deepEqual(names.filter((name) => /half|\.aim/.test(name)), []);
});

test("files that a killed run had all put in place stay", async () => {
  await using folder = await temporaryFolder(FILES);
  const migrations = join(folder.path, "migrations");
  for (const way of ["up", "down"]) {
    const temporary = join(migrations, `.aim-${way === "up" ? "00" : "ff"}23456789ab.tmp`);
    writeFileSync(temporary, way === "up" ? "CREATE VIEW v AS SELECT 1;\n" : "DROP VIEW v;\n");
    linkSync(temporary, join(migrations, `000002_whole.${way}.sql`));
  }
  const run = await runBounded(["generate"], { cwd: folder.path });
  assert.equal(wrongEnd(run, { codes: [0] }), null);
  const names = readdirSync(migrations).sort();
  assert.deepEqual(names.filter((name) => /whole|\.aim/.test(name)), [
    "000002_whole.down.sql",
    "000002_whole.up.sql",
  ]);
});
