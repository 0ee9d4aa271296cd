import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";

const USERS = "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL, phone TEXT);\n";

test("a development database is pushed; what loses data, and a database with books, is not", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\nformat = "goose"\n',
    "schema.sql": USERS,
    "migrations/.keep": "",
  });
  const file = join(folder.path, "dev.db");
  const on = (sql: string) => {
    const database = new DatabaseSync(file);
    try {
      return database.prepare(sql).all().map((row) => Object.values(row).join("|"));
    } finally {
      database.close();
    }
  };
  on("SELECT 1");
  const push = (...args: string[]) =>
    runAim(["push", ...args], { cwd: folder.path, variables: { AIM_DATABASE_URL: file } });

  const asked = await push();
  assert.equal(asked.code, 1, asked.stderr);
  assert.match(asked.stderr, /CREATE TABLE users[^]*not run: nothing was changed/);
  assert.deepEqual(on("SELECT name FROM sqlite_schema"), []);
  assert.equal((await push("--yes")).code, 0);
  assert.match((await push("--yes")).stderr, /in sync/);

  on("INSERT INTO users VALUES (1, 'a', '2')");
  writeFileSync(
    join(folder.path, "schema.sql"),
    "CREATE TABLE users (id INTEGER PRIMARY KEY, mail TEXT NOT NULL);\n",
  );
  const lossy = await push("--yes", "--rename", "users.email=mail");
  assert.equal(lossy.code, 1, lossy.stderr);
  assert.match(lossy.stderr, /refused: .*phone.*destroys/);
  assert.deepEqual(on("SELECT * FROM users"), ["1|a|2"]);
  const done = await push("--yes", "--rename", "users.email=mail", "--allow-loss", "--json");
  assert.equal(JSON.parse(done.stdout).outcome, "done", done.stdout);
  assert.deepEqual(on("SELECT mail FROM users"), ["a"]);

  on(
    "CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY, version_id INTEGER, is_applied INTEGER)",
  );
  writeFileSync(join(folder.path, "schema.sql"), USERS);
  const booked = await push("--yes");
  assert.equal(booked.code, 1, booked.stderr);
  assert.match(booked.stderr, /goose runs migrations on this database/);
});
