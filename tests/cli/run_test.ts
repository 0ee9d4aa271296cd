import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { runAim, type RunSettings, temporaryFolder } from "../run_aim.ts";
import { findPrograms } from "../../src/runtimes/mysql_server/program.ts";

/** Runs aim and reads the object that `--json` prints. */
async function runJson(args: readonly string[], settings: RunSettings = {}) {
  const { code, stdout, stderr } = await runAim([...args, "--json"], settings);
  assert.equal(stderr, "", "with --json nothing is on stderr");
  const object: Record<string, unknown> = JSON.parse(stdout);
  assert.equal(object.aim, 1);
  return { code, object };
}

const EMPTY = {
  "aim.toml": 'engine = "sqlite"\n',
  "schema.sql": "",
  "migrations/.keep": "",
};

const USERS = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);\n";

test("--version prints one line on stdout", async () => {
  const { code, stdout, stderr } = await runAim(["--version"]);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^aim \d+\.\d+\.\d+\n$/);
});

test("no arguments is a wrong request: help on stderr, exit 2", async () => {
  const { code, stdout, stderr } = await runAim([]);
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /Usage:/);
});

test("--help is an answer: on stdout, exit 0", async () => {
  const { code, stdout, stderr } = await runAim(["--help"]);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /Write:\n {2}init .*\n[^]*Live databases:\n {2}pull /);
});

test("an unknown command or flag exits with 2 and names the nearest", async () => {
  const command = await runAim(["genrate"]);
  assert.equal(command.code, 2);
  assert.equal(
    command.stderr,
    'error: Unknown command "genrate"\nhint: did you mean `aim generate`?\n',
  );
  const flag = await runAim(["diff", "--exitcode"]);
  assert.equal(flag.code, 2);
  assert.match(flag.stderr, /hint: did you mean --exit-code\?/);
});

test("a failure is JSON too, even when the line does not parse", async () => {
  const { code, object } = await runJson(["genrate"]);
  assert.equal(code, 2);
  assert.deepEqual(object, {
    aim: 1,
    command: null,
    outcome: "error",
    error: {
      code: "unknown-command",
      message: 'Unknown command "genrate"',
      hint: "did you mean `aim generate`?",
      exit: 2,
    },
  });
});

test("a wrong aim.toml is shown with file, line, column and frame", async () => {
  await using folder = await temporaryFolder({ "aim.toml": 'engine = "sqlite"\nshema = "a"\n' });
  const { code, stdout, stderr } = await runAim(["diff"], { cwd: folder.path });
  assert.deepEqual([code, stdout], [2, ""]);
  assert.equal(
    stderr,
    `error: Unknown key "shema" in aim.toml
  --> aim.toml:2:1
   2 | shema = "a"
     | ^^^^^
hint: did you mean "schema"?
`,
  );
  const { object } = await runJson(["diff"], { cwd: folder.path });
  const error = object.error as Record<string, unknown>;
  assert.deepEqual(error.place, { file: "aim.toml", line: 2, column: 1 });
});

test("-C runs as if started there, and a folder that is not there is refused", async () => {
  await using folder = await temporaryFolder({ "below/aim.toml": "engine = 1\n" });
  const there = await runAim(["-C", "below", "diff"], { cwd: folder.path });
  assert.match(there.stderr, /--> aim\.toml:1:1/);
  const nowhere = await runAim(["-C", "nowhere", "diff"], { cwd: folder.path });
  assert.equal(nowhere.code, 2);
  assert.match(nowhere.stderr, /Cannot start in "nowhere"/);
});

test("colour is on when asked for, and off for NO_COLOR", async () => {
  const run = async (args: readonly string[], variables: Record<string, string> = {}) =>
    (await runAim(["genrate", ...args], { variables })).stderr.includes("\x1b[");
  assert.equal(await run([]), false);
  assert.equal(await run([], { FORCE_COLOR: "1" }), true);
  assert.equal(await run([], { FORCE_COLOR: "1", NO_COLOR: "1" }), false);
  const help = await runAim(["diff", "--help", "--color", "always"], {
    variables: { NO_COLOR: "1" },
  });
  assert(help.stdout.includes("\x1b["));
});

test("every topic is explained, and an unknown one names the nearest", async () => {
  for (const topic of ["exit-codes", "config", "formats", "engines", "models", "generate"]) {
    const { code, stdout } = await runAim(["help", topic]);
    assert.equal(code, 0, topic);
    assert(stdout.length > 200, topic);
  }
  const { code, stderr } = await runAim(["help", "formts"]);
  assert.equal(code, 2);
  assert.match(stderr, /did you mean `aim help formats`/);
});

test("completions are printed for five shells", async () => {
  for (const shell of ["bash", "zsh", "fish", "powershell", "nushell"]) {
    const { code, stdout } = await runAim(["completions", shell]);
    assert.equal(code, 0);
    assert.match(stdout, /sqitch/);
  }
  assert.equal((await runAim(["completions", "tcsh"])).code, 2);
});

test("a pipe that closes early is not an error", async () => {
  const { spawnSync } = await import("node:child_process");
  const { program } = await import("../run_aim.ts");
  const words = [...program(), "help", "config"].map((word) => `'${word}'`).join(" ");
  const { status, stderr } = spawnSync("bash", ["-c", `set -o pipefail; ${words} | head -n 1`], {
    encoding: "utf8",
  });
  assert.deepEqual([status, stderr], [0, ""]);
});

test("init writes aim.toml, an empty schema file and the folder", async () => {
  await using folder = await temporaryFolder();
  const { code, stdout } = await runAim(["init", "--engine", "sqlite"], { cwd: folder.path });
  assert.equal(code, 0);
  assert.deepEqual(stdout.trim().split("\n").sort(), ["aim.toml", "migrations", "schema.sql"]);
  assert.deepEqual((await readdir(folder.path)).sort(), ["aim.toml", "migrations", "schema.sql"]);
  assert.equal(await readFile(join(folder.path, "schema.sql"), "utf8"), "");
  const toml = await readFile(join(folder.path, "aim.toml"), "utf8");
  assert.match(toml, /^engine = "sqlite"$/m);
  assert.match(toml, /^# max_retries = 3$/m);
  const { code: again, stdout: answer } = await runAim(["diff"], { cwd: folder.path });
  assert.deepEqual([again, answer], [0, ""]);
});

test("init never overwrites, and needs an engine where nobody can be asked", async () => {
  await using folder = await temporaryFolder({ "aim.toml": "mine", "a/schema.sql": "-- mine\n" });
  const { code, stderr } = await runAim(["init", "--engine", "sqlite"], { cwd: folder.path });
  assert.equal(code, 2);
  assert.match(stderr, /aim\.toml is already here/);
  const inside = join(folder.path, "a");
  const without = await runAim(["init"], { cwd: inside });
  assert.equal(without.code, 2);
  assert.match(without.stderr, /Missing --engine/);
  await runAim(["init", "--engine", "sqlite"], { cwd: inside });
  assert.equal(await readFile(join(inside, "schema.sql"), "utf8"), "-- mine\n");
});

test("init leaves nothing behind when it fails halfway", async () => {
  await using folder = await temporaryFolder({ "taken": "a file" });
  const args = ["init", "--engine", "sqlite", "--migrations", "db/m", "--schema", "taken/s.sql"];
  const { code } = await runAim(args, { cwd: folder.path });
  assert.equal(code, 2);
  assert.deepEqual(await readdir(folder.path), ["taken"]);
});

test("init refuses names that do not exist", async () => {
  await using folder = await temporaryFolder();
  const run = (...args: string[]) => runAim(["init", ...args], { cwd: folder.path });
  assert.match((await run("--engine", "oracle")).stderr, /oracle/);
  assert.match((await run("--engine", "sqlite", "--format", "goos")).stderr, /goose/);
  assert.equal((await run("--engine", "postgres16")).code, 2);
  assert.deepEqual(await readdir(folder.path), []);
});

test("init finds the migrations that are there", async () => {
  await using folder = await temporaryFolder({
    "db/migrations/20240101000000_users.sql":
      `-- +goose Up\n${USERS}\n-- +goose Down\nDROP TABLE users;\n`,
    "db/schema.sql": USERS,
  });
  const { code, object } = await runJson(["init", "--engine", "sqlite"], { cwd: folder.path });
  assert.equal(code, 0);
  assert.deepEqual(object.settings, {
    engine: "sqlite",
    format: "goose",
    schema: "db/schema.sql",
    migrations: "db/migrations",
    model: null,
  });
  assert.equal((await runAim(["diff", "--exit-code"], { cwd: folder.path })).code, 0);
});

test("diff, generate and validate go round on SQLite", async () => {
  await using folder = await temporaryFolder({ ...EMPTY, "schema.sql": USERS });
  const cwd = folder.path;
  const before = await runAim(["diff"], { cwd });
  assert.equal(before.code, 0);
  assert.match(before.stdout, /^\+ table +users +2 columns/);
  assert.match(before.stdout, /^\+.*CREATE TABLE/m);
  assert.equal((await runAim(["diff", "--exit-code"], { cwd })).code, 1);

  const dry = await runAim(["generate", "--dry-run"], { cwd });
  assert.equal(dry.code, 0);
  assert.match(dry.stdout, /^CREATE TABLE/m);
  assert.match(dry.stdout, /^-- DROP TABLE/m);
  assert.deepEqual(await readdir(join(cwd, "migrations")), [".keep"]);

  const made = await runAim(["generate"], { cwd });
  assert.equal(made.code, 0);
  assert.deepEqual(made.stdout.trim().split("\n"), [
    "migrations/000001_create_users.up.sql",
    "migrations/000001_create_users.down.sql",
  ]);
  assert.match(made.stderr, /next: /);

  assert.equal((await runAim(["generate"], { cwd })).stdout, "");
  const validated = await runAim(["validate"], { cwd });
  assert.equal(validated.code, 0);
  assert.match(validated.stdout, /✓ 000001_create_users +ok +exact +ok/);
});

test("the SQL of a dry run does what the migration does", async () => {
  await using folder = await temporaryFolder({
    ...EMPTY,
    "schema.sql": `${USERS}CREATE TRIGGER t AFTER INSERT ON users BEGIN SELECT 1; SELECT 2; END;\n`,
  });
  const dry = await runAim(["generate", "--dry-run", "-q"], { cwd: folder.path });
  assert.equal(dry.stderr, "");
  const { DatabaseSync } = await import("node:sqlite");
  using database = new DatabaseSync(":memory:");
  database.exec(dry.stdout);
  const rows = database.prepare("SELECT name FROM sqlite_schema ORDER BY name").all();
  assert.deepEqual(rows.map(({ name }) => name), ["t", "users"]);
});

test("SQL that does not load is shown where it stands", async () => {
  await using folder = await temporaryFolder({
    ...EMPTY,
    "schema.sql": "-- a\nCREATE TABEL users (id int);\n",
  });
  const { code, stderr } = await runAim(["diff"], { cwd: folder.path });
  assert.equal(code, 2);
  assert.match(stderr, /^error: Cannot load schema\.sql: /m);
  assert.match(stderr, /^ {2}--> schema\.sql:2:\d+\n {3}2 \| CREATE TABEL users/m);
});

test("validate finds a DOWN that does not restore", async () => {
  await using folder = await temporaryFolder({
    ...EMPTY,
    "schema.sql": `${USERS}CREATE TABLE posts (id INTEGER PRIMARY KEY);\n`,
    "migrations/000001_users.up.sql": USERS,
    "migrations/000001_users.down.sql": "DROP TABLE users;\n",
    "migrations/000002_posts.up.sql": "CREATE TABLE posts (id INTEGER PRIMARY KEY);\n",
    "migrations/000002_posts.down.sql": "SELECT 1;\n",
  });
  const { code, stdout } = await runAim(["validate"], { cwd: folder.path });
  assert.equal(code, 1);
  assert.match(stdout, /✗ 000002_posts +ok +differs/);
  const { object } = await runJson(["validate"], { cwd: folder.path });
  assert.equal(object.outcome, "invalid");
  assert.equal(object.schema, "in-sync");
});

test("an open choice exits with 1, writes nothing, and its flag answers it", async () => {
  await using folder = await temporaryFolder({
    ...EMPTY,
    "schema.sql": "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);\n",
    "migrations/000001_users.up.sql":
      "CREATE TABLE users (id INTEGER PRIMARY KEY, fullname TEXT);\n",
    "migrations/000001_users.down.sql": "DROP TABLE users;\n",
  });
  const cwd = folder.path;
  const open = await runAim(["generate"], { cwd });
  assert.deepEqual([open.code, open.stdout], [1, ""]);
  assert.match(open.stderr, /choice: Was column users\.fullname renamed to name\?/);
  assert.match(open.stderr, /--rename users\.fullname=name/);
  const { code, object } = await runJson(["generate"], { cwd });
  assert.deepEqual([code, object.outcome], [1, "undecided"]);
  assert.equal((await readdir(join(cwd, "migrations"))).length, 3);
  const rename = await runAim(["generate", "--dry-run", "--rename", "users.fullname=name"], {
    cwd,
  });
  assert.equal(rename.code, 0);
  assert.match(rename.stdout, /RENAME COLUMN/);
  const mistyped = await runAim(["generate", "--answer", "rename:column:users.fulname=drop"], {
    cwd,
  });
  assert.equal(mistyped.code, 2);
  assert.match(mistyped.stderr, /did you mean "rename:column:users\.fullname"/);
  const wrong = await runAim(["generate", "--answer", "rename:column:users.fullname=x"], { cwd });
  assert.match(wrong.stderr, /the options are users\.name, drop/);
  const drop = await runAim(["generate", "--dry-run", "--on-ambiguity", "drop-add"], { cwd });
  assert.equal(drop.code, 0);
  assert.doesNotMatch(drop.stdout, /RENAME COLUMN/);
});

test("a choice about names with odd signs is settled by the flags that it shows", async () => {
  const table = (column: string) => `CREATE TABLE t (id integer PRIMARY KEY, "${column}" text);\n`;
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\n',
    "schema.sql": table("full: name=50%"),
    "migrations/1_t.up.sql": table("full: name=%3D"),
    "migrations/1_t.down.sql": "DROP TABLE t;\n",
  });
  const cwd = folder.path;
  const { object } = await runJson(["generate", "--dry-run"], { cwd });
  const flags = (object.choices as { options: { flag: string }[] }[])[0]?.options ?? [];
  assert.equal(flags.length, 2);
  for (const { flag } of flags) {
    const [, name = "", value = ""] = /^(--\w+) '(.*)'$/.exec(flag) ?? [];
    const { code, stderr } = await runAim(["generate", "--dry-run", name, value], { cwd });
    assert.equal(code, 0, stderr);
  }
});

test("an engine that cannot run here exits with 3 and lists the refusals", async () => {
  await using folder = await temporaryFolder({ ...EMPTY, "aim.toml": "" });
  const programs = await findPrograms();
  for (const [engine, version] of [["mysql", "9"], ["mariadb", "11.4"]] as const) {
    if (programs.some(({ family }) => family === engine)) continue;
    const { code, stderr } = await runAim(["diff", "--engine", `${engine}-${version}`], {
      cwd: folder.path,
    });
    assert.equal(code, 3, engine);
    assert.match(stderr, new RegExp(`^error: Cannot run ${engine} ${version} on this machine`));
  }
});

test("doctor shows runtimes, settings and their sources", async () => {
  await using folder = await temporaryFolder(EMPTY);
  const { code, object } = await runJson(["doctor"], {
    cwd: folder.path,
    variables: { AIM_MAX_RETRIES: "7" },
  });
  assert.equal(code, 0);
  assert.equal(object.fit, true);
  const settings = object.settings as readonly Record<string, unknown>[];
  assert.deepEqual(settings.find(({ key }) => key === "max_retries"), {
    key: "max_retries",
    value: 7,
    source: "environment",
  });
  const text = await runAim(["doctor"], { cwd: folder.path });
  assert.doesNotMatch(text.stdout + text.stderr, /\[object /);
  assert.match(text.stdout, /✓ sql\.js +3\./);
  assert.equal((await runAim(["doctor"], { cwd: "/" })).code, 0, "without a project");
});
