import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";

const FILES = {
  "aim.toml": 'engine = "sqlite"\nformat = "goose"\nschema = "db"\nmigrations = "m"\n',
  "db/1_users.sql": "CREATE TABLE users (\n  id INTEGER PRIMARY KEY,\n  name TEXT\n);\n",
  "db/2_posts.sql": "CREATE TABLE posts (\n  id INTEGER PRIMARY KEY,\n  title TEXT\n);\n",
  "m/20260101000000_begin.sql":
    "-- +goose Up\nCREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);\n" +
    "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT);\n" +
    "-- +goose Down\nDROP TABLE posts;\nDROP TABLE users;\n",
};

test("several requests change several files and make one migration, all or none", async () => {
  await using folder = await temporaryFolder(FILES);
  const cwd = folder.path;
  const read = (path: string) => readFile(join(cwd, path), "utf8");
  const unasked = await runAim(["create", "add age integer to users"], { cwd });
  assert.equal(unasked.code, 1);
  assert.match(unasked.stderr, /\+ {2}age integer[\s\S]*pass --yes/);
  assert.equal(await read("db/1_users.sql"), FILES["db/1_users.sql"]);
  const stdin = "# two\nrename name to full_name in users\nindex posts(title)\n";
  const bad = await runAim(["create", "-y", "--file", "-"], { cwd, stdin: `${stdin}drop id\n` });
  assert.equal(bad.code, 1);
  assert.match(bad.stderr, /aim create "drop id from posts"/);
  assert.equal(await read("db/1_users.sql"), FILES["db/1_users.sql"]);
  const done = await runAim(["create", "-y", "--file", "-"], { cwd, stdin });
  assert.equal(done.code, 0, done.stderr);
  assert.match(await read("db/1_users.sql"), /^ {2}full_name TEXT$/m);
  assert.match(
    await read("db/2_posts.sql"),
    /\n\nCREATE INDEX posts_title_idx ON posts \(title\);\n$/,
  );
  const [, migration = ""] = (await readdir(join(cwd, "m"))).sort();
  assert.match(await read(`m/${migration}`), /RENAME COLUMN/);
  assert.equal((await runAim(["diff", "--exit-code", "-q"], { cwd })).code, 0);
});

test("--edit-only writes the rename as an annotation, which generate goes by", async () => {
  await using folder = await temporaryFolder(FILES);
  const cwd = folder.path;
  const edited = await runAim(["create", "-y", "--edit-only", "rename name to alias"], { cwd });
  assert.equal(edited.code, 0, edited.stderr);
  assert.match(
    await readFile(join(cwd, "db/1_users.sql"), "utf8"),
    /^ {2}-- @renamed from=name\n {2}alias TEXT$/m,
  );
  const made = await runAim(["generate", "--dry-run"], { cwd });
  assert.match(made.stdout, /RENAME COLUMN/);
});

test("init --agents writes its section once and keeps the rest", async () => {
  await using folder = await temporaryFolder(FILES);
  const path = join(folder.path, "AGENTS.md");
  await writeFile(path, "# Ours\n");
  assert.equal((await runAim(["init", "--agents"], { cwd: folder.path })).stdout, "AGENTS.md\n");
  const text = await readFile(path, "utf8");
  assert.match(text, /^# Ours\n\n<!-- aim: begin -->/);
  assert.equal((await runAim(["init", "--agents"], { cwd: folder.path })).stdout, "");
  assert.equal(await readFile(path, "utf8"), text);
});

test("a request that would leave a view that no query can read, or a trigger that fails, is refused; of one in the schema a note says so", async () => {
  const users = FILES["db/1_users.sql"] + "CREATE VIEW names AS SELECT name FROM users;\n";
  await using folder = await temporaryFolder({ ...FILES, "db/1_users.sql": users });
  const cwd = folder.path;
  for (
    const request of [
      "create view titles as select title from post",
      "drop name from users",
      "drop table users",
    ]
  ) {
    const refused = await runAim(["create", "-y", "--edit-only", request], { cwd });
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, /view (?:titles|names) cannot be read: no such /);
    assert.equal(await readFile(join(cwd, "db/1_users.sql"), "utf8"), users);
  }
  const logs =
    "CREATE TRIGGER logs AFTER INSERT ON users BEGIN UPDATE posts SET title = NEW.name; END;\n";
  await writeFile(join(cwd, "db/1_users.sql"), users + logs);
  for (const request of ["drop title from posts", "drop table posts"]) {
    const refused = await runAim(["create", "-y", "--edit-only", request], { cwd });
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, /error: [^]*trigger logs cannot be run: no such /);
  }
  await writeFile(join(cwd, "db/3_late.sql"), "CREATE VIEW late AS SELECT * FROM gone;\n");
  const told = await runAim(["diff"], { cwd });
  assert.match(
    told.stderr,
    /note: In the schema, view late cannot be read: no such table: main\.gone/,
  );
  assert.doesNotMatch(told.stderr, /view names/);
  const other = await runAim(["create", "-y", "--edit-only", "add age integer to users"], { cwd });
  assert.equal(other.code, 0, other.stderr);
});
