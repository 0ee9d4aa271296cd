import assert from "node:assert/strict";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";

const SCHEMA = `
CREATE TABLE users (
  id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, "fullName" TEXT, status TEXT CHECK (status IN ('on', 'off')),
  password_hash TEXT, bio TEXT, phone INTEGER, photo BLOB, rating REAL, dob TEXT, boss INTEGER REFERENCES users (id)
);
CREATE TABLE tags (slug TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE places (x INTEGER, y INTEGER, street TEXT, PRIMARY KEY (x, y));
CREATE TABLE orders (
  id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users, tag TEXT REFERENCES tags,
  x INTEGER, y INTEGER, FOREIGN KEY (x, y) REFERENCES places (x, y)
);
CREATE TABLE logs (line TEXT);
`;

function fill(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(`${SCHEMA}
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
    INSERT INTO users SELECT i, 'canary' || i || '@secret.test', 'Canary ' || i, 'on', 'canaryhash' || i,
      'canary, it''s ' || i || char(10), 491700000 + i, CAST('canary' AS BLOB), i + 0.5, '12.3.1981', NULL FROM n;
    UPDATE users SET boss = 101 - id;
    INSERT INTO tags VALUES ('canary-red'), ('canary-blue');
    INSERT INTO places SELECT id, -id, 'Canary Street ' || id FROM users;
    INSERT INTO orders SELECT id, 101 - id, 'canary-red', id, -id FROM users;
    INSERT INTO logs VALUES ('canary of ' || 10), (NULL);`);
  database.close();
}

const PROJECT = {
  "aim.toml": 'engine = "sqlite"\n',
  "schema.sql": SCHEMA,
  "migrations/000001_all.up.sql": SCHEMA,
  "migrations/000001_all.down.sql":
    "DROP TABLE logs; DROP TABLE orders; DROP TABLE places; DROP TABLE tags; DROP TABLE users;\n",
};

test("a sample of a SQLite file is whole, masked, loads, and is the same each time", async () => {
  await using folder = await temporaryFolder(PROJECT);
  const live = join(folder.path, "shop.db");
  fill(live);
  const before = readFileSync(live);
  const settings = { cwd: folder.path, variables: { AIM_DATABASE_URL: "sqlite:shop.db" } };

  const ran = await runAim(["seed", "--rows", "7", "--json"], settings);
  assert.equal(ran.code, 0, ran.stderr);
  const { tables, file, written } = JSON.parse(ran.stdout);
  assert.deepEqual([file, written], ["seeds/sample.sql", true]);
  const text = readFileSync(join(folder.path, file), "utf8");
  assert.doesNotMatch(
    text + ran.stdout + ran.stderr,
    /canary|secret\.test|63616e617279|4917|12\.3\.1981/i,
  );
  for (const { name, left } of tables) assert.equal(left, 0, name);

  const copy = new DatabaseSync(":memory:");
  copy.exec(`PRAGMA foreign_keys = ON; ${SCHEMA}`);
  copy.exec(text);
  assert.deepEqual(copy.prepare("PRAGMA foreign_key_check").all(), []);
  const row = copy.prepare(`SELECT (SELECT count(*) FROM orders) AS orders,
    (SELECT count(*) FROM users WHERE boss IS NULL) AS alone, (SELECT count(*) FROM users) AS users,
    (SELECT count(DISTINCT email) FROM users) AS emails, (SELECT count(*) FROM users WHERE status = 'on') AS kept,
    (SELECT count(*) FROM users WHERE typeof(rating) = 'real' AND rating = id + 0.5) AS real,
    (SELECT count(*) FROM users WHERE typeof(photo) = 'blob') AS photos,
    (SELECT count(DISTINCT tag) FROM orders) AS tags`).get() ?? {};
  copy.close();
  assert.deepEqual([row.orders, row.alone, row.tags], [7, 0, 1]);
  for (const key of ["emails", "kept", "real", "photos"]) assert.equal(row[key], row.users, key);

  const again = await runAim(["seed", "--rows", "7", "-o", "-"], settings);
  assert.equal(again.stdout, text);
  assert.deepEqual(readFileSync(live), before);
  writeFileSync(join(folder.path, "schema.sql"), `${SCHEMA}CREATE INDEX u ON users (status);\n`);
  const proof = await runAim(["generate", "--dry-run", "--json"], settings);
  assert.equal(proof.code, 0, proof.stdout + proof.stderr);
  assert.equal(JSON.parse(proof.stdout).outcome, "proven");
  assert.doesNotMatch(proof.stdout, /left out/);
});

test("nothing is written beside the project, nor where a setting or a flag is wrong", async () => {
  await using folder = await temporaryFolder(PROJECT);
  await using elsewhere = await temporaryFolder({ "keep": "" });
  fill(join(folder.path, "shop.db"));
  const settings = { cwd: folder.path, variables: { AIM_DATABASE_URL: "shop.db" } };
  symlinkSync(elsewhere.path, join(folder.path, "seeds"));
  const outside = await runAim(["seed"], settings);
  assert.equal(outside.code, 2, outside.stdout);
  assert.equal(existsSync(join(elsewhere.path, "sample.sql")), false);

  for (const how of ['how = "scramble"', "", 'how = "keep"\nmore = 1']) {
    writeFileSync(
      join(folder.path, "aim.toml"),
      `engine = "sqlite"\n[[mask]]\ncolumns = "email"\n${how}\n`,
    );
    const wrong = await runAim(["seed", "-o", "-"], settings);
    assert.equal(wrong.code, 2, wrong.stdout);
    assert.match(wrong.stderr, /aim\.toml:2.*|each \[\[mask\]\] needs columns/);
  }
  writeFileSync(join(folder.path, "aim.toml"), PROJECT["aim.toml"]);
  const both = await runAim(["seed", "--mask", "--no-mask", "-o", "-"], settings);
  assert.equal(both.code, 2, both.stdout);
});
