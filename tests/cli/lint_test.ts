/** `aim lint`, as a user and a pipeline call it. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";

const FIRST =
  "-- +goose Up\nCREATE TABLE users (id bigint PRIMARY KEY, email text);\n-- +goose Down\nDROP TABLE users;\n";
const SECOND =
  "-- +goose Up\nALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();\nCREATE TABLE fresh (id int);\nCREATE INDEX ON fresh (id);\n";
const PROJECT = {
  "aim.toml": 'engine = "postgres"\nformat = "goose"\n',
  "migrations/00001_users.sql": FIRST,
  "migrations/00002_token.sql": SECOND,
};

test("the last migration is linted; what it makes itself is not dangerous", async () => {
  await using folder = await temporaryFolder(PROJECT);
  const { code, stdout } = await runAim(["lint"], { cwd: folder.path });
  assert.equal(code, 1);
  assert.match(stdout, /^00002_token\n/);
  assert.match(stdout, /ALTER TABLE users ADD .*blocks public\.users, rewrites public\.users/);
  assert.match(stdout, /error\[table-rewrite\]: public\.users is rewritten/);
  assert.match(stdout, /--> migrations\/00002_token\.sql:2:1/);
  assert.doesNotMatch(stdout, /fresh.*index-not-concurrent|index-not-concurrent.*fresh/);
});

test("a comment allows a code for a statement, and an unused one is told", async () => {
  await using folder = await temporaryFolder({
    ...PROJECT,
    "aim.toml": `${PROJECT["aim.toml"]}[lint]\npg-missing-lock-timeout = "off"\n`,
    "migrations/00002_token.sql": SECOND.replace(
      "ALTER",
      "-- aim:allow table-rewrite the table is small\n-- aim:allow pg-volatile-default as above\n-- aim:allow drop-table nothing\nALTER",
    ),
  });
  const { code, stdout } = await runAim(["lint"], { cwd: folder.path });
  assert.equal(code, 0);
  assert.doesNotMatch(stdout, /table-rewrite\]/);
  assert.match(stdout, /warning\[unused-allow\]: aim:allow drop-table allows nothing/);
});

test("severities and fail_on come from aim.toml; a code that there is none of has its place", async () => {
  const lint = (lines: string) => `${PROJECT["aim.toml"]}${lines}`;
  await using folder = await temporaryFolder({
    ...PROJECT,
    "aim.toml": lint('fail_on = "never"\n[lint]\ntable-rewrite = "info"\n'),
  });
  const { code, stdout } = await runAim(["lint"], { cwd: folder.path });
  assert.equal(code, 0);
  assert.match(stdout, /info\[table-rewrite\]/);
  await writeFile(join(folder.path, "aim.toml"), lint('[lint]\ntabel-rewrite = "off"\n'));
  const wrong = await runAim(["lint"], { cwd: folder.path });
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /did you mean table-rewrite\?/);
  assert.match(wrong.stderr, /aim\.toml:3/);
});

test("--new and --git-base choose by git, and start no server for nothing", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": PROJECT["aim.toml"],
    "migrations/00001_users.sql": FIRST,
  });
  const git = (...args: string[]) => {
    const settings = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"];
    execFileSync("git", [...settings, ...args], { cwd: folder.path, stdio: "pipe" });
  };
  git("init", "-q", "-b", "main");
  git("add", ".");
  git("commit", "-q", "-m", "first");
  const none = await runAim(["lint", "--new"], { cwd: folder.path });
  assert.equal(none.code, 0);
  assert.doesNotMatch(none.stderr, /start/);
  await writeFile(join(folder.path, "migrations/00002_token.sql"), SECOND);
  const some = await runAim(["lint", "--new"], { cwd: folder.path });
  assert.match(some.stdout, /^00002_token\n/);
  assert.doesNotMatch(some.stdout, /00001_users/);
  git("checkout", "-q", "-b", "topic");
  git("add", ".");
  git("commit", "-q", "-m", "second");
  const branch = await runAim(["lint", "--git-base", "main"], { cwd: folder.path });
  assert.match(branch.stdout, /^00002_token\n/);
  const wrong = await runAim(["lint", "--git-base", "--upload-pack=x"], { cwd: folder.path });
  assert.equal(wrong.code, 2);
  const gone = await runAim(["lint", "--git-base", "nowhere"], { cwd: folder.path });
  assert.equal(gone.code, 2);
  assert.match(gone.stderr, /there is no revision "nowhere"/);
});

test("a file is linted by its path; another one is an error", async () => {
  await using folder = await temporaryFolder(PROJECT);
  const { stdout } = await runAim(["lint", "migrations/00001_users.sql"], { cwd: folder.path });
  assert.match(stdout, /^00001_users\n/);
  const wrong = await runAim(["lint", "aim.toml"], { cwd: folder.path });
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /Cannot find the migration "aim\.toml": .* has none of that name/);
});

test("explain lists the codes, explains one, and knows the nearest", async () => {
  const all = await runAim(["explain"]);
  assert.match(all.stdout, /^drop-column +A column is dropped/m);
  const one = await runAim(["explain", "table-rewrite"]);
  assert.match(one.stdout, /Why\n[\s\S]*Instead\n[\s\S]*Found\n/);
  const near = await runAim(["explain", "tabel-rewrite"]);
  assert.equal(near.code, 2);
  assert.match(near.stderr, /did you mean table-rewrite\?/);
});

test("rules of the project are queries, and their new rows are findings", async () => {
  const rule = (sql: string) =>
    `${
      PROJECT["aim.toml"]
    }[lint]\npg-missing-lock-timeout = "off"\n[[rule]]\ncode = "own-naming"\nseverity = "error"\nmessage = "{table}.{column} is no snake_case"\nsql = """${sql}"""\n`;
  const query =
    "SELECT table_name AS table, column_name AS column FROM information_schema.columns WHERE column_name ~ '[A-Z]' AND table_schema = 'public'";
  await using folder = await temporaryFolder({
    ...PROJECT,
    "aim.toml": rule(query),
    "migrations/00002_token.sql": '-- +goose Up\nALTER TABLE users ADD COLUMN "fullName" text;\n',
  });
  const { code, stdout } = await runAim(["lint"], { cwd: folder.path });
  assert.equal(code, 1);
  assert.match(stdout, /error\[own-naming\]: users\.fullName is no snake_case/);
  assert.match(stdout, /--> migrations\/00002_token\.sql:2:1/);
  const first = await runAim(["lint", "--all"], { cwd: folder.path });
  assert.equal(first.stdout.match(/own-naming/g)?.length, 1);
  for (const sql of ["DROP TABLE users", "SELECT 1; SELECT 2", "SELECT nothing"]) {
    await writeFile(join(folder.path, "aim.toml"), rule(sql));
    const wrong = await runAim(["lint"], { cwd: folder.path });
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /Cannot run the rule own-naming/);
  }
});

test("values that a change of type rounds or cuts are found, and limits that it refuses", async () => {
  await using folder = await temporaryFolder({
    ...PROJECT,
    "migrations/00001_users.sql":
      "-- +goose Up\nCREATE TABLE users (id int PRIMARY KEY, price numeric(10,2), n bigint);\n",
    "migrations/00002_token.sql":
      "-- +goose Up\nALTER TABLE users ALTER COLUMN price TYPE numeric(10,1);\nALTER TABLE users ALTER COLUMN n TYPE int;\n",
  });
  const { stdout } = await runAim(["lint"], { cwd: folder.path });
  assert.match(
    stdout,
    /error\[lossy-type-change\]: public\.users\.price loses values: 0\.12 becomes 0\.1/,
  );
  assert.match(stdout, /warning\[type-cast-may-fail\]: .*integer out of range/);
});

test("rows that one migration is examined over are not there for the next", async () => {
  await using folder = await temporaryFolder({
    ...PROJECT,
    "migrations/00002_token.sql": "-- +goose Up\nALTER TABLE users ADD COLUMN nick text;\n",
    // Rows refuse it; it is run on empty tables then, as the history left them.
    "migrations/00003_age.sql": "-- +goose Up\nALTER TABLE users ADD COLUMN age int NOT NULL;\n",
    "migrations/00004_last.sql": "-- +goose Up\nCREATE TABLE last (id int PRIMARY KEY);\n",
  });
  const { stdout } = await runAim(["lint", "--all", "--json"], { cwd: folder.path });
  const { migrations } = JSON.parse(stdout);
  assert.deepEqual(
    migrations.map(({ name, statements }: {
      readonly name: string;
      readonly statements: readonly { readonly failure: string | null }[];
    }) => [name, statements.some(({ failure }) => failure !== null)]),
    [["users", false], ["token", false], ["age", true], ["last", false]],
  );
});

test("generate lints what it has proven; --lint decides the exit, --no-lint leaves it out", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "postgres"\nformat = "goose"\n',
    "migrations/00001_users.sql": FIRST,
    "schema.sql": "CREATE TABLE users (id bigint PRIMARY KEY);\n",
  });
  const cwd = folder.path;
  const told = await runAim(["generate", "--dry-run"], { cwd });
  assert.equal(told.code, 0);
  assert.match(told.stderr, /warning\[drop-column\]/);
  assert.match(told.stderr, /aim lint fails by \d+ findings? of this/);
  assert.doesNotMatch(told.stderr, /error\[/);
  const silent = await runAim(["generate", "--dry-run", "--no-lint"], { cwd });
  assert.equal(silent.code, 0);
  assert.doesNotMatch(silent.stderr, /drop-column\]/);
  const deciding = await runAim(["generate", "--lint", "-q"], { cwd });
  assert.equal(deciding.code, 1);
  assert.match(deciding.stderr, /error\[drop-column\]/);
  assert.match(deciding.stdout, /migrations\/00002_\w+\.sql/);
});
