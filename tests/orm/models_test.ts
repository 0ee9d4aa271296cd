/** Commands that read models, as a project has them: trust, time, environment, cache, and both doors. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { program, runAim, temporaryFolder } from "../run_aim.ts";

const CLIENT = fileURLToPath(new URL("./client.ts", import.meta.url));

/** A command of Deno that fills the database it is given. */
function filling(...statements: readonly string[]): string {
  return JSON.stringify([process.execPath, "run", "-A", "--no-check", CLIENT, ...statements]);
}

interface Project {
  readonly settings: readonly string[];
  readonly engine?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  /** Left out for a project that nobody trusts. */
  readonly isTrusted?: false;
}

async function project(
  { settings, engine = "postgres", files = {}, variables = {}, isTrusted }: Project,
) {
  const folder = await temporaryFolder({
    "aim.toml": [`engine = "${engine}"`, ...settings, ""].join("\n"),
    ...files,
  });
  await mkdir(join(folder.path, "migrations"), { recursive: true });
  const homes = {
    XDG_CONFIG_HOME: join(folder.path, ".config"),
    XDG_CACHE_HOME: join(folder.path, ".cache"),
  };
  const run = (...args: readonly string[]) =>
    runAim(args, { cwd: folder.path, variables: { ...homes, ...variables } });
  if (isTrusted !== false) assert.equal((await run("trust")).code, 0);
  return {
    path: folder.path,
    run,
    homes,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const TABLE = "CREATE TABLE shelf (id integer PRIMARY KEY, name text);";
const PRINTS = ['schema = "orm:"', "[orm]", 'command = "cat ddl.sql; echo run >> runs"'];

test("a command of a project that nobody trusts is not run", async () => {
  await using one = await project({
    settings: PRINTS,
    files: { "ddl.sql": TABLE },
    isTrusted: false,
  });
  const refused = await one.run("diff");
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /the project is not trusted with it/);
  assert.match(refused.stderr, /aim trust/);
  assert.equal(existsSync(join(one.path, "runs")), false);
  const trusted = await one.run("trust");
  assert.match(trusted.stderr, /orm\.command +cat ddl\.sql/);
  const ran = await one.run("diff");
  assert.equal(ran.code, 0, ran.stderr);
  assert.match(ran.stdout, /\+ table {2}public\.shelf/);
});

test("trust holds for the very command, its variables and what it is passed", async () => {
  await using one = await project({ settings: PRINTS, files: { "ddl.sql": TABLE } });
  for (const line of ['env = { NODE_OPTIONS = "--require ./evil.js" }', 'pass = ["SECRET_KEY"]']) {
    await writeFile(
      join(one.path, "aim.toml"),
      ['engine = "postgres"', ...PRINTS, line, ""].join("\n"),
    );
    const refused = await one.run("diff");
    assert.equal(refused.code, 2, line);
    assert.match(refused.stderr, /not trusted/);
  }
  assert.equal(existsSync(join(one.path, "runs")), false);
});

test("variables of a project want trust even beside a command of the user's own", async () => {
  await using one = await project({
    settings: ['schema = "orm:"', "[orm]", 'env = { BASH_ENV = "evil.sh" }'],
    files: { "ddl.sql": TABLE },
    variables: { AIM_ORM_COMMAND: "cat ddl.sql" },
    isTrusted: false,
  });
  assert.match((await one.run("diff")).stderr, /not trusted/);
});

test("a command of the user's own needs no trust", async () => {
  await using one = await project({
    settings: ['schema = "orm:"'],
    files: { "ddl.sql": TABLE },
    variables: { AIM_ORM_COMMAND: "cat ddl.sql" },
    isTrusted: false,
  });
  const ran = await one.run("diff");
  assert.match(ran.stdout, /\+ table {2}public\.shelf/, ran.stderr);
});

test("the command gets no keys and no more of the environment than programs need", async () => {
  await using one = await project({
    settings: [
      'schema = "orm:"',
      "[orm]",
      'command = "env > seen; cat ddl.sql"',
      'env = { APP_MODE = "ddl" }',
      'pass = ["APP_SECRET"]',
    ],
    files: { "ddl.sql": TABLE },
    variables: {
      OPENAI_API_KEY: "sk-0123456789abcdef",
      AIM_BASE_URL: "http://localhost:1",
      SOMETHING: "else",
      APP_SECRET: "for the app",
      LC_ALL: "C",
    },
  });
  assert.equal((await one.run("diff")).code, 0);
  const seen = readFileSync(join(one.path, "seen"), "utf8");
  for (
    const there of ["APP_MODE=ddl", "APP_SECRET=for the app", "AIM_DIALECT=postgres", "LC_ALL=C"]
  ) {
    assert.ok(seen.includes(there), there);
  }
  for (const not of ["OPENAI", "AIM_BASE_URL", "SOMETHING"]) assert.ok(!seen.includes(not), not);
});

test("no setting passes the key of a model", async () => {
  await using one = await project({
    settings: [...PRINTS, 'pass = ["ANTHROPIC_API_KEY"]'],
    files: { "ddl.sql": TABLE },
  });
  const refused = await one.run("diff");
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /key of a language model/);
  assert.equal(existsSync(join(one.path, "runs")), false);
});

test("while the models do not change the command is not run again", async () => {
  await using one = await project({
    settings: [...PRINTS, 'models = ["ddl.sql"]'],
    files: { "ddl.sql": TABLE },
  });
  for (let count = 0; count < 2; count++) assert.equal((await one.run("diff")).code, 0);
  const runs = () => readFileSync(join(one.path, "runs"), "utf8").split("\n").length - 1;
  assert.equal(runs(), 1);
  await writeFile(join(one.path, "ddl.sql"), `${TABLE}\nCREATE TABLE book (id integer);`);
  assert.match((await one.run("diff")).stdout, /public\.book/);
  assert.equal(runs(), 2);
});

test("models outside of the project are not read", async () => {
  await using one = await project({
    settings: [...PRINTS, 'models = ["/etc/passwd"]'],
    files: { "ddl.sql": TABLE },
  });
  assert.match((await one.run("diff")).stderr, /outside of the project/);
});

test("a command that fails is shown with its last words, without colours and secrets", async () => {
  await using one = await project({
    settings: [
      'schema = "orm:"',
      "[orm]",
      `command = "printf '\\\\033[31mno such model sk-abcdefghijklmnop123456\\\\033[0m\\\\n' >&2; exit 3"`,
    ],
  });
  const failed = await one.run("diff");
  assert.equal(failed.code, 2);
  assert.match(failed.stderr, /it ended with code 3\n {2}no such model \*\*\*/);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(failed.stderr, /\x1b/);
});

const FAULTS: readonly (readonly [command: string, code: number, says: RegExp])[] = [
  ['"sleep 60"', 2, /did not end within orm\.timeout \(1s\)/],
  ['["no-such-program"]', 3, /there is no such program/],
  ['"true"', 2, /The models make no table/],
  [
    `"echo \\"ModuleNotFoundError: No module named 'django'\\" >&2; exit 1"`,
    2,
    /pip install django/,
  ],
  [
    `"echo \\"Error: Cannot find module 'drizzle-kit'\\" >&2; exit 1"`,
    2,
    /npm install --save-dev drizzle-kit/,
  ],
  ["\"echo Reading; echo 'CREATE TABLE a (id nosuch);'\"", 2, /orm:models:1:\d+/],
];

for (const [command, code, says] of FAULTS) {
  test(`what went wrong is said: ${command}`, async () => {
    await using one = await project({
      settings: ['schema = "orm:"', "[orm]", `command = ${command}`, 'timeout = "1s"'],
    });
    const failed = await one.run("diff");
    assert.equal(failed.code, code, failed.stderr);
    assert.match(failed.stderr, says);
  });
}

test("what a command started is gone when aim is interrupted", {
  skip: process.platform === "win32",
}, async () => {
  await using one = await project({
    settings: ['schema = "orm:"', "[orm]", 'command = "sleep 600 & echo $! > pid; wait"'],
  });
  const [file = "", ...words] = [...program(), "diff"];
  const child = spawn(file, words, {
    cwd: one.path,
    env: { ...process.env, ...one.homes },
    stdio: "ignore",
  });
  const ended = new Promise<string>((resolve) =>
    child.on("exit", (code, signal) => resolve(String(code ?? signal)))
  );
  const path = join(one.path, "pid");
  for (let round = 0; round < 600 && !existsSync(path); round++) await pause(50);
  await pause(50);
  const pid = Number(await readFile(path, "utf8"));
  child.kill("SIGINT");
  assert.match(await ended, /^(?:130|SIGINT)$/);
  await pause(300);
  assert.equal(await runs(pid), false);
});

/** Whether a process goes on; one that has ended and that nobody asked for yet does not. */
async function runs(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return !/^\d+ \(.*\) Z/s.test(stat);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

test("a command fills the embedded Postgres, and what it leaves is the schema", async () => {
  await using one = await project({
    settings: [
      'schema = ["orm:", "extra.sql"]',
      "[orm]",
      'door = "database"',
      `command = ${
        filling(
          "CREATE TYPE mood AS ENUM ('good', 'bad')",
          "BEGIN",
          "CREATE TABLE shelf (id serial PRIMARY KEY, name text NOT NULL DEFAULT 'a', mood mood)",
          "CREATE INDEX ON shelf (name)",
          "COMMIT",
        )
      }`,
    ],
    files: { "extra.sql": "CREATE VIEW names AS SELECT name FROM shelf;\n" },
  });
  const made = await one.run("generate", "--name", "init");
  assert.equal(made.code, 0, made.stderr);
  const same = await one.run("diff", "--exit-code");
  assert.equal(same.code, 0, same.stdout);
  const text = await readFile(join(one.path, "migrations/000001_init.up.sql"), "utf8");
  for (const part of ["CREATE TYPE mood", "CREATE VIEW names", "shelf_name_idx"]) {
    assert.ok(text.includes(part), text);
  }
});

test("a command fills a file of SQLite", async () => {
  await using one = await project({
    engine: "sqlite",
    settings: [
      'schema = "orm:"',
      "[orm]",
      'door = "database"',
      `command = ${
        filling(
          "PRAGMA journal_mode = WAL",
          "CREATE TABLE shelf (id INTEGER PRIMARY KEY, name TEXT CHECK (name <> ''))",
        )
      }`,
    ],
  });
  const made = await one.run("generate", "--name", "init");
  assert.equal(made.code, 0, made.stderr);
  assert.equal((await one.run("diff", "--exit-code")).code, 0);
});

test("a command that makes nothing in its database is an error", async () => {
  await using one = await project({
    settings: ['schema = "orm:"', "[orm]", 'door = "database"', 'command = "true"'],
  });
  const failed = await one.run("diff");
  assert.equal(failed.code, 2);
  assert.match(failed.stderr, /made nothing in the database/);
});

test("the address is put into the variables that the application reads", async () => {
  await using one = await project({
    settings: [
      'schema = "orm:"',
      "[orm]",
      'door = "database"',
      `command = "DATABASE_URL=$APP_DB ${
        [process.execPath, "run -A --no-check", CLIENT].join(" ")
      } 'CREATE TABLE shelf (id integer)'"`,
      'env = { APP_DB = "postgres://{user}:{password}@{host}:{port}/{database}" }',
    ],
  });
  const ran = await one.run("diff");
  assert.match(ran.stdout, /public\.shelf/, ran.stderr);
});
