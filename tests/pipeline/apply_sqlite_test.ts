import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";

const FILES: Readonly<Record<string, string>> = {
  "aim.toml": 'engine = "sqlite"\nformat = "migrate"\n',
  "migrations/000001_users.up.sql": "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);\n",
  "migrations/000001_users.down.sql": "DROP TABLE users;\n",
  "migrations/000002_phone.up.sql": "ALTER TABLE users ADD COLUMN phone TEXT;\n",
  "migrations/000002_phone.down.sql": "ALTER TABLE users DROP COLUMN phone;\n",
};

function ask(file: string, sql: string): unknown[] {
  const database = new DatabaseSync(file);
  try {
    return database.prepare(sql).all().map((row) => Object.values(row).join("|"));
  } finally {
    database.close();
  }
}

async function site(files = FILES) {
  const folder = await temporaryFolder(files);
  const file = join(folder.path, "live.db");
  new DatabaseSync(file).close();
  const aim = (...args: string[]) =>
    runAim([...args, "--url", "sqlite:live.db"], { cwd: folder.path });
  return { ...folder, file, aim };
}

test("a SQLite file gets its migrations in the books of golang-migrate, and loses them again", async () => {
  await using live = await site();
  const { file, aim } = live;
  const asked = await aim("apply");
  assert.equal(asked.code, 1, asked.stderr);
  assert.deepEqual(ask(file, "SELECT name FROM sqlite_schema"), []);
  const done = await aim("apply", "--yes");
  assert.equal(done.code, 0, done.stderr);
  assert.deepEqual(ask(file, "SELECT version, dirty FROM schema_migrations"), ["2|0"]);
  ask(file, "INSERT INTO users VALUES (1, 'a', '2')");
  const kept = await aim("rollback", "--yes");
  assert.equal(kept.code, 1, kept.stderr);
  assert.match(kept.stderr, /which holds values/);
  const lost = await aim("rollback", "--yes", "--allow-loss", "--steps", "2");
  assert.equal(lost.code, 0, lost.stderr);
  assert.match(lost.stderr, /note: 000002_phone\.down\.sql drops the column .* holds values/);
  assert.deepEqual(ask(file, "SELECT name FROM sqlite_schema WHERE type = 'table'"), [
    "schema_migrations",
  ]);
  assert.deepEqual(ask(file, "SELECT * FROM schema_migrations"), []);
});

test("a version that the runner left dirty is put right by what the schema says", async () => {
  await using live = await site();
  const { file, aim } = live;
  assert.equal((await aim("apply", "--yes", "--to", "1")).code, 0);
  ask(file, "UPDATE schema_migrations SET version = 2, dirty = 1");
  const refused = await aim("apply", "--yes");
  assert.equal(refused.code, 1, refused.stderr);
  assert.match(refused.stderr, /000002_phone\.up\.sql failed/);
  const status = await aim("status");
  assert.match(status.stderr, /next: aim apply --recover/);
  const drifted = await aim("drift");
  assert.match(drifted.stderr, /000002_phone\.up\.sql: it was begun .* counts as a difference/);
  const nothing = await aim("apply", "--recover", "--yes");
  assert.match(nothing.stderr, /nothing of 000002_phone is there/);
  assert.deepEqual(ask(file, "SELECT version, dirty FROM schema_migrations"), ["1|0"]);
  ask(file, "UPDATE schema_migrations SET version = 2, dirty = 1");
  ask(file, "ALTER TABLE users ADD COLUMN phone TEXT");
  const all = await aim("apply", "--recover", "--yes");
  assert.match(all.stderr, /all of 000002_phone is there/);
  assert.deepEqual(ask(file, "SELECT version, dirty FROM schema_migrations"), ["2|0"]);
  assert.match((await aim("apply", "--recover")).stderr, /has nothing unfinished/);
});

test("a file that another process holds is waited for, and a failure leaves nothing", async () => {
  await using live = await site();
  const { file, aim, path } = live;
  assert.equal((await aim("apply", "--yes", "--to", "1")).code, 0);
  const same = await aim("apply", "--yes", "--to", "1");
  assert.match(same.stderr, /has all migrations up to that one\nnot begun: 000002_phone\n/);
  const holder = new DatabaseSync(file);
  holder.exec("BEGIN IMMEDIATE; INSERT INTO users (id) VALUES (7)");
  const held = await aim("apply", "--yes", "--lock-timeout", "100ms", "--retries", "0");
  holder.exec("COMMIT");
  holder.close();
  assert.equal(held.code, 1, held.stderr);
  assert.match(held.stderr, /database is locked/);
  writeFileSync(
    join(path, "migrations/000002_phone.up.sql"),
    "ALTER TABLE users ADD COLUMN phone TEXT;\nINSERT INTO users (id) VALUES (7);\n",
  );
  const failed = await aim("apply", "--yes");
  assert.equal(failed.code, 1, failed.stderr);
  assert.match(failed.stderr, /000002_phone\.up\.sql:2:\d+: UNIQUE[^]*nothing of it is there/);
  assert.deepEqual(ask(file, "SELECT version, dirty FROM schema_migrations"), ["1|0"]);
});
