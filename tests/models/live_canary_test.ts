/** What a model of a project with a live database is sent, and what such a project's runs print and leave. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test, { after } from "node:test";
import { Administration } from "../../src/runtimes/postgres_server/administration.ts";
import { findPrograms } from "../../src/runtimes/mysql_server/program.ts";
import { PASSWORD, startRemote } from "../mysql/remote_server.ts";
import { runAim, runtimeCache, serverFolders, temporaryFolder } from "../run_aim.ts";
import { NEEDS_SERVER, SERVERS, startListening } from "../runtimes/native_servers.ts";
import { messages, sse, wireServer } from "./wire_server.ts";

const wire = await wireServer();
after(() => wire[Symbol.asyncDispose]());

/** A value with what ends a quotation in a message. */
const VALUE = `row-canary "it's (odd)) row-canary`;
const TABLE = "CREATE TABLE users (id int PRIMARY KEY, email varchar(100), age varchar(100))";
const ROWS = `INSERT INTO users VALUES ${
  [1, 2, 3].map((id) =>
    `(${id}, 'row-canary-${id}@example.com', '${VALUE.replaceAll("'", "''")} ${id}')`
  ).join(", ")
}`;

/** A live database with these rows. */
interface Live {
  readonly engine: string;
  readonly url: string;
  /** Of the account. */
  readonly password: string | null;
  /** Answers for another type of `age`, each of which fails over the rows, and the way back. */
  readonly retyped: readonly (readonly string[])[];
  readonly back: readonly string[];
}

function written(up: readonly string[], down: readonly string[]): string {
  const items = (list: readonly string[]) => list.map((sql) => ({ sql, changes: [1] }));
  return JSON.stringify({
    up: items(up),
    down: items(down),
    description: "Change users",
    warnings: [],
    question: "",
  });
}

/** Pulls, samples the real rows, and lets a model write, read and edit; looks at everything that is said, sent and left. */
async function watched(name: string, live: Live): Promise<void> {
  await using folder = await temporaryFolder({
    "aim.toml":
      `engine = "${live.engine}"\nformat = "goose"\nmodel = "anthropic/claude-haiku-5-5"\nmax_retries = 2\n`,
    "migrations/.keep": "",
    "home/.keep": "",
  });
  const { path } = folder;
  const refuse = (text: string, where: string, isOfRows = true) => {
    if (live.password !== null) assert.ok(!text.includes(live.password), where);
    const [shown] = /.{0,80}(?:row-canary|\(odd\)).{0,80}/i.exec(text) ?? [];
    if (isOfRows) assert.equal(shown, undefined, where);
  };
  const aim = async (args: readonly string[], answers: readonly string[] = []) => {
    const url = wire.at(name, ...answers.map((text) => sse(messages.answer(text))));
    const ran = await runAim(args, {
      cwd: path,
      variables: {
        ...serverFolders(),
        ...runtimeCache(),
        HOME: join(path, "home"),
        AIM_DATABASE_URL: live.url,
        AIM_BASE_URL: url,
        ANTHROPIC_API_KEY: "k",
        AIM_LLM_CASSETTE: join(path, "cassette"),
        AIM_LLM_MODE: "record",
      },
    });
    // Of a sample with real values, which is a file of the project, a person may be shown an example.
    refuse(ran.stdout + ran.stderr, `${name}: ${args.join(" ")}`, args[0] !== "generate");
    const hits = wire.hits(name);
    for (const { text, headers } of hits) {
      refuse(text + JSON.stringify(headers), `${name}: sent by ${args.join(" ")}`);
    }
    return { ...ran, hits };
  };
  const fine = async (...args: readonly string[]) => {
    const ran = await aim(args);
    assert.equal(ran.code, 0, `${name}: ${args.join(" ")}: ${ran.stdout}${ran.stderr}`);
  };
  await fine("pull");
  await fine("stats");
  await fine("baseline", "--mark");
  await fine("seed", "--no-mask");
  const sample = join(path, "seeds/sample.sql");
  assert.match(readFileSync(sample, "utf8"), /canary/, "the rows are in the proof");
  await fine("drift", "--exit-code", "--verbose");

  // What the rows refuse or lose goes back to the model.
  const schema = readFileSync(join(path, "schema.sql"), "utf8");
  writeFileSync(
    join(path, "schema.sql"),
    schema.replace(/^( +[`"]?age[`"]? )[^,\n]*/m, "$1int"),
  );
  const retyped = await aim(
    ["generate", "--generator", "model", "--verbose"],
    live.retyped.map((up) => written(up, live.back)),
  );
  assert.equal(retyped.hits.length, 3, retyped.stderr.slice(-2000));
  for (const { text } of retyped.hits.slice(1)) assert.match(text, /FAILED at data_up/);
  writeFileSync(join(path, "schema.sql"), schema);

  writeFileSync(
    join(path, "schema.sql"),
    `${schema}CREATE TABLE notes (id int PRIMARY KEY, text varchar(20));\n`,
  );
  const good = written(
    ["CREATE TABLE notes (id int PRIMARY KEY, text varchar(20))"],
    ["DROP TABLE notes"],
  );
  const added = await aim(["generate", "--generator", "model", "--verbose"], [good]);
  assert.equal(added.code, 0, added.stdout + added.stderr);

  const advice = JSON.stringify({ remarks: [] });
  const reviewed = await aim(["review", "--latest", "1", "--verbose"], [advice]);
  assert.equal(reviewed.hits.length, 1, reviewed.stderr);
  const created = await aim(
    ["create", "--yes", "--verbose", "let the people be found by something quick"],
    ["{}"],
  );
  assert.ok(created.hits.length > 0, created.stderr);

  await aim(["apply", "--yes", "--verbose"]);
  await aim(["status", "--json"]);
  await aim(["push", "--yes", "--force", "--verbose"]);
  const wrong = new URL(live.url);
  if (live.password !== null) {
    wrong.pathname = `/${"x".repeat(8)}`;
    assert.equal((await aim(["pull", "--url", wrong.href])).code, 3);
  }
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || file === sample || file.endsWith("live.db")) continue;
    refuse(readFileSync(file, "latin1"), file);
  }
}

test("a model never sees rows of SQLite, nor does any output or file", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "live.db");
  const database = new DatabaseSync(file);
  database.exec(`${TABLE}; ${ROWS}`);
  database.close();
  await watched("sqlite", {
    engine: "sqlite",
    url: `sqlite:${file}`,
    password: null,
    retyped: [["ALTER TABLE users DROP COLUMN age", "ALTER TABLE users ADD COLUMN age int"]],
    back: [
      "ALTER TABLE users DROP COLUMN age",
      "ALTER TABLE users ADD COLUMN age varchar(100)",
    ],
  });
});

test("nor rows of Postgres and the password", NEEDS_SERVER, async () => {
  const password = "pw-7fQ2-s3cret";
  await using server = await startListening(SERVERS[0] ?? "", {
    rules: ["host all owner 127.0.0.1/32 scram-sha-256", "host all all 127.0.0.1/32 trust"],
  });
  const { address } = server;
  const { signal } = new AbortController();
  const admin = await Administration.connect(address, signal);
  await admin.exec(`CREATE ROLE owner LOGIN PASSWORD '${password}'`);
  await admin.exec("CREATE DATABASE shop OWNER owner TEMPLATE template0");
  await admin.end();
  const shop = await Administration.connect({ ...address, database: "shop" }, signal);
  await shop.exec("GRANT ALL ON SCHEMA public TO owner; SET SESSION AUTHORIZATION owner");
  await shop.exec(`${TABLE}; ${ROWS}`);
  await shop.end();
  await watched("postgres", {
    engine: "postgres",
    url: `postgres://owner:${password}@127.0.0.1:${address.port}/shop?sslmode=disable`,
    password,
    retyped: [
      ["ALTER TABLE users ALTER COLUMN age TYPE int USING age::int"],
      ["ALTER TABLE users ALTER COLUMN age TYPE int USING NULL"],
    ],
    back: ["ALTER TABLE users ALTER COLUMN age TYPE varchar(100)"],
  });
});

const mariadb = (await findPrograms()).find(({ family }) => family === "mariadb");
test(
  "nor rows of MariaDB and the password",
  mariadb === undefined ? { skip: "There is no MariaDB on this machine" } : {},
  async () => {
    if (mariadb === undefined) return;
    await using server = await startRemote(mariadb, { tls: false });
    await server.admin.run(`CREATE DATABASE shop; USE shop; ${TABLE}; ${ROWS}`);
    await watched("mariadb", {
      engine: "mariadb",
      url: `mysql://wide:${PASSWORD}@127.0.0.1:${server.port}/shop?ssl-mode=DISABLED`,
      password: PASSWORD,
      retyped: [
        ["ALTER TABLE users MODIFY COLUMN age int"],
        ["UPDATE users SET age = NULL", "ALTER TABLE users MODIFY COLUMN age int"],
      ],
      back: ["ALTER TABLE users MODIFY COLUMN age varchar(100)"],
    });
  },
);
