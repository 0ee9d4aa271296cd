import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test, { after } from "node:test";
import { engineNamed } from "../../src/engines/mod.ts";
import { messages, sse, wireServer } from "../models/wire_server.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { type Answer, answerText, restatedText } from "./scripted_edits.ts";

const wire = await wireServer();
after(() => wire[Symbol.asyncDispose]());

const SCHEMA = `-- People.
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  name TEXT, -- as typed
  mail TEXT
);
`;
const FILES = {
  "aim.toml": 'engine = "sqlite"\nmodel = "anthropic/claude-haiku-5-5"\nmax_retries = 1\n',
  "schema.sql": SCHEMA,
  "migrations/000001_users.up.sql": SCHEMA,
  "migrations/000001_users.down.sql": "DROP TABLE users;\n",
};
const { engine } = await engineNamed("sqlite");

function variables(name: string, ...answers: readonly Answer[]): Record<string, string> {
  const texts = [restatedText(), ...answers.map((answer) => answerText(answer, SCHEMA, engine))];
  const url = wire.at(name, ...texts.map((text) => sse(messages.answer(text))));
  return { AIM_BASE_URL: url, ANTHROPIC_API_KEY: "k" };
}

const RENAMED: Answer = {
  changes: ["rename column users.mail -> email"],
  edits: [{ in: "table users", put: [["mail TEXT", "email TEXT"]] }],
};

test("a sentence for the model and one for the grammar make one migration; the model's part is told", async () => {
  await using folder = await temporaryFolder(FILES);
  const cwd = folder.path;
  const stdin = "what we call mail is an e-mail address\nindex users(name)\n";
  const args = ["create", "-y", "--json", "--file", "-"];
  const done = await runAim(args, { cwd, stdin, variables: variables("two", RENAMED) });
  assert.equal(done.code, 0, done.stdout + done.stderr);
  const outcome = JSON.parse(done.stdout);
  assert.deepEqual([outcome.outcome, outcome.written], ["proven", true]);
  assert.deepEqual([outcome.model.attempts, outcome.model.prompts], [2, ["restate-1", "edit-2"]]);
  assert.deepEqual(outcome.edit.renames, [{ kind: "column", from: "users.mail", to: "email" }]);
  const text = await readFile(join(cwd, "schema.sql"), "utf8");
  assert.match(text, /^-- People\.$[\s\S]*^ {2}name TEXT, -- as typed$\s^ {2}email TEXT$/m);
  assert.equal((await readdir(join(cwd, "migrations"))).length, 4);
  const [, hit] = wire.hits("two");
  assert.match(hit?.text ?? "", /what we call mail is an e-mail address/);
  assert.equal((await runAim(["diff", "--exit-code", "-q"], { cwd })).code, 0);
});

test("--edit-only writes a model's rename as an annotation", async () => {
  await using folder = await temporaryFolder(FILES);
  const cwd = folder.path;
  const args = ["create", "-y", "--edit-only", "mail is an e-mail address"];
  const done = await runAim(args, { cwd, variables: variables("annotated", RENAMED) });
  assert.equal(done.code, 0, done.stderr);
  const text = await readFile(join(cwd, "schema.sql"), "utf8");
  assert.match(text, /^ {2}-- @renamed from=mail\n {2}email TEXT$/m);
  assert.match((await runAim(["generate", "--dry-run"], { cwd })).stdout, /RENAME COLUMN/);
});

test("a question of the model ends with clear requests; --clarify is passed on to it", async () => {
  await using folder = await temporaryFolder(FILES);
  const cwd = folder.path;
  const question = { question: "Which one?", options: ["the name", "the mail"] };
  const asked = await runAim(["create", "-y", "make it longer"], {
    cwd,
    variables: variables("asked", question),
  });
  assert.equal(asked.code, 1);
  assert.match(asked.stderr, /unclear: Which one\?\n {2}aim create "make it longer \(the name\)"/);
  const args = ["create", "--dry-run", "--clarify", "the mail", "make it an e-mail address"];
  const said = await runAim(args, { cwd, variables: variables("said", RENAMED) });
  assert.equal(said.code, 0, said.stderr);
  assert.match(wire.hits("said")[0]?.text ?? "", /The user adds: the mail/);
});

const SPLIT: Answer = {
  changes: ["drop column users.name", "add column users.first", "add column users.last"],
  moves: "name is first and last",
  edits: [{ in: "table users", put: [["name TEXT", "first TEXT, last TEXT"]] }],
};
const MOVES = {
  plan: "at the first blank",
  question: "",
  up: [
    "UPDATE users SET first = substr(name, 1, instr(name || ' ', ' ') - 1), last = substr(name, instr(name || ' ', ' '))",
  ],
  down: ["UPDATE users SET name = first || last"],
  checks: [{
    name: "names stay",
    before: "SELECT id, name FROM users ORDER BY id",
    after: "SELECT id, first || last FROM users ORDER BY id",
    expect: "same",
  }],
};
const STRICT = SCHEMA.replace(");", ") STRICT;");
const STRICT_FILES = {
  ...FILES,
  "schema.sql": STRICT,
  "migrations/000001_users.up.sql": STRICT,
};

test("a split is asked of the model in three turns, and its check of the rows is shown", async () => {
  await using folder = await temporaryFolder(STRICT_FILES);
  const cwd = folder.path;
  const answers = [
    restatedText(),
    answerText(SPLIT, STRICT, engine),
    JSON.stringify({ ...MOVES, down: ["UPDATE users SET name = first || ' ' || last"] }),
    JSON.stringify(MOVES),
  ];
  const url = wire.at("split", ...answers.map((text) => sse(messages.answer(text))));
  const done = await runAim(["create", "-y", "split name into first and last"], {
    cwd,
    variables: { AIM_BASE_URL: url, ANTHROPIC_API_KEY: "k" },
  });
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stderr, /rows move: .*name is first and last/);
  assert.match(done.stderr, /the model's checks[\s\S]*names stay[\s\S]*SELECT id, name FROM users/);
  assert.equal(wire.hits("split").length, 4);
  assert.match(wire.hits("split")[3]?.text ?? "", /FAILED at data_/);
  const [up = ""] = (await readdir(join(cwd, "migrations"))).sort().slice(-1);
  assert.match(
    await readFile(join(cwd, "migrations", up), "utf8"),
    /UPDATE users SET first = substr/,
  );
});

const DATA = `-- how names move
-- aim:data up
${MOVES.up[0]};
-- aim:data down
${MOVES.down[0]};
-- aim:check names stay
SELECT id, name FROM users ORDER BY id;
SELECT id, first || last FROM users ORDER BY id;
-- aim:check nobody without a name expects 0
SELECT count(*) FROM users WHERE first IS NULL AND last IS NOT NULL;
`;

test("a person's aim:data blocks are planned between and proven, without a model", async () => {
  const schema = STRICT.replace("name TEXT, -- as typed", "first TEXT,\n  last TEXT,");
  await using folder = await temporaryFolder({
    ...STRICT_FILES,
    "aim.toml": 'engine = "sqlite"\n',
    "schema.sql": schema,
    "split.sql": DATA,
    "worse.sql": DATA.replace("name = first || last", "name = first"),
    "stray.sql": "SELECT 1;\n-- aim:data up\nSELECT 2;\n",
  });
  const cwd = folder.path;
  const worse = await runAim(["generate", "--data", "worse.sql"], { cwd });
  assert.equal(worse.code, 1, worse.stderr);
  assert.match(worse.stderr, /users\.name/);
  const stray = await runAim(["generate", "--data", "stray.sql"], { cwd });
  assert.equal(stray.code, 2);
  assert.match(stray.stderr, /stray\.sql:1:1[\s\S]*aim:data up|aim:data up[\s\S]*stray\.sql:1:1/);
  const done = await runAim(["generate", "--json", "--data", "split.sql"], { cwd });
  assert.equal(done.code, 0, done.stdout + done.stderr);
  const { data, migration } = JSON.parse(done.stdout);
  assert.deepEqual([data.by, data.checks.length], ["person", 2]);
  assert.equal(migration.reversible, "exact");
});

const HOSTILE: readonly (readonly [what: string, answer: Answer, told: RegExp])[] = [
  [
    "rows are changed",
    { changes: ["change table users"], edits: [{ make: "DELETE FROM users" }] },
    /no definition/,
  ],
  [
    "a file is attached",
    {
      changes: ["add table x"],
      edits: [{ make: "CREATE TABLE x AS SELECT readfile('/etc/passwd')" }],
    },
    /reads files|readfile/i,
  ],
  [
    "a second statement hides in one",
    { changes: ["add table x"], edits: [{ make: "CREATE TABLE x (a); DROP TABLE users" }] },
    /2 statements/,
  ],
  [
    "an object goes that is not named",
    {
      changes: ["add table x"],
      edits: [{ make: "CREATE TABLE x (a INTEGER)" }, { takeOut: "table users" }],
    },
    /not named in \\"changes\\".*- table users/,
  ],
  [
    "a comment is lost",
    {
      changes: ["change table users"],
      edits: [{
        in: "table users",
        put: [["name TEXT, \n  mail TEXT\n)", "age INTEGER\n) STRICT"]],
      }],
    },
    /lost a comment.*as typed/,
  ],
  [
    "a rename that is none",
    {
      changes: ["rename column users.mail -> address"],
      edits: [{ in: "table users", put: [["mail TEXT", "phone TEXT"]] }],
    },
    /is no rename/,
  ],
  [
    "what is stated does not happen",
    {
      changes: ["add column users.age", "add column users.size"],
      edits: [{ in: "table users", put: [["mail TEXT", "mail TEXT, age INTEGER"]] }],
    },
    /names add column users\.size, which does not happen/,
  ],
  [
    "an annotation slips in",
    {
      changes: ["add table x"],
      edits: [{ make: "CREATE TABLE x (\n  -- @renamed from=mail\n  a INTEGER)" }],
    },
    /holds an annotation/,
  ],
];

test("hostile and careless answers are refused with what is wrong, and nothing is written", async () => {
  await using folder = await temporaryFolder(FILES);
  const cwd = folder.path;
  for (const [what, answer, told] of HOSTILE) {
    const done = await runAim(["create", "-y", "look after our people"], {
      cwd,
      variables: variables("hostile", answer),
    });
    assert.equal(done.code, 1, `${what}: ${done.stdout}${done.stderr}`);
    const hits = wire.hits("hostile");
    assert.equal(hits.length, 3, what);
    assert.match(hits[2]?.text ?? "", told, what);
    assert.equal(await readFile(join(cwd, "schema.sql"), "utf8"), SCHEMA, what);
    assert.equal((await readdir(join(cwd, "migrations"))).length, 2, what);
  }
});

test("a schema that is models of an application is not edited", async () => {
  const toml = 'engine = "sqlite"\nschema = "orm:"\n[orm]\ntool = "django"\n';
  await using folder = await temporaryFolder({ ...FILES, "aim.toml": toml });
  const done = await runAim(["create", "-y", "add age integer to users"], { cwd: folder.path });
  assert.equal(done.code, 2);
  assert.match(done.stderr, /models of an application[\s\S]*change the models/);
});

test("without a model a sentence that the grammar does not know is refused with what can be done", async () => {
  await using folder = await temporaryFolder({ ...FILES, "aim.toml": 'engine = "sqlite"\n' });
  const done = await runAim(["create", "-y", "look after our people"], { cwd: folder.path });
  assert.equal(done.code, 2);
  assert.match(done.stderr, /Cannot read the request[\s\S]*--model/);
});
