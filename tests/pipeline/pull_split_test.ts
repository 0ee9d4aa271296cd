import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import { Administration } from "../../src/runtimes/postgres_server/administration.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { NEEDS_SERVER, SERVERS, startListening } from "../runtimes/native_servers.ts";

function filesOf(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(folder).sort().map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}

test("pull --split table writes a file for each table, keeps other files, and --data-stats the counts", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\nschema = "schema"\n',
    "migrations/.keep": "",
    "schema/README.md": "read me\n",
  });
  const database = new DatabaseSync(join(folder.path, "shop.db"));
  database.exec(`CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
    CREATE INDEX users_email ON users (email);
    CREATE TABLE "odd/../name" (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id));
    CREATE VIEW emails AS SELECT email FROM users;
    CREATE TRIGGER users_trimmed AFTER INSERT ON users BEGIN
      UPDATE users SET email = trim(email) WHERE id = NEW.id;
    END;
    INSERT INTO users VALUES (1, 'row-canary')`);
  database.close();
  const settings = { cwd: folder.path, variables: { AIM_DATABASE_URL: "sqlite:shop.db" } };
  const pulled = await runAim(["pull", "--split", "table", "--data-stats", "--json"], settings);
  assert.equal(pulled.code, 0, pulled.stdout + pulled.stderr);
  const { files, stats, written, file } = JSON.parse(pulled.stdout);
  assert.deepEqual([file, stats, written], ["schema", "aim.stats.toml", true]);
  const made = filesOf(join(folder.path, "schema"));
  assert.deepEqual(Object.keys(made).filter((name) => name.endsWith(".sql")), files);
  const ofUsers = files.find((name: string) => name.endsWith("_users.sql"));
  assert.match(made[ofUsers] ?? "", /CREATE TABLE users[\s\S]*CREATE INDEX users_email/);
  assert.ok(files.some((name: string) => /^\d+_odd_\.\._name\.sql$/.test(name)), files.join());
  assert.equal(made["README.md"], "read me\n");
  const counts = readFileSync(join(folder.path, "aim.stats.toml"), "utf8");
  assert.match(counts, /\[tables\."users"\]\nrows = 1/);
  assert.doesNotMatch(counts + Object.values(made).join(), /row-canary/);
  const same = await runAim(["drift", "--against", "schema", "--exit-code"], settings);
  assert.equal(same.code, 0, same.stdout + same.stderr);

  const again = await runAim(["pull", "--split", "table", "--json"], settings);
  assert.equal(JSON.parse(again.stdout).written, false, again.stderr);
  writeFileSync(join(folder.path, "schema", "zzz.sql"), "CREATE TABLE mine (id INTEGER);\n");
  const refused = await runAim(["pull", "--split", "table"], settings);
  assert.equal(refused.code, 2, refused.stdout);
  assert.match(refused.stderr, /zzz\.sql is there and says something else[\s\S]*--force/);
  assert.equal((await runAim(["pull", "--split", "table", "--force"], settings)).code, 0);
  assert.deepEqual(filesOf(join(folder.path, "schema")), made);
});

test("pull says what does not go together with several files", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\n',
    "schema.sql": "",
    "migrations/.keep": "",
  });
  new DatabaseSync(join(folder.path, "shop.db")).close();
  const settings = { cwd: folder.path, variables: { AIM_DATABASE_URL: "sqlite:shop.db" } };
  const printed = await runAim(["pull", "--split", "table", "-o", "-"], settings);
  assert.equal(printed.code, 2);
  assert.match(printed.stderr, /Cannot print several files/);
  const oneFile = await runAim(["pull", "--split", "table"], settings);
  assert.equal(oneFile.code, 2);
  assert.match(oneFile.stderr, /schema is not one folder[\s\S]*-o FOLDER/);
  const unknown = await runAim(["pull", "--split", "rows"], settings);
  assert.equal(unknown.code, 2);
});

const TANGLED = `CREATE SCHEMA billing;
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE users (id bigint PRIMARY KEY, mood mood NOT NULL DEFAULT 'good', latest bigint);
CREATE TABLE billing.orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users);
ALTER TABLE users ADD FOREIGN KEY (latest) REFERENCES billing.orders;
CREATE VIEW billing.totals AS SELECT u.id, count(o.id) FROM users u JOIN billing.orders o ON o.user_id = u.id GROUP BY u.id;
CREATE FUNCTION latest_of(u users) RETURNS bigint LANGUAGE sql AS 'SELECT u.latest';
COMMENT ON TABLE users IS 'People';
CREATE INDEX users_mood ON users (mood);`;

test(
  "files of a tangled schema load in their order, by table and by schema",
  NEEDS_SERVER,
  async () => {
    await using server = await startListening(SERVERS[0] ?? "", {
      rules: ["host all all 127.0.0.1/32 trust"],
    });
    const { signal } = new AbortController();
    const first = await Administration.connect(server.address, signal);
    await first.exec("CREATE DATABASE shop TEMPLATE template0");
    await first.end();
    const admin = await Administration.connect({ ...server.address, database: "shop" }, signal);
    await admin.exec("CREATE SCHEMA IF NOT EXISTS public").catch(() => {});
    await admin.exec(TANGLED);
    await admin.end();
    const { port, user } = server.address;
    const url = `postgres://${user}@127.0.0.1:${port}/shop?sslmode=disable`;
    for (const by of ["table", "schema"]) {
      await using folder = await temporaryFolder({
        "aim.toml": 'engine = "postgres"\nschema = "parts"\n',
        "migrations/.keep": "",
      });
      const settings = { cwd: folder.path, variables: { AIM_DATABASE_URL: url } };
      const pulled = await runAim(["pull", "--split", by, "-o", "parts", "--json"], settings);
      assert.equal(pulled.code, 0, `${by}: ${pulled.stdout}${pulled.stderr}`);
      const { outcome, files } = JSON.parse(pulled.stdout);
      assert.equal(outcome, "proven");
      const wanted = by === "table" ? /_public\.users\.sql$/ : /_billing\.sql$/;
      assert.ok(files.some((name: string) => wanted.test(name)), files.join());
      const same = await runAim(["drift", "--against", "schema", "--exit-code"], settings);
      assert.equal(same.code, 0, same.stdout + same.stderr);
    }
  },
);
