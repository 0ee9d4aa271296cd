/** `aim impact`, on real engines. */

import assert from "node:assert/strict";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { testProjects } from "../project_case.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";

const FIRST = `-- +goose Up
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE users (id bigint PRIMARY KEY, full_name text NOT NULL, nick text, age text);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users);
CREATE FUNCTION greet(u bigint) RETURNS text LANGUAGE plpgsql
AS $$ BEGIN RETURN (SELECT full_name FROM users WHERE id = u); END $$;
-- +goose Down
DROP FUNCTION greet; DROP TABLE orders; DROP TABLE users; DROP TYPE mood;
`;
const SECOND = `-- +goose Up
ALTER TABLE users RENAME COLUMN full_name TO name;
ALTER TABLE users DROP COLUMN nick;
ALTER TABLE users ALTER age TYPE integer USING age::integer;
ALTER TABLE orders ADD COLUMN currency text NOT NULL;
ALTER TYPE mood ADD VALUE 'great';
-- +goose Down
SELECT 1;
`;
const CODE = `
q("SELECT id, full_name FROM users WHERE id = $1");
q(\`SELECT u.id, u.nick FROM users u
  WHERE u.id IN (\${ids})\`);
q("SELECT id FROM users WHERE id = ?");
q("INSERT INTO orders (id, user_id) VALUES (:id, :user)");
q("SELECT age FROM users WHERE age = 'x' || :a");
function f(mood: string) { switch (mood) { case "sad": return 1; case "ok": return 2; } }
log(user.fullName);
`;
const POSTGRES = {
  settings: ['engine = "postgres"', 'format = "goose"'],
  files: {
    "migrations/00001_first.sql": FIRST,
    "migrations/00002_second.sql": SECOND,
    "src/db.ts": CODE,
  },
};

testProjects([
  {
    title: "queries are prepared before and after; the rest is found by its names",
    ...POSTGRES,
    args: ["impact", "--json"],
    code: 1,
    stdout: /"outcome":\s*"refused"[\s\S]*"broken":\s*3/,
  },
  {
    title: "what is certain, and why",
    ...POSTGRES,
    args: ["impact"],
    code: 1,
    stdout:
      /full_name is renamed to name: 3 uses\n {2}certain {2}src\/db\.ts:2:\d+ {2}.*column "full_name" does not exist[\s\S]*function public\.greet\(bigint\) {2}its text names full_name[\s\S]*likely {3}src\/db\.ts:9/,
    notStdout: /db\.ts:5:/,
  },
  {
    title: "what has only the name is counted by file, and listed when that is wanted",
    ...POSTGRES,
    files: { ...POSTGRES.files, "src/a.ts": "// the full name\nglobalFullName = 1;\n" },
    args: ["impact"],
    code: 1,
    stdout: /full_name is renamed to name: 3 uses[\s\S]*by name {2}2 more places: src\/a\.ts 2\n/,
    stderr: [/, 2 by name/],
    notStdout: /src\/a\.ts:/,
  },
  {
    title: "places that have only the name, one by one, and as data",
    ...POSTGRES,
    files: { ...POSTGRES.files, "src/a.ts": "// the full name\nglobalFullName = 1;\n" },
    args: ["impact", "--by-name"],
    code: 1,
    stdout: /by name {2}src\/a\.ts:1:\d+ {2}it names full name\n[\s\S]*by name {2}src\/a\.ts:2/,
  },
  {
    title: "only a name is no use: the migration is not refused",
    settings: ['engine = "sqlite"', 'format = "goose"', 'fail_on = "impact"'],
    files: {
      "migrations/00001_a.sql":
        "-- +goose Up\nCREATE TABLE notes (id INTEGER PRIMARY KEY, old_title TEXT);\nCREATE TABLE other (old_title TEXT);\n-- +goose Down\nDROP TABLE notes; DROP TABLE other;\n",
      "migrations/00002_b.sql":
        "-- +goose Up\nALTER TABLE notes DROP COLUMN old_title;\n-- +goose Down\nSELECT 1;\n",
      "a.ts": "// notes have an old title\n",
    },
    args: ["impact", "--json"],
    code: 0,
    stdout: /"outcome":\s*"unused"[\s\S]*"certainty":\s*"named"/,
  },
  {
    title: "a required column, a type and a value",
    ...POSTGRES,
    args: ["impact"],
    code: 1,
    stdout:
      /currency must have a value: 1 use\n {2}likely {3}src\/db\.ts:6[\s\S]*users\.age becomes integer: 1 use\n {2}certain {2}src\/db\.ts:7[\s\S]*mood gets the values great: 1 use\n.*src\/db\.ts:8/,
  },
  {
    title: "a value of an enumeration that is gone",
    settings: ['engine = "postgres"', 'format = "goose"'],
    files: {
      "schema.sql":
        "CREATE TYPE mood AS ENUM ('sad', 'ok');\nCREATE TABLE users (id bigint PRIMARY KEY, feels mood);\n",
      "migrations/00001_a.sql":
        "-- +goose Up\nCREATE TYPE mood AS ENUM ('sad', 'ok', 'great');\nCREATE TABLE users (id bigint PRIMARY KEY, feels mood);\n-- +goose Down\nDROP TABLE users; DROP TYPE mood;\n",
      "a.ts":
        `q("SELECT id FROM users WHERE feels = 'great'");\nconst moods = ["sad", "ok",\n  "great"];\n`,
      "b.ts": 'say("great");\n',
    },
    args: ["impact", "--diff"],
    code: 1,
    stdout:
      /mood loses the values great: 2 uses\n {2}certain {2}a\.ts:1:\d+ {2}.*invalid input value for enum[\s\S]*likely {3}a\.ts:3/,
    notStdout: /b\.ts/,
  },
  {
    title: "a value of an enumeration that is renamed",
    settings: ['engine = "postgres"', 'format = "goose"'],
    files: {
      "schema.sql": "",
      "migrations/00001_a.sql":
        "-- +goose Up\nCREATE TYPE mood AS ENUM ('sad', 'ok', 'great');\nCREATE TABLE users (id bigint PRIMARY KEY, feels mood);\n-- +goose Down\nDROP TABLE users; DROP TYPE mood;\n",
      "migrations/00002_b.sql":
        "-- +goose Up\nALTER TYPE mood RENAME VALUE 'great' TO 'super';\nALTER TYPE mood ADD VALUE 'bad';\n-- +goose Down\n",
      "a.ts":
        `q("SELECT id FROM users WHERE feels = 'great'");\nconst moods = ["sad", "ok",\n  "great"];\n`,
    },
    args: ["impact"],
    code: 1,
    stdout:
      /mood has great renamed to super: 2 uses\n {2}certain {2}a\.ts:1:\d+ {2}[\s\S]*likely {3}a\.ts:3[\s\S]*mood gets the values bad: 1 use/,
    notStdout: /loses|gets the values super/,
  },
  {
    title: "a migration that only adds breaks nothing",
    ...POSTGRES,
    args: ["impact", "migrations/00001_first.sql"],
    code: 0,
    stdout: "",
    stderr: [/nothing changes that code could use/],
  },
  {
    title: "SQLite: a query, and a view that no longer works",
    settings: ['engine = "sqlite"', 'format = "goose"'],
    files: {
      "migrations/00001_a.sql":
        "-- +goose Up\nCREATE TABLE notes (id INTEGER PRIMARY KEY, old_title TEXT, body TEXT);\nCREATE TABLE tags (id INTEGER PRIMARY KEY);\nCREATE VIEW titles AS SELECT id FROM tags;\n-- +goose Down\nDROP VIEW titles; DROP TABLE tags; DROP TABLE notes;\n",
      "migrations/00002_b.sql":
        "-- +goose Up\nALTER TABLE notes DROP COLUMN old_title;\nDROP TABLE tags;\n-- +goose Down\nSELECT 1;\n",
      "app.py":
        'run("SELECT old_title FROM notes WHERE id = %s")\nrun("SELECT body FROM notes WHERE id = :id")\n',
    },
    args: ["impact"],
    code: 1,
    stdout:
      /notes\.old_title is dropped: 1 use\n {2}certain {2}app\.py:1:\d+ .*no such column: old_title[\s\S]*table tags is dropped: 1 use\n {2}certain {2}view titles/,
    notStdout: /app\.py:2/,
  },
  {
    title: "--diff looks at the way to the schema",
    settings: ['engine = "sqlite"', 'format = "goose"'],
    files: {
      "schema.sql": "CREATE TABLE notes (id INTEGER PRIMARY KEY);\n",
      "migrations/00001_a.sql":
        "-- +goose Up\nCREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);\n-- +goose Down\nDROP TABLE notes;\n",
      "a.go": 'db.Query("SELECT body FROM notes")\n',
    },
    args: ["impact", "--diff"],
    code: 1,
    stdout: /notes\.body is dropped: 1 use\n {2}certain {2}a\.go:1/,
  },
  ...[
    {
      how: "by a flag",
      args: ["--rename", "users.full_name=name", "--rename", "table:tags=labels"],
    },
    {
      how: "by annotations",
      schema: ["name text NOT NULL -- @renamed from=full_name", "-- @renamed from=tags\n"],
    },
    {
      how: "by answers",
      settings: [
        "[answers]",
        '"rename:column:users.full_name" = "public.users.name"',
        '"rename:table:tags" = "public.labels"',
        '"fill:users.other" = "assume-empty"',
      ],
    },
  ].map(({ how, args = [], settings = [], schema: [name, tags] = ["name text NOT NULL", ""] }) => ({
    title: `--diff: what is renamed ${how} is no drop and no required column`,
    settings: ['engine = "postgres"', 'format = "goose"', ...settings],
    files: {
      "schema.sql":
        `CREATE TABLE users (\n  id bigint PRIMARY KEY,\n  ${name}\n);\n${tags}CREATE TABLE labels (id bigint PRIMARY KEY, word text);\n`,
      "migrations/00001_a.sql":
        "-- +goose Up\nCREATE TABLE users (id bigint PRIMARY KEY, full_name text NOT NULL);\nCREATE TABLE tags (id bigint PRIMARY KEY, word text);\n-- +goose Down\nDROP TABLE tags; DROP TABLE users;\n",
      "a.go":
        'db.Query("SELECT full_name FROM users")\ndb.Query("SELECT word FROM tags")\ndb.Exec("INSERT INTO users (id) VALUES ($1)")\n',
    },
    args: ["impact", "--diff", ...args],
    code: 1,
    stdout:
      /tags is renamed to labels: 1 use\n {2}certain {2}a\.go:2[\s\S]*full_name is renamed to name: 1 use\n {2}certain {2}a\.go:1/,
    notStdout: /dropped|must have/,
  })),
  {
    title: "--diff: a rename that is none is an error",
    settings: ['engine = "sqlite"', 'format = "goose"'],
    files: {
      "schema.sql": "CREATE TABLE notes (id INTEGER PRIMARY KEY);\n",
      "migrations/00001_a.sql":
        "-- +goose Up\nCREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);\n-- +goose Down\nDROP TABLE notes;\n",
    },
    args: ["impact", "--diff", "--rename", "notes.body=text"],
    code: 2,
    stderr: [/Cannot rename notes\.body=text: the schema has no new/],
  },
  {
    title: 'fail_on = "impact" refuses a drop that is likely used; without it that is shown',
    settings: ['engine = "sqlite"', 'format = "goose"', 'fail_on = "impact"'],
    files: {
      "migrations/00001_a.sql":
        "-- +goose Up\nCREATE TABLE notes (id INTEGER PRIMARY KEY, old_title TEXT);\n-- +goose Down\nDROP TABLE notes;\n",
      "migrations/00002_b.sql":
        "-- +goose Up\nALTER TABLE notes DROP COLUMN old_title;\n-- +goose Down\nSELECT 1;\n",
      "app.rb": "note.old_title\n",
    },
    args: ["impact"],
    code: 1,
    stderr: [/refused: 0 certain, 1 likely/],
  },
  {
    title: "services: whose code it is, and who says that it uses a table",
    ...POSTGRES,
    files: {
      ...POSTGRES.files,
      "aim.services.toml":
        '[[service]]\nname = "web"\nowner = "@web"\npaths = ["src/"]\n[[service]]\nname = "reports"\ntables = ["user*"]\n',
    },
    args: ["impact"],
    code: 1,
    stdout:
      /public\.users\.nick {4,}reports .*declared\n {2}public\.users\.nick {4,}web {4,}@web {2}1 certain/,
  },
  {
    title: "a wrong aim.services.toml has its place",
    ...POSTGRES,
    files: { ...POSTGRES.files, "aim.services.toml": '[[service]]\nname = "a"\npath = ["src"]\n' },
    args: ["impact"],
    code: 2,
    stderr: [/Unknown key "path" of service 1 in aim\.services\.toml/, /aim\.services\.toml:3/],
  },
  {
    title: "a log of queries by its name",
    ...POSTGRES,
    files: {
      ...POSTGRES.files,
      "stat.csv": 'calls,query\n1,"SELECT nick FROM users WHERE id = $1"\n',
    },
    args: ["impact", "stat.csv"],
    code: 1,
    stdout: /certain {2}stat\.csv:2:\d+ .*"nick" does not exist/,
  },
  {
    title: "the map of all tables",
    ...POSTGRES,
    args: ["impact", "--map"],
    code: 0,
    stdout: /public\.orders +1 use +in 1 file\n +public\.users +\d uses +in 1 file/,
  },
  {
    title: "two changes at once are refused",
    ...POSTGRES,
    args: ["impact", "--diff", "--map"],
    code: 2,
    stderr: [/Cannot look at several changes at once/],
  },
]);

test("who depends on what, drawn: as Mermaid, as SVG and in the report", async () => {
  await using folder = await temporaryFolder({
    ...POSTGRES.files,
    "aim.toml": `${POSTGRES.settings.join("\n")}\n`,
    "aim.services.toml":
      '[[service]]\nname = "web"\nowner = "@web"\npaths = ["src/"]\n[[service]]\nname = "users"\ntables = ["user*"]\n',
  });
  const cwd = folder.path;
  const args = ["--picture", "map.mmd", "--report", "html=impact.html"];
  const { stderr } = await runAim(["impact", ...args], { cwd });
  const mermaid = await readFile(join(cwd, "map.mmd"), "utf8");
  assert.match(
    mermaid,
    /"web" \{\n(?: {4}.*\n)* {4}\S*1_certain\S* users_nick "changed"/,
    stderr,
  );
  assert.match(mermaid, /"public\.users" (?:\|\||\|o)--o\{ "web" : ".*nick.*"/);
  assert.match(mermaid, /"public\.users" \{\n(?: {4}.*\n)* {4}is_dropped nick "gone"/);
  assert.match(await readFile(join(cwd, "impact.html"), "utf8"), /<svg[\s\S]*public\.users/);
  await runAim(["impact", "--map", "--picture", "map.svg"], { cwd });
  const svg = await readFile(join(cwd, "map.svg"), "utf8");
  assert.ok(svg.startsWith("<svg") && svg.includes(">web<") && !svg.includes("is dropped"));
  const wrong = await runAim(["impact", "--picture", "map.png"], { cwd });
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /Cannot tell a format from "map\.png"/);
});

test("queries are prepared and never run: what they would do is not done, nor what hides behind them", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "postgres"\nformat = "goose"\n',
    "migrations/00001_a.sql":
      "-- +goose Up\nCREATE TABLE users (id bigint PRIMARY KEY, nick text);\n-- +goose Down\nDROP TABLE users;\n",
    "migrations/00002_b.sql":
      "-- +goose Up\nALTER TABLE users DROP COLUMN nick;\n-- +goose Down\nSELECT 1;\n",
    "a.js": [
      'q("SELECT 1 FROM users; DROP TABLE users")',
      'q("WITH a AS (SELECT pg_sleep(100000)) SELECT * FROM a, users")',
      'q("DELETE FROM users")',
      'q("SELECT nick FROM users")',
    ].join("\n"),
  });
  const { stdout, code } = await runAim(["impact"], { cwd: folder.path });
  assert.equal(code, 1);
  assert.match(stdout, /certain {2}a\.js:4/);
  assert.doesNotMatch(stdout, /certain {2}a\.js:[123]/);
});

test("links lead nowhere; what git leaves out, binaries and huge files are not read", async () => {
  await using outside = await temporaryFolder({ "secret.ts": "user.old_title" });
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\nformat = "goose"\n',
    "migrations/00001_a.sql":
      "-- +goose Up\nCREATE TABLE users (id INTEGER PRIMARY KEY, old_title TEXT);\n-- +goose Down\nDROP TABLE users;\n",
    "migrations/00002_b.sql":
      "-- +goose Up\nALTER TABLE users DROP COLUMN old_title;\n-- +goose Down\nSELECT 1;\n",
    ".gitignore": "out.ts\n/gen\n",
    "out.ts": "user.old_title",
    "gen/a.ts": "user.old_title",
    "sub/.gitignore": "*.ts\n!kept.ts\n",
    "sub/a.ts": "user.old_title",
    "sub/kept.ts": "user.old_title",
    "binary.ts": "user.old_title\0",
    "huge.ts": `user.old_title\n${"// long line of text\n".repeat(60_000)}`,
    "node_modules/a/index.js": "user.old_title",
  });
  await symlink(outside.path, join(folder.path, "link"));
  await symlink(join(outside.path, "secret.ts"), join(folder.path, "link.ts"));
  await symlink("..", join(folder.path, "sub/loop"));
  const { stdout, stderr } = await runAim(["impact"], { cwd: folder.path });
  assert.match(stdout, /old_title is dropped: 1 use\n {2}likely {3}sub\/kept\.ts:1/);
  assert.match(stderr, /1 files? of more than 1 MB were not read/);
});

test("control characters of code are not printed raw", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\nformat = "goose"\n',
    "migrations/00001_a.sql":
      "-- +goose Up\nCREATE TABLE users (id INTEGER PRIMARY KEY, old_title TEXT);\n-- +goose Down\nDROP TABLE users;\n",
    "migrations/00002_b.sql":
      "-- +goose Up\nALTER TABLE users DROP COLUMN old_title;\n-- +goose Down\nSELECT 1;\n",
    "a.ts": "user.old_title /* \u001b]0;x\u0007 */",
  });
  const { stdout } = await runAim(["impact"], { cwd: folder.path });
  assert.ok(stdout.includes("a.ts:1"));
  assert.ok(!stdout.includes("\u001b"));
});

test("several repositories, and ten thousand files in seconds", async () => {
  await using folder = await temporaryFolder({
    "db/aim.toml": 'engine = "sqlite"\nformat = "goose"\n',
    "db/migrations/00001_a.sql":
      "-- +goose Up\nCREATE TABLE users (id INTEGER PRIMARY KEY, old_title TEXT);\n-- +goose Down\nDROP TABLE users;\n",
    "db/migrations/00002_b.sql":
      "-- +goose Up\nALTER TABLE users DROP COLUMN old_title;\n-- +goose Down\nSELECT 1;\n",
    "web/a.ts": "user.old_title",
  });
  const text = "export function work(x: number): string {\n  return `a ${x}`;\n}\n".repeat(80);
  for (let group = 0; group < 100; group++) {
    await mkdir(join(folder.path, `big/g${group}`), { recursive: true });
    await Promise.all(
      Array.from(
        { length: 100 },
        (_, at) => writeFile(join(folder.path, `big/g${group}/f${at}.ts`), text),
      ),
    );
  }
  await writeFile(join(folder.path, "big/g7/use.ts"), "user.old_title");
  const { stdout, stderr } = await runAim(["impact", "--repo", "../web", "--repo", "../big"], {
    cwd: join(folder.path, "db"),
  });
  assert.match(stdout, /likely {3}big\/g7\/use\.ts:1[\s\S]*likely {3}web\/a\.ts:1/);
  assert.match(stderr, /10002 files/);
});
