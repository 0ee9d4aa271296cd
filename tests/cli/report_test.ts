import assert from "node:assert/strict";
import test from "node:test";
import { paint, wantsColour } from "../../src/cli/paint.ts";
import { redactor } from "../../src/cli/redact.ts";
import { renderChanges, renderUnifiedDiff } from "../../src/cli/report/changes.ts";
import { renderPlan } from "../../src/cli/report/live_run.ts";
import { renderOpenChoices, renderSettledChoices } from "../../src/cli/report/choices.ts";
import { renderBug, renderError } from "../../src/cli/report/error.ts";
import { renderDryRun, renderMigration, renderProof } from "../../src/cli/report/migration.ts";
import { plainLine } from "../../src/cli/report/plain.ts";
import { highlightSql } from "../../src/cli/report/sql.ts";
import { duration, stageLine } from "../../src/cli/report/stage_line.ts";
import { liveLine, liveReport } from "../../src/cli/report/terminal.ts";
import { renderVerdicts, renderVerdictSum } from "../../src/cli/report/verdicts.ts";
import { SetupError, UsageError } from "../../src/core/error.ts";
import type { ValidateOutcome } from "../../src/core/outcome.ts";
import type { Change } from "../../src/core/change.ts";
import type { Choice } from "../../src/core/choice.ts";
import type { Draft } from "../../src/core/plan.ts";
import type { Facts, SchemaObject } from "../../src/core/snapshot.ts";
import type { PlannedStatement } from "../../src/core/statement.ts";

const plain = paint(false);
const colour = paint(true);

function object(kind: string, name: string, facts: Facts, parent: string | null = null) {
  const id = `${kind}:${name}`;
  return { id, kind, name, parent, facts, dependsOn: [], droppedWith: [] } satisfies SchemaObject;
}

function created(after: SchemaObject): Change {
  return { op: "create", kind: after.kind, id: after.id, after };
}

function dropped(before: SchemaObject): Change {
  return { op: "drop", kind: before.kind, id: before.id, before };
}

function altered(before: SchemaObject, after: SchemaObject, facts: readonly string[]): Change {
  return { op: "alter", kind: after.kind, id: after.id, before, after, facts };
}

test("an error is a block of message, place, frame and hint", () => {
  const error = new UsageError('Cannot load schema.sql: relation "userz" does not exist', {
    place: { file: "schema.sql", line: 12, column: 27 },
    source: "user_id bigint references userz(id)",
    hint: 'did you mean "users"?',
  });
  assert.equal(
    renderError(error, plain),
    `error: Cannot load schema.sql: relation "userz" does not exist
  --> schema.sql:12:27
   12 | user_id bigint references userz(id)
      |                           ^^^^^
hint: did you mean "users"?
`,
  );
});

test("a frame keeps tabs, marks one character where no word begins, and cuts long lines", () => {
  const at = (source: string, column: number) =>
    renderError(
      new UsageError("No", { place: { file: "a.sql", line: 1, column }, source }),
      plain,
    ).split("\n").slice(2);
  assert.deepEqual(at("\tx int,,", 8), ["   1 | \tx int,,", "     | \t      ^", ""]);
  const [line = "", marks = ""] = at(`${"a ".repeat(200)}HERE${" b".repeat(200)}`, 401);
  assert(line.length < 140);
  assert.equal(line.slice(marks.indexOf("^"), marks.lastIndexOf("^") + 1), "HERE");
});

test("an error without a source line shows its place alone, and refusals keep their lines", () => {
  const error = new SetupError("Cannot run postgres-16\n  embedded: it is 18\n  docker: no docker");
  assert.equal(
    renderError(error, plain),
    "error: Cannot run postgres-16\n  embedded: it is 18\n  docker: no docker\n",
  );
});

test("a bug asks for a report, and shows its stack only with -v", () => {
  const bug = new TypeError("x is not a function");
  const short = renderBug(bug, { paint: plain, verbose: false, version: "1.2.3" });
  assert.match(short, /^error: Bug in aim 1\.2\.3: TypeError: x is not a function\n/);
  assert(!short.includes("report_test.ts"));
  const long = renderBug(bug, { paint: plain, verbose: true, version: "1.2.3" });
  assert(long.includes("report_test.ts"));
});

test("changes are a list with a sign, a kind, a name and what is told of it", () => {
  const email = object("column", "public.users.email", { type: "text", not_null: true });
  const before = object("column", "public.users.age", { type: "integer" });
  const after = object("column", "public.users.age", { type: "bigint", not_null: true });
  const index = object("index", "public.users_age", { method: "btree", columns: ["age"] });
  assert.equal(
    renderChanges(
      [created(email), altered(before, after, ["type", "not_null"]), dropped(index)],
      plain,
    ),
    `+ column  public.users.email  text, not null
~ column  public.users.age    type integer -> bigint; now not null
- index   public.users_age    method btree, columns age
`,
  );
});

test("the members of a new object are counted on its line", () => {
  const table = object("table", "public.users", {});
  const members = ["id", "name"].map((name) =>
    created(object("column", `public.users.${name}`, { type: "text" }, table.id))
  );
  const index = created(object("index", "public.users_name", {}, table.id));
  assert.equal(
    renderChanges([created(table), ...members, index], plain),
    "+ table  public.users  2 columns, 1 index\n",
  );
});

test("a definition of several lines is told on one", () => {
  const view = object("view", "public.v", { definition: "SELECT 1,\n    2" });
  assert.equal(renderChanges([created(view)], plain), "+ view  public.v  SELECT 1, 2\n");
});

test("what is to be run fits the width: statements are cut, what they block goes on below", () => {
  const relation = "public.orders_of_the_last_year";
  const sql = "ALTER TABLE orders_of_the_last_year ADD COLUMN discount numeric(5, 2)";
  const measured = {
    locks: [{ relation, mode: "AccessExclusiveLock", blocks: "reads and writes" }],
    held: [],
    rewrites: [relation],
    builds: [],
    scans: [],
    cascades: [],
    lockTimeout: null,
  } as const;
  const statements = [{
    sql,
    place: { file: "1.sql", line: 1, column: 1 },
    measured,
    refusal: null,
  }];
  const plan = [{
    version: "1",
    name: "a",
    file: "1.sql",
    direction: "up",
    isOne: true,
    statements,
  }] as const;
  assert.equal(
    renderPlan({ plan, database: "shop" }, plain, 60),
    `runs 1 migration on shop:
  1.sql  one transaction
    ALTER TABLE orders_of_the_last_year ADD COLUMN discount…
      blocks reads and writes of
        public.orders_of_the_last_year, writes all of
        public.orders_of_the_last_year anew
`,
  );
});

test("a long value is named as changed and not printed", () => {
  const view = (body: string) => object("view", "public.v", { definition: body });
  const change = altered(view("SELECT 1,\n 2"), view("SELECT 1,\n 3"), ["definition"]);
  assert.equal(renderChanges([change], plain), "~ view  public.v  definition changed\n");
});

test("a unified diff is coloured by the first character of its lines", () => {
  const text = "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n z\n";
  assert.equal(renderUnifiedDiff(text, plain), text);
  const shown = renderUnifiedDiff(text, colour);
  assert(shown.includes("\x1b[31m-x\x1b[39m\n\x1b[32m+y\x1b[39m\n z\n"));
});

test("SQL is coloured without being changed", () => {
  const sql = `CREATE TABLE "Select" (a text DEFAULT 'it''s -- no', b int); -- TABLE
/* SELECT */ SELECT $q$ CREATE $q$, 1.5 FROM t;`;
  assert.equal(highlightSql(sql, plain), sql);
  const shown = highlightSql(sql, colour);
  // deno-lint-ignore no-control-regex
  assert.equal(shown.replaceAll(/\x1b\[\d+m/g, ""), sql);
  assert(shown.includes("\x1b[34mCREATE\x1b[39m"));
  assert(shown.includes(`\x1b[32m'it''s -- no'\x1b[39m`));
  assert(shown.includes("\x1b[2m-- TABLE\x1b[22m"));
  assert(shown.includes("\x1b[32m$q$ CREATE $q$\x1b[39m"));
  assert(shown.includes(' "Select" '));
});

const statement = (sql: string, more: Partial<PlannedStatement> = {}): PlannedStatement => ({
  sql,
  serves: [],
  reason: { action: "create", object: { kind: "column", name: "users.email" } },
  transactional: true,
  ...more,
});

const draft: Draft = {
  author: "planner",
  name: "add_email",
  up: [statement("ALTER TABLE users ADD COLUMN email text")],
  down: [statement("ALTER TABLE users\n  DROP COLUMN email", { destroys: "the data of email" })],
  reversible: "exact",
  notes: [],
};

test("a dry run is UP as SQL and DOWN as comments, line by line", () => {
  assert.equal(
    renderDryRun(draft, plain, {
      explain: false,
      wrapping: { up: false, down: false },
      runnable: (list) => list,
    }),
    `-- add_email, up
ALTER TABLE users ADD COLUMN email text;

-- add_email, down: restores exactly
-- -- WARNING: destroys the data of email
-- ALTER TABLE users
--   DROP COLUMN email;
`,
  );
});

test("an explained migration says why before each statement", () => {
  const text = renderMigration(draft, plain, true);
  assert(
    text.includes("-- Column users.email is created\nALTER TABLE users ADD COLUMN email text;\n"),
  );
  assert(text.includes("-- WARNING: destroys the data of email\n"));
});

test("a proof has a line a direction, and says what is wrong where one failed", () => {
  const right = { state: "exact" } as const;
  const proof = { runtime: "pglite", version: "18.1", up: right, down: right, again: right };
  assert.equal(
    renderProof(proof, plain),
    `  ✓ up     gives schema.sql
  ✓ down   restores the schema before
  ✓ again  up works a second time
  proven on pglite 18.1
`,
  );
  const wrong = renderProof({
    ...proof,
    up: { state: "error", statement: 2, sql: "DROP TABLE x", message: "m.sql:3: no table x" },
    down: { state: "not-run" },
    again: { state: "differs", changes: [created(object("table", "t", {}))] },
  }, plain);
  assert(wrong.includes("✗ up     statement 2 failed: m.sql:3: no table x\n      DROP TABLE x;\n"));
  assert(wrong.includes("- down   not run\n"));
  assert(wrong.includes("      + table  t\n"));
  assert(wrong.includes("  tried on pglite 18.1\n"));
});

test("a settled choice shows the question and the answer; what else could be, where it was assumed", () => {
  const choice: Choice = {
    id: "unique:t",
    kind: "data",
    question: "What becomes of equal rows?",
    evidence: {},
    options: [
      { id: "fail", label: "The server refuses" },
      { id: "delete", label: "They go" },
    ],
    fallback: "fail",
    answer: { option: "fail", by: "fallback" },
  };
  const told: Choice = { ...choice, answer: { option: "delete", expression: "x > 1", by: "flag" } };
  assert.equal(
    renderSettledChoices([choice, told, { ...choice, answer: null }], plain, false),
    `
  decided  What becomes of equal rows?
           The server refuses (assumed)
           or They go
               --answer unique:t=delete
  decided  What becomes of equal rows?
           They go: x > 1 (by flag)
`,
  );
  assert.equal(renderSettledChoices([], plain, true), "");
  // On a narrow terminal sentences are wrapped and flags are not.
  assert.equal(
    renderSettledChoices(
      [{ ...choice, question: "What becomes of rows that are equal?" }],
      plain,
      false,
      40,
    ),
    `
  decided  What becomes of rows that are
           equal?
           The server refuses (assumed)
           or They go
               --answer unique:t=delete
`,
  );
  const reasoned = {
    ...told,
    answer: { option: "fail", by: "model", reason: "as it was" },
  } as const;
  assert.match(
    renderSettledChoices([reasoned], plain, true),
    /\(by the model\)\n +because: as it was\n/,
  );
  assert.doesNotMatch(renderSettledChoices([reasoned], plain, false), /because/);
});

test("an open choice shows the question, the evidence and the flag of each answer", () => {
  const text = renderOpenChoices([{
    id: "rename:column:users.fullname",
    kind: "rename",
    question: "Was column users.fullname renamed to name?",
    evidence: {
      dropped: { name: "users.fullname", type: "text", position: 1, usedBy: 2 },
      candidates: [{ name: "users.name", type: "text", position: 1, usedBy: 0, similarity: 0.8 }],
    },
    options: [
      {
        id: "name",
        label: "Rename it",
        rename: { kind: null, from: "users.fullname", to: "name" },
      },
      { id: "drop", label: "Drop it" },
    ],
    fallback: null,
    answer: null,
  }], plain);
  assert.equal(
    text,
    `choice: Was column users.fullname renamed to name?
  dropped: users.fullname text, used by 2
  candidates: users.name text
  Rename it
      --rename users.fullname=name
  Drop it
      --answer rename:column:users.fullname=drop
`,
  );
});

const verdicts: ValidateOutcome = {
  earlier: 0,
  findings: [],
  outcome: "invalid",
  migrations: [
    { version: "000001", name: "init", up: "ok", down: "exact", again: "ok", detail: "" },
    {
      version: "000002",
      name: "more",
      up: "ok",
      down: "differs",
      again: "not-run",
      detail: "down leaves:\n+ table users",
    },
  ],
  schema: "differs",
  changes: [created(object("table", "posts", {}))],
  text: "",
  runtime: "sqljs",
  version: "3.54.1",
  statements: 4,
  notes: [],
};

test("the verdicts are a table, then the details, then the sum", () => {
  assert.equal(
    renderVerdicts(verdicts, plain),
    `  migration    up    down          again
✓ 000001_init  ok    exact         ok
✗ 000002_more  ok    differs       not-run

✗ 000002_more
  down leaves:
  + table users

✗ the end state differs from the schema
  + table  posts

`,
  );
  assert.equal(
    renderVerdictSum(verdicts, plain),
    "invalid  1 of 2 migrations wrong, the end state differs from the schema, 4 statements on sqljs 3.54.1\n",
  );
});

test("stages are lines, notes are shown, statements only with -v", () => {
  const done = {
    type: "stage",
    stage: "verify",
    state: "done",
    text: "up and down",
    ms: 412,
  } as const;
  assert.equal(stageLine(done, plain), "  verify   up and down  412 ms\n");
  assert.equal(
    plainLine({ type: "note", text: "made role x" }, plain, false),
    "note: made role x\n",
  );
  const ran = { type: "statement", sql: "SELECT 1", ms: 1 } as const;
  assert.equal(plainLine(ran, plain, false), "");
  assert.equal(plainLine(ran, plain, true), "    1 ms  SELECT 1\n");
});

test("durations read well", () => {
  const cases = [[0.4, "0 ms"], [41, "41 ms"], [1240, "1.24 s"], [12_300, "12.3 s"]] as const;
  for (const [ms, text] of cases) assert.equal(duration(ms), text);
  assert.equal(duration(125_000), "2 min 5 s");
});

test("the moving line fits the width, with the ^C of a terminal behind it", () => {
  const live = { stage: "history", text: "x".repeat(300), done: 3, total: 9, ms: 160 };
  const line = liveLine(live, plain, 60);
  for (const stage of ["plan", "history"]) {
    const { length } = liveLine({ ...live, stage }, plain, 60);
    assert(length + "^C".length < 60, String(length));
  }
  assert(line.includes("3/9 xxx"));
  assert(line.endsWith("…  160 ms"));
});

test("a fast stage is never drawn as moving, and a paused report draws nothing", async () => {
  let text = "";
  const write = (piece: string) => void (text += piece);
  const report = liveReport({
    terminal: true,
    paint: plain,
    room: () => Infinity,
    width: () => 80,
    columns: () => 80,
    write,
    writeExact: write,
    draw: write,
    erase: () => write("<erased>"),
  });
  report.emit({ type: "stage", stage: "schema", state: "start", text: "loading" });
  report.emit({ type: "stage", stage: "schema", state: "done", text: "2 tables", ms: 5 });
  assert.equal(text, "  schema   2 tables  5 ms\n");
  text = "";
  report.emit({ type: "stage", stage: "plan", state: "start", text: "planning" });
  report.pause();
  await new Promise((resolve) => setTimeout(resolve, 260));
  assert.equal(text, "");
  report.resume();
  await new Promise((resolve) => setTimeout(resolve, 120));
  report.end();
  assert(text.includes("planning"));
  assert(text.endsWith("<erased>"), "the line is taken away at the end");
});

test("colour follows --color, then NO_COLOR, then the force variables, then the stream", () => {
  const wish = (flag: "auto" | "always" | "never", variables = {}, terminal = false) =>
    wantsColour({ flag, variables, terminal });
  assert.equal(wish("always", { NO_COLOR: "1" }), true);
  assert.equal(wish("never", { FORCE_COLOR: "1" }, true), false);
  assert.equal(wish("auto", { NO_COLOR: "1", FORCE_COLOR: "1" }, true), false);
  assert.equal(wish("auto", { NO_COLOR: "" }, true), true);
  assert.equal(wish("auto", { FORCE_COLOR: "1" }), true);
  assert.equal(wish("auto", { FORCE_COLOR: "0" }, true), false);
  assert.equal(wish("auto", { CLICOLOR_FORCE: "1" }), true);
  assert.equal(wish("auto", { CLICOLOR: "0" }, true), false);
  assert.equal(wish("auto", { TERM: "dumb" }, true), false);
  assert.equal(wish("auto", {}, true), true);
  assert.equal(wish("auto"), false);
});

test("keys and passwords are taken out of what is printed", () => {
  const variables = { OPENAI_API_KEY: "canary-from-the-environment", HOME: "/home/someone" };
  const redact = redactor(variables).whole;
  assert.equal(redact("key canary-from-the-environment."), "key ***.");
  assert.equal(redact("postgres://me:s3cret@db/x"), "postgres://me:***@db/x");
  assert.equal(redact("sk-ant-api03-abcdefghijklmnopqrstuvwxyz"), "***");
  assert.equal(redact("authorization: Bearer abcdefghijklmnopqrstuv"), "authorization: Bearer ***");
  const sql = "CREATE TABLE task_keys (id text, token text); -- https://example.org/a@b";
  assert.equal(redact(sql), sql);
  assert.equal(redact("/home/someone"), "/home/someone");
});
