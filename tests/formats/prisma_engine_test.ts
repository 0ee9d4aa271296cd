/** What Prisma's own engine and aim say of each other's books. */

import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { openPrismaEngine } from "./prisma_engine.ts";

const FILES = {
  "aim.toml": 'engine = "sqlite"\nformat = "prisma"\nmigrations = "migrations"\n',
  "migrations/migration_lock.toml": 'provider = "sqlite"\n',
  "migrations/20240101000000_users/migration.sql":
    "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);\nINSERT INTO users VALUES (1, 'a');\n",
  "migrations/20240101000000_users/down.sql": "DROP TABLE users;\n",
  "migrations/20240102000000_phone/migration.sql": "ALTER TABLE users ADD COLUMN phone TEXT;\n",
  "migrations/20240102000000_phone/down.sql": "ALTER TABLE users DROP COLUMN phone;\n",
};

async function site() {
  const folder = await temporaryFolder(FILES);
  const file = join(folder.path, "live.db");
  new DatabaseSync(file).close();
  const aim = (...args: string[]) =>
    runAim([...args, "--url", "sqlite:live.db"], { cwd: folder.path });
  const states = async () => {
    const { stdout, stderr } = await aim("status", "--json");
    assert.notEqual(stdout, "", stderr);
    return JSON.parse(stdout).migrations.map(({ state }: { state: string }) => state);
  };
  const engine = () => openPrismaEngine(file, join(folder.path, "migrations"));
  return { ...folder, aim, states, engine };
}

test("what Prisma applied is read, and an edited file is found", async () => {
  await using live = await site();
  assert.deepEqual(await live.states(), ["pending", "pending"]);
  {
    using engine = await live.engine();
    assert.equal((await engine.apply()).length, 2);
  }
  assert.deepEqual(await live.states(), ["applied", "applied"]);
  appendFileSync(join(live.path, "migrations/20240102000000_phone/migration.sql"), "-- more\n");
  assert.deepEqual(await live.states(), ["applied", "edited"]);
});

test("what aim applied Prisma accepts, and what aim took back Prisma applies again", async () => {
  await using live = await site();
  const applied = await live.aim("apply", "--yes");
  assert.equal(applied.code, 0, applied.stderr);
  {
    using engine = await live.engine();
    assert.deepEqual(await engine.apply(), []);
    const { history, failedMigrationNames, editedMigrationNames } = await engine.diagnose();
    assert.deepEqual([history, failedMigrationNames, editedMigrationNames], [null, [], []]);
  }
  const back = await live.aim("rollback", "--yes");
  assert.equal(back.code, 0, back.stderr);
  assert.deepEqual(await live.states(), ["applied", "pending"]);
  {
    using engine = await live.engine();
    assert.deepEqual(await engine.apply(), ["20240102000000_phone"]);
  }
  assert.deepEqual(await live.states(), ["applied", "applied"]);
});
