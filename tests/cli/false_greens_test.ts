/** What must not pass: the runner would refuse it, or nothing was looked at. */

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";

const TABLE = "CREATE TABLE shelf (id INTEGER PRIMARY KEY);\n";

test("a migrations folder that is not there is an error, an empty one is not", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\nmigrations = "db/migrations"\n',
    "schema.sql": TABLE,
  });
  const cwd = folder.path;
  for (const command of ["diff", "generate", "validate"]) {
    const { code, stdout, stderr } = await runAim([command], { cwd });
    assert.deepEqual([code, stdout], [2, ""], command);
    assert.match(stderr, /^error: Cannot find the migrations folder "db\/migrations"$/m);
    assert.match(stderr, /^hint: .*mkdir -p db\/migrations/m);
  }
  const doctor = await runAim(["doctor"], { cwd });
  assert.equal(doctor.code, 1);
  assert.match(doctor.stdout, /Cannot find the migrations folder/);
  await mkdir(join(cwd, "db", "migrations"), { recursive: true });
  assert.equal((await runAim(["diff"], { cwd })).code, 0);
});

test("a folder whose files are all of another format is an error that names it", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\nformat = "flyway"\n',
    "schema.sql": TABLE,
    "migrations/000001_shelf.up.sql": TABLE,
    "migrations/000001_shelf.down.sql": "DROP TABLE shelf;\n",
  });
  const { code, stderr } = await runAim(["diff"], { cwd: folder.path });
  assert.equal(code, 2);
  assert.match(stderr, /^error: No migration of the format "flyway" is in "migrations"$/m);
  assert.match(stderr, /^hint: .*golang-migrate: set format = "migrate"$/m);
});

test("a folder without migrations may hold other files", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\n',
    "schema.sql": "",
    "migrations/README.md": "later",
    "migrations/seed.sql": "SELECT 1;\n",
  });
  assert.equal((await runAim(["diff", "--exit-code"], { cwd: folder.path })).code, 0);
});

test("doctor finds a model whose provider nobody knows", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\nmodel = "antropic/claude"\n',
    "schema.sql": TABLE,
    "migrations/.keep": "",
  });
  const { code, stdout } = await runAim(["doctor"], { cwd: folder.path });
  assert.equal(code, 1);
  assert.match(stdout, /antropic/);
});

interface Strict {
  readonly title: string;
  readonly format: string;
  readonly files: Readonly<Record<string, string>>;
  readonly code: number;
}

const STRICT: readonly Strict[] = [
  { title: "a missing .down.sql", format: "migrate", files: { "1_a.up.sql": TABLE }, code: 1 },
  {
    title: "nothing under the mark",
    format: "dbmate",
    files: { "20240101000000_a.sql": `-- migrate:up\n${TABLE}-- migrate:down\n` },
    code: 1,
  },
  {
    title: "a way back for each",
    format: "migrate",
    files: { "1_a.up.sql": TABLE, "1_a.down.sql": "DROP TABLE shelf;\n" },
    code: 0,
  },
  {
    title: "a runner that has no way back",
    format: "refinery",
    files: { "V1__a.sql": TABLE },
    code: 0,
  },
  {
    title: "what the runner repeats",
    format: "flyway",
    files: {
      "V1__a.sql": TABLE,
      "U1__a.sql": "DROP TABLE shelf;\n",
      "R__seed.sql": "SELECT 1;\n",
    },
    code: 0,
  },
];

for (const { title, format, files, code } of STRICT) {
  test(`validate --strict: ${title}`, async () => {
    await using folder = await temporaryFolder({
      "aim.toml": `engine = "sqlite"\nformat = "${format}"\n`,
      "schema.sql": TABLE,
      ...Object.fromEntries(
        Object.entries(files).map(([name, text]) => [`migrations/${name}`, text]),
      ),
    });
    const cwd = folder.path;
    assert.equal((await runAim(["validate"], { cwd })).code, 0);
    const strict = await runAim(["validate", "--strict"], { cwd });
    assert.equal(strict.code, code, strict.stdout);
    if (code === 1) assert.match(strict.stdout, /It has no DOWN\n.*1 of 1 migration wrong/s);
  });
}

/** A Postgres history of one migration, and what the runner that sends it would say. */
interface Sent {
  readonly title: string;
  readonly format: string;
  readonly file: string;
  readonly text: string;
  readonly more?: Readonly<Record<string, string>>;
  /** What is said; null when the runner takes it. */
  readonly refusal: RegExp | null;
}

const ROWS = `CREATE TABLE shelf (id int PRIMARY KEY, name text);
COPY shelf (id, name) FROM stdin;
1\tit's here
2\t\\N
\\.
`;
const BOOKS = "CREATE TABLE shelf (id int PRIMARY KEY, name text);\n";
const INDEX = "CREATE INDEX CONCURRENTLY shelf_name ON shelf (name);\n";
const TERMINATION = "DO $$ BEGIN INSERT INTO shelf VALUES (1, 'a'); COMMIT; END $$;\n";

const SENT: readonly Sent[] = [
  {
    title: "rows of a COPY",
    format: "migrate",
    file: "1_a.up.sql",
    text: ROWS,
    refusal: /1_a\.up\.sql:3:1: syntax error at or near "1"/,
  },
  {
    title: "rows of a COPY in goose",
    format: "goose",
    file: "1_a.sql",
    text: `-- +goose Up\n${ROWS}SELECT 1;\n`,
    refusal: /1_a\.sql:4:1: syntax error at or near "1"/,
  },
  {
    title: "rows of a COPY in Flyway",
    format: "flyway",
    file: "V1__a.sql",
    text: ROWS,
    refusal: null,
  },
  {
    title: "a command that changes nothing",
    format: "migrate",
    file: "1_a.up.sql",
    text: `\\restrict abc\n${BOOKS}`,
    refusal: /1_a\.up\.sql:1:1: syntax error at or near "\\"/,
  },
  {
    title: "a command that psql alone can do",
    format: "sqlx",
    file: "1_a.sql",
    text: `${BOOKS}\\i more.sql\n`,
    refusal: /1_a\.sql:2:1: syntax error at or near "\\"/,
  },
  {
    title: "a command in Flyway",
    format: "flyway",
    file: "V1__a.sql",
    text: `\\connect books\n${BOOKS}`,
    refusal: /V1__a\.sql:1:1: syntax error at or near "\\"/,
  },
  {
    title: "a backslash in a string and in a body",
    format: "migrate",
    file: "1_a.up.sql",
    text: `${BOOKS}INSERT INTO shelf VALUES (1, 'a\\b');\nDO $$ BEGIN PERFORM '\\x'; END $$;\n`,
    refusal: null,
  },
  {
    title: "both, which psql runs for sqitch",
    format: "sqitch",
    file: "deploy/a.sql",
    text: `\\restrict abc\n${ROWS}`,
    more: {
      "sqitch.conf": "[core]\n\tengine = pg\n",
      "sqitch.plan":
        "%syntax-version=1.0.0\n%project=p\n\na 2024-01-01T00:00:00Z A <a@example.org>\n",
    },
    refusal: null,
  },
  {
    title: "an index built concurrently beside another statement, in one message",
    format: "migrate",
    file: "1_a.up.sql",
    text: BOOKS + INDEX,
    refusal: /CREATE INDEX CONCURRENTLY cannot run inside a transaction block/,
  },
  {
    title: "the same without a transaction of dbmate's",
    format: "dbmate",
    file: "1_a.sql",
    text: `-- migrate:up transaction:false\n${BOOKS}${INDEX}-- migrate:down\n`,
    refusal: /CREATE INDEX CONCURRENTLY cannot run inside a transaction block/,
  },
  {
    title: "the same behind a COMMIT of the file",
    format: "migrate",
    file: "1_a.up.sql",
    text: `BEGIN;\n${BOOKS}COMMIT;\n${INDEX}`,
    refusal: /CREATE INDEX CONCURRENTLY cannot run inside a transaction block/,
  },
  {
    title: "a COMMIT in a DO that stands with others, in one message",
    format: "migrate",
    file: "1_a.up.sql",
    text: BOOKS + TERMINATION,
    refusal: /invalid transaction termination/,
  },
  {
    title: "a COMMIT in a DO that is alone in its file",
    format: "migrate",
    file: "2_b.up.sql",
    text: TERMINATION,
    more: { "1_a.up.sql": BOOKS },
    refusal: null,
  },
  {
    title: "a COMMIT in a DO, in goose's transaction",
    format: "goose",
    file: "2_b.sql",
    text: `-- +goose Up\n-- +goose StatementBegin\n${TERMINATION}-- +goose StatementEnd\n`,
    more: { "1_a.sql": `-- +goose Up\n${BOOKS}` },
    refusal: /invalid transaction termination/,
  },
];

for (const { title, format, file, text, more = {}, refusal } of SENT) {
  test(`what the runner sends as it stands: ${title}`, async () => {
    await using folder = await temporaryFolder({
      "aim.toml": `engine = "postgres"\nformat = "${format}"\n`,
      "schema.sql": text.includes("INDEX") ? BOOKS + INDEX : BOOKS,
      ...Object.fromEntries(
        Object.entries({ ...more, [file]: text }).map(([name, sql]) => [`migrations/${name}`, sql]),
      ),
    });
    const { code, stdout, stderr } = await runAim(["validate"], { cwd: folder.path });
    assert.equal(code, refusal === null ? 0 : 1, stdout + stderr);
    if (refusal !== null) assert.match(stdout, refusal);
  });
}

const EMPTY_PATH = "SELECT pg_catalog.set_config('search_path', '', false);\n";
const QUALIFIED = "CREATE TABLE public.shelf (id int PRIMARY KEY);\n";

/** A first migration that leaves a search path, and one that the plan needs after it. */
interface Path {
  readonly title: string;
  readonly format: string;
  readonly files: Readonly<Record<string, string>>;
  /** Whether the runner keeps the session that has it. */
  readonly isKept: boolean;
}

const PATHS: readonly Path[] = [
  {
    title: "golang-migrate",
    format: "migrate",
    files: { "000001_a.up.sql": EMPTY_PATH + QUALIFIED },
    isKept: true,
  },
  {
    title: "dbmate, by SET",
    format: "dbmate",
    files: {
      "20240101000000_a.sql":
        `-- migrate:up\nCREATE SCHEMA elsewhere;\nSET search_path = elsewhere;\n${QUALIFIED}-- migrate:down\n`,
    },
    isKept: true,
  },
  {
    title: "golang-migrate, for its transaction only",
    format: "migrate",
    files: { "000001_a.up.sql": `SET LOCAL search_path = '';\n${QUALIFIED}` },
    isKept: false,
  },
  {
    title: "golang-migrate, and a later file takes it back",
    format: "migrate",
    files: {
      "000001_a.up.sql": EMPTY_PATH + QUALIFIED,
      "000002_b.up.sql": "RESET search_path;\n",
    },
    isKept: false,
  },
  {
    title: "Flyway, which restores it",
    format: "flyway",
    files: { "V1__a.sql": EMPTY_PATH + QUALIFIED },
    isKept: false,
  },
  {
    title: "sqitch, a psql a file",
    format: "sqitch",
    files: {
      "sqitch.conf": "[core]\n\tengine = pg\n",
      "sqitch.plan":
        "%syntax-version=1.0.0\n%project=p\n\na 2024-01-01T00:00:00Z A <a@example.org>\n",
      "deploy/a.sql": EMPTY_PATH + QUALIFIED,
    },
    isKept: false,
  },
];

for (const { title, format, files, isKept } of PATHS) {
  test(`a search path that a file leaves: ${title}`, async () => {
    await using folder = await temporaryFolder({
      "aim.toml": `engine = "postgres"\nformat = "${format}"\n`,
      "schema.sql": `${
        title.includes("SET") ? "CREATE SCHEMA elsewhere;\n" : ""
      }CREATE TABLE shelf (id int PRIMARY KEY, label text);\n`,
      ...Object.fromEntries(
        Object.entries(files).map(([name, sql]) => [`migrations/${name}`, sql]),
      ),
    });
    const cwd = folder.path;
    const made = await runAim(["generate", "--dry-run"], { cwd });
    assert.equal(made.code, 0, made.stderr);
    assert.equal(/^RESET search_path;$/m.test(made.stdout), isKept, made.stdout);
    assert.equal(/note: The migrations leave .*RESET search_path$/m.test(made.stderr), isKept);
  });
}

test("what Flyway repeats is tried with what is there before the history", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "postgres"\nformat = "flyway"\nbefore = ["before.sql"]\n',
    "before.sql": "CREATE SCHEMA outside;\nCREATE TABLE outside.wall (id int);\n",
    "schema.sql":
      "CREATE TABLE shelf (id int, label text);\nCREATE VIEW walls AS SELECT id FROM outside.wall;\n",
    "migrations/V1__shelf.sql": "CREATE TABLE shelf (id int);\n",
    "migrations/R__walls.sql": "CREATE OR REPLACE VIEW walls AS SELECT id FROM outside.wall;\n",
  });
  const { code, stderr } = await runAim(["generate"], { cwd: folder.path });
  assert.equal(code, 0, stderr);
});

test("validate runs the next file in the session that the runner keeps, and the way back in another", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "postgres"\n',
    "schema.sql": "CREATE TABLE shelf (id int PRIMARY KEY, label text);\n",
    "migrations/000001_a.up.sql": EMPTY_PATH + QUALIFIED,
    "migrations/000001_a.down.sql": "DROP TABLE shelf;\n",
    "migrations/000002_b.up.sql": "ALTER TABLE shelf ADD COLUMN label text;\n",
    "migrations/000002_b.down.sql": "ALTER TABLE shelf DROP COLUMN label;\n",
  });
  const { code, stdout } = await runAim(["validate"], { cwd: folder.path });
  assert.equal(code, 1);
  assert.match(stdout, /✓ 000001_a +ok +exact +ok/);
  assert.match(stdout, /✗ 000002_b +error/);
  assert.match(stdout, /000002_b\.up\.sql:1:13: relation "shelf" does not exist/);
  assert.match(
    stdout,
    /An earlier file leaves an empty search_path, and the runner keeps the session/,
  );
});

const JOB = "CREATE TABLE job (id int PRIMARY KEY, name text);\n";
const VIEW = "VIEW job_view AS SELECT id, name FROM job;\n";

/** A Flyway history with a repeatable file, and a schema that is ahead of it. */
const REPEATABLE: readonly {
  readonly title: string;
  readonly repeatable: string;
  readonly schema: string;
  /** Null when the new migration leaves an empty database that can be built. */
  readonly refusal: RegExp | null;
}[] = [
  {
    title: "a view that would lose a column again",
    repeatable: `CREATE OR REPLACE ${VIEW}`,
    schema: `${JOB}CREATE VIEW job_view AS SELECT id, name, 1 AS rank FROM job;\n`,
    refusal: /"migrations\/R__job_view\.sql" runs after it and fails there: cannot drop columns/,
  },
  {
    title: "a view that would be put back as it was",
    repeatable: `DROP VIEW IF EXISTS job_view;\nCREATE ${VIEW}`,
    schema: `${JOB}CREATE VIEW job_view AS SELECT id FROM job;\n`,
    refusal:
      /R__job_view\.sql" is applied only after it, which fails without: view "job_view" does not/,
  },
  {
    title: "a view that would come back",
    repeatable: `CREATE OR REPLACE ${VIEW}`,
    schema: JOB,
    refusal:
      /R__job_view\.sql" is applied only after it, which fails without: view "job_view" does not/,
  },
  {
    title: "a function that would be put back as it was",
    repeatable: "CREATE OR REPLACE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';\n",
    schema: `${JOB}CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 2 - 1';\n`,
    refusal:
      /R__job_view\.sql" runs after it and leaves function public\.one\(\) with another body/,
  },
  {
    title: "a table that the view has nothing to do with",
    repeatable: `CREATE OR REPLACE ${VIEW}`,
    schema: `${JOB}CREATE ${VIEW}CREATE TABLE shelf (id int PRIMARY KEY);\n`,
    refusal: null,
  },
];

for (const { title, repeatable, schema, refusal } of REPEATABLE) {
  test(`what Flyway repeats behind a new migration: ${title}`, async () => {
    await using folder = await temporaryFolder({
      "aim.toml": 'engine = "postgres"\nformat = "flyway"\n',
      "schema.sql": schema,
      "migrations/V1__job.sql": JOB,
      "migrations/R__job_view.sql": repeatable,
    });
    const cwd = folder.path;
    const { code, stdout, stderr } = await runAim(["generate"], { cwd });
    if (refusal === null) {
      assert.equal(code, 0, stderr);
      assert.equal((await runAim(["diff", "--exit-code"], { cwd })).code, 0);
      return;
    }
    assert.deepEqual([code, stdout], [2, ""], stderr);
    assert.match(stderr, refusal);
    assert.match(stderr, /^hint: R__job_view\.sql is applied again/m);
  });
}
