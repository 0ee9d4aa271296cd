import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";

const USERS = "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE);";

const PROJECT = {
  "aim.toml": 'engine = "sqlite"\nformat = "sqlx"\n[live]\nurl_env = "SHOP_URL"\n',
  "migrations/1_users.up.sql": `${USERS}\n`,
  "migrations/1_users.down.sql": "DROP TABLE users;\n",
};

/** Runs SQL on a file, as somebody else does. */
function run(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

function json(text: string): Record<string, unknown> {
  return JSON.parse(text);
}

test("a SQLite file is pulled, calls its baseline applied, and shows what was changed by hand", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": PROJECT["aim.toml"],
    "migrations/.keep": "",
  });
  const file = join(folder.path, "shop.db");
  run(
    file,
    `${USERS} CREATE VIEW emails AS SELECT email FROM users; INSERT INTO users VALUES (1, 'row-canary')`,
  );
  const settings = { cwd: folder.path, variables: { SHOP_URL: "sqlite:shop.db" } };

  const pulled = await runAim(["pull"], settings);
  assert.equal(pulled.code, 0, pulled.stderr);
  const schema = readFileSync(join(folder.path, "schema.sql"), "utf8");
  assert.match(schema, /email TEXT NOT NULL UNIQUE[\s\S]*CREATE VIEW emails[^;]*;\n$/);
  const again = await runAim(["pull", "--json"], settings);
  assert.equal(json(again.stdout).written, false, again.stderr);

  writeFileSync(join(folder.path, "schema.sql"), "-- mine\n");
  const refused = await runAim(["pull"], settings);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /it is there and says something else[\s\S]*--force/);
  assert.equal(readFileSync(join(folder.path, "schema.sql"), "utf8"), "-- mine\n");
  assert.equal((await runAim(["pull", "--force"], settings)).code, 0);
  assert.equal(readFileSync(join(folder.path, "schema.sql"), "utf8"), schema);

  const base = await runAim(["baseline", "--json"], settings);
  assert.equal(base.code, 0, base.stdout);
  const { mark } = json(base.stdout) as { mark: { sql: string } };
  const before = await runAim(["status", "--exit-code"], settings);
  assert.equal(before.code, 1, before.stderr);
  run(file, mark.sql);
  const after = await runAim(["status", "--exit-code", "--json"], settings);
  assert.equal(after.code, 0, after.stdout);
  assert.equal(json(after.stdout).outcome, "applied");
  assert.equal((await runAim(["drift", "--exit-code"], settings)).code, 0);

  run(file, "ALTER TABLE users ADD COLUMN phone TEXT");
  const drifted = await runAim(["drift", "--exit-code"], settings);
  assert.equal(drifted.code, 1, drifted.stderr);
  assert.match(drifted.stdout, /\+ column {2}users\.phone/);
  assert.match(drifted.stderr, /^next: aim drift --fix$/m);
  const from = await runAim(["drift", "--against", "schema"], settings);
  assert.match(from.stderr, /^next: aim drift --against schema --fix$/m);
  const fixed = await runAim(["drift", "--fix"], settings);
  assert.equal(fixed.code, 0, fixed.stderr);
  assert.match(fixed.stderr, /up +gives what the database has$/m);
  assert.match(fixed.stdout, /^ALTER TABLE users ADD COLUMN phone TEXT;$/m);
  assert.match(fixed.stdout, /^-- ALTER TABLE users DROP COLUMN phone;$/m);

  const counted = await runAim(["stats", "-o", "-"], settings);
  assert.match(counted.stdout, /\[tables\."users"\]\nrows = 1\n/);
  for (const { stdout, stderr } of [pulled, base, after, drifted, fixed, counted]) {
    assert.doesNotMatch(stdout + stderr, /row-canary/);
  }
});

test("status tells applied, edited, failed, missing, pending and out of order apart", async () => {
  await using folder = await temporaryFolder({
    ...PROJECT,
    "migrations/2_b.up.sql": "CREATE TABLE b (id INTEGER);\n",
    "migrations/3_c.up.sql": "CREATE TABLE c (id INTEGER);\n",
    "migrations/4_d.up.sql": "CREATE TABLE d (id INTEGER);\n",
    "migrations/5_e.up.sql": "CREATE TABLE e (id INTEGER);\n",
  });
  const file = join(folder.path, "shop.db");
  const { createHash } = await import("node:crypto");
  const hash = createHash("sha384").update(`${USERS}\n`).digest("hex");
  run(
    file,
    `
    CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL,
      installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL,
      checksum BLOB NOT NULL, execution_time BIGINT NOT NULL);
    INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES
      (1, 'users', 1, x'${hash}', 0), (2, 'b', 1, x'00', 0), (4, 'd', 0, x'00', 0), (9, 'gone', 1, x'00', 0)`,
  );
  const size = statSync(file).size;
  const ran = await runAim(["status", "--json", "--exit-code", "--url", "shop.db"], {
    cwd: folder.path,
  });
  assert.equal(ran.code, 1, ran.stdout);
  const { outcome, migrations } = json(ran.stdout) as {
    outcome: string;
    migrations: { version: string; state: string }[];
  };
  assert.equal(outcome, "wrong");
  assert.deepEqual(
    Object.fromEntries(migrations.map(({ version, state }) => [version, state])),
    { 1: "applied", 2: "edited", 3: "out-of-order", 4: "failed", 5: "pending", 9: "missing" },
  );
  assert.equal(statSync(file).size, size);
});

/** Addresses that are refused, and what is said. */
const REFUSED: readonly (readonly [args: readonly string[], toml: string, said: RegExp])[] = [
  [[], "", /no address is given[\s\S]*AIM_DATABASE_URL/],
  [["--url", "sqlite:none.db"], "", /Cannot find the SQLite file "none\.db"/],
  [
    ["--url", "postgres://u:canary-s3cret@h/d"],
    "",
    /Cannot use this address for the engine sqlite/,
  ],
  [["--url", "aim.toml"], "", /Cannot read the SQLite file/],
  [[], '[live]\nurl_env = "postgres://u:canary-s3cret@h/d"\n', /not the name of a variable/],
  [[], '[live]\nurl_env = "NOT_SET"\n', /the variable NOT_SET is not set/],
];

test("an address that is none is refused, and never shown", async () => {
  for (const [args, toml, said] of REFUSED) {
    await using folder = await temporaryFolder({
      ...PROJECT,
      "aim.toml": `engine = "sqlite"\nformat = "sqlx"\n${toml}`,
    });
    const ran = await runAim(["status", ...args], { cwd: folder.path });
    assert.ok(ran.code === 2 || ran.code === 3, ran.stderr);
    assert.match(ran.stderr, said);
    assert.doesNotMatch(ran.stdout + ran.stderr, /canary-s3cret/);
  }
});
