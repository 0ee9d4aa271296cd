/** Online migrations on a real Postgres while others read and write. */

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { type Load, type Requests, Session, underLoad } from "../../scripts/online/load.ts";
import { lexicon } from "../../src/engines/postgres/lexicon.ts";
import type { Migration } from "../../src/formats/format.ts";
import { formatNamed } from "../../src/formats/mod.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { type ListeningServer, SERVERS, startListening } from "../runtimes/native_servers.ts";

const [VERSION = ""] = SERVERS;
const NEEDS = VERSION === "" ? { skip: "AIM_TEST_SERVERS names no version" } : {};

const BEFORE =
  "CREATE TABLE users (id bigint PRIMARY KEY, fullname text NOT NULL, n int, org bigint);\nCREATE TABLE orgs (id bigint PRIMARY KEY);\n";
const ROWS =
  "INSERT INTO orgs SELECT g FROM generate_series(1, 100) AS g; INSERT INTO users SELECT g, 'user ' || g, g, 1 + g % 100 FROM generate_series(1, 150000) AS g;";

const OLD: Requests = [
  "UPDATE users SET fullname = 'old $n', n = 1 + $n WHERE id = 1 + $n % 150000",
  "SELECT fullname, n FROM users WHERE id = 1 + $n % 150000",
  "INSERT INTO users (id, fullname, n, org) VALUES (1000000 + $n, 'added', 5, 1)",
];
const NEW: Requests = OLD.map((sql) => sql.replaceAll("fullname", "name"));

/** The migrations that aim writes, by the steps of it. */
async function written(
  settings: string,
  after: string,
  steps: readonly (readonly string[])[],
): Promise<readonly (readonly Migration[])[]> {
  await using folder = await temporaryFolder({
    "aim.toml":
      `engine = "postgres-${VERSION}"\nformat = "goose"\nmigrations = "m"\n${settings}\n[answers]\ndata = "assume-empty"\n`,
    "schema.sql": after,
    "m/00001_a.sql": `-- +goose Up\n${BEFORE}-- +goose Down\nDROP TABLE users;\nDROP TABLE orgs;\n`,
  });
  const out: (readonly Migration[])[] = [];
  let seen = 1;
  for (const args of steps) {
    const ran = await runAim(["generate", ...args], { cwd: folder.path });
    assert.equal(ran.code, 0, ran.stderr);
    const paths = await readdir(join(folder.path, "m"));
    const files = await Promise.all(
      paths.map(async (path) => ({
        path,
        text: await readFile(join(folder.path, "m", path), "utf8"),
      })),
    );
    const { migrations } = (await formatNamed("goose")).parse(files, {
      dialect: "postgres",
      lexicon,
    });
    out.push(migrations.slice(seen));
    seen = migrations.length;
  }
  return out;
}

async function fresh({ address }: ListeningServer): Promise<void> {
  await using client = await Session.open(address);
  await client.exec("DROP TABLE IF EXISTS users, orgs");
  for (const sql of `${BEFORE}${ROWS}`.split(";")) if (sql.trim() !== "") await client.exec(sql);
}

function assertUnharmed(load: Load): void {
  assert.deepEqual(load.failures, []);
  assert.ok(load.requests > 0, `${load.requests} requests`);
  assert.ok(load.longest < 2000, `a request took ${load.longest} ms`);
}

test(
  "nobody fails or waits longer than lock_timeout while indexes, keys and checks are made online",
  NEEDS,
  async () => {
    const after =
      "CREATE TABLE orgs (id bigint PRIMARY KEY);\nCREATE TABLE users (id bigint PRIMARY KEY, fullname text NOT NULL, n int NOT NULL CHECK (n > 0), org bigint REFERENCES orgs(id));\nCREATE INDEX users_name_idx ON users (fullname);\nCREATE INDEX users_org_idx ON users (org);\n";
    const [online = []] = await written('safety = "online"', after, [[]]);
    const [plain = []] = await written('safety = "plain"', after, [[]]);
    await using server = await startListening(VERSION, { rules: ["host all all all trust"] });
    await fresh(server);
    const seen = await underLoad(server.address, online, [OLD, OLD]);
    assertUnharmed(seen);
    await fresh(server);
    const beside = await underLoad(server.address, plain, [OLD, OLD]);
    assert.deepEqual(beside.failures, []);
    console.log(
      `longest request: online ${seen.longest.toFixed(0)} ms of ${seen.requests}, plain ${
        beside.longest.toFixed(0)
      } ms of ${beside.requests}`,
    );
  },
);

test("old and new code run through a rename, and neither fails", NEEDS, async () => {
  const after = BEFORE.replace("fullname", "name");
  const columns = "users.fullname=name";
  const [expand = [], contract = []] = await written("", after, [
    ["--expand", columns],
    ["--contract", columns],
  ]);
  await using server = await startListening(VERSION, { rules: ["host all all all trust"] });
  await fresh(server);
  const [add, fill] = expand;
  if (add === undefined || fill === undefined) throw new Error("There are not two phases");
  assertUnharmed(await underLoad(server.address, [add], [OLD, OLD]));
  assertUnharmed(await underLoad(server.address, [fill], [OLD, NEW]));
  assertUnharmed(await underLoad(server.address, contract, [NEW, NEW]));
  await using client = await Session.open(server.address);
  const [row] = await client.exec(
    "SELECT count(*)::int AS n FROM users WHERE name IS NULL OR name = ''",
  );
  assert.equal(Number(row?.[0]), 0);
});
