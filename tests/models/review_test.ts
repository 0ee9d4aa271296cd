import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test, { after } from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { messages, sse, wireServer } from "./wire_server.ts";

const wire = await wireServer();
after(() => wire[Symbol.asyncDispose]());

const FILES = {
  "aim.toml": 'engine = "postgres"\nmodel = "anthropic/claude-haiku-5-5"\nmax_retries = 1\n' +
    'context = "Programs are deployed a day after the migration"\n',
  "schema.sql": "CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL);\n",
  "migrations/000001_users.up.sql": "CREATE TABLE users (id int PRIMARY KEY, email text);\n",
  "migrations/000001_users.down.sql": "DROP TABLE users;\n",
  "migrations/000002_required.up.sql":
    "UPDATE users SET email = '' WHERE email IS NULL;\nALTER TABLE users ALTER COLUMN email SET NOT NULL;\n",
  "migrations/000002_required.down.sql": "ALTER TABLE users ALTER COLUMN email DROP NOT NULL;\n",
};

function remarks(...list: readonly object[]): string {
  return JSON.stringify({ remarks: list });
}

const GOOD = remarks(
  {
    reason: "Programs of today still insert users without an email \u001b[31m.",
    statement: 2,
    severity: "warning",
    instead: "Give it a default first.",
  },
  { reason: "There is no statement nine.", statement: 9, severity: "warning", instead: "" },
  { reason: "", statement: 1, severity: "warning", instead: "" },
);

async function review(
  name: string,
  answers: readonly string[],
  args: readonly string[] = [],
  files: Readonly<Record<string, string>> = {},
) {
  await using folder = await temporaryFolder({ ...FILES, ...files });
  const url = wire.at(name, ...answers.map((text) => sse(messages.answer(text))));
  const run = await runAim(["review", ...args], {
    cwd: folder.path,
    variables: { AIM_BASE_URL: url, ANTHROPIC_API_KEY: "k" },
  });
  const sarif = await readFile(join(folder.path, "aim.sarif"), "utf8").catch(() => "");
  return { ...run, sarif, hits: wire.hits(name) };
}

test("advice stands beside what was measured, with its statement and place, and changes no exit code", async () => {
  const plain = await review("plain", [GOOD], ["--report", "sarif=aim.sarif"]);
  const silent = await review("silent", [remarks()]);
  assert.equal(plain.code, silent.code, plain.stderr);
  assert.match(plain.stdout, /blocks public\.users/);
  assert.match(
    plain.stdout,
    /advice of a model, not measured[\s\S]*still insert users without an email/,
  );
  assert.match(plain.stdout, /000002_required\.up\.sql:2, statement 2\n {4}instead: Give it/);
  assert.ok(!plain.stdout.includes("statement nine") && !plain.stdout.includes("\u001b"));
  assert.match(silent.stdout, /advice {2}none/);
  assert.match(plain.sarif, /a model says: Programs of today/);
  const [hit] = plain.hits;
  for (
    const part of [
      /measured: blocks reads and writes of public\.users/,
      /deployed a day after/,
      /DROP NOT NULL/,
    ]
  ) {
    assert.match(hit?.text ?? "", part);
  }
});

test("the model is told how large tables are, who uses what changes and what the policy asks for", async () => {
  const { hits, code, stderr } = await review("around", [remarks()], [], {
    "migrations/000002_required.up.sql": "ALTER TABLE users RENAME COLUMN email TO mail;\n",
    "migrations/000002_required.down.sql": "ALTER TABLE users RENAME COLUMN mail TO email;\n",
    "aim.stats.toml": '[tables."public.users"]\nrows = 7000000\nbytes = 900000000\n',
    "aim.policy.toml":
      '[groups]\ndba = ["ada@example.com"]\n[[approvals]]\nwhen = ["rename-column"]\nby = "dba"\n',
    "app/users.py": 'db.execute("SELECT email FROM users")\n',
  });
  assert.ok(code === 0 || code === 1, stderr);
  const text = hits[0]?.text ?? "";
  for (
    const part of [
      /public\.users: 7,000,000 rows, 900,000,000 bytes/,
      /certain: app\/users\.py:1: /,
      /1 of dba must approve: rename-column/,
    ]
  ) {
    assert.match(text, part);
  }
});

test("review --json has the findings of lint, the advice, and the version of the prompt", async () => {
  const { stdout, stderr, code, hits } = await review("json", ["no JSON at all", GOOD], ["--json"]);
  assert.ok(code === 0 || code === 1, stderr);
  const outcome = JSON.parse(stdout);
  assert.ok(outcome.migrations[0].statements[1].measured.locks.length > 0);
  assert.deepEqual(outcome.model.prompts, ["review-2"]);
  assert.equal(outcome.advice.length, 1);
  assert.deepEqual(
    [outcome.advice[0].migration, outcome.advice[0].statement, outcome.advice[0].place.line],
    ["000002_required", 2, 2],
  );
  assert.match(hits[1]?.text ?? "", /holds no JSON object/);
});

test("an answer that cannot be read twice ends with exit 4; without a model lint is named", async () => {
  const bad = await review("bad", ["no", "neither"]);
  assert.equal(bad.code, 4, bad.stderr);
  assert.match(bad.stderr, /Cannot use the answer of anthropic/);
  await using folder = await temporaryFolder({ ...FILES, "aim.toml": 'engine = "postgres"\n' });
  const none = await runAim(["review"], { cwd: folder.path });
  assert.equal(none.code, 2);
  assert.match(none.stderr, /aim lint measures without one/);
});
