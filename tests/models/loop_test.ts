import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { type Config, loadConfig } from "../../src/config/config.ts";
import { ProviderError, UsageError } from "../../src/core/error.ts";
import type { Event } from "../../src/core/event.ts";
import { openModel } from "../../src/models/mod.ts";
import type { Model, ModelReply, ModelRequest } from "../../src/models/model.ts";
import type { GenerateOutcome } from "../../src/core/outcome.ts";
import { generateByModel, type Generation } from "../../src/pipeline/model/draft_loop.ts";
import { policyFor } from "../../src/models/policy/mod.ts";
import type { Refutation } from "../../src/models/prompts/feedback.ts";
import { engineNamed, lexiconOf } from "../../src/engines/mod.ts";
import { generate, openProject } from "../../src/pipeline/mod.ts";
import type { Answer, Choice } from "../../src/core/choice.ts";
import type { Draft } from "../../src/core/plan.ts";
import type { SchemaObject } from "../../src/core/snapshot.ts";

const root = mkdtempSync(join(tmpdir(), "aim-loop-"));
after(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

interface Scene {
  readonly engine: string;
  readonly migrations: readonly string[];
  readonly schema: string;
  readonly toml?: string;
  readonly turns: readonly object[];
}

interface Played {
  readonly outcome: GenerateOutcome;
  readonly folder: string;
  readonly requests: readonly ModelRequest[];
  readonly events: readonly Event[];
  files(): readonly string[];
}

/** A project in a folder of its own, generated with a script for a model. */
async function play(
  scene: Scene,
  options: { readonly model?: Partial<Model> } = {},
): Promise<Played> {
  const { folder, config } = await project(scene);
  const requests: ModelRequest[] = [];
  const events: Event[] = [];
  const files = () => readdirSync(join(folder, "migrations")).sort();
  const emit = (event: Event) => void events.push(event);
  const outcome = await generate(
    openProject(config, { emit, signal: new AbortController().signal }),
    {
      dryRun: false,
      answers: new Map(),
      renames: [],
      onAmbiguity: "ask",
      openModel: async () => {
        const model = await openModel(config, { variables: { HOME: folder }, emit });
        return {
          ...model,
          complete: (request, signal) => {
            requests.push(request);
            return model.complete(request, signal);
          },
          ...options.model,
        };
      },
    },
  ).catch((error) => {
    assert.deepEqual(files().length, scene.migrations.length * 2, "something was written");
    throw error;
  });
  return { outcome, folder, requests, events, files };
}

async function project(
  { engine, migrations, schema, toml, turns }: Scene,
): Promise<{ folder: string; config: Config }> {
  const folder = join(root, String(folders++));
  mkdirSync(join(folder, "migrations"), { recursive: true });
  migrations.forEach((sql, index) => {
    const number = String(index + 1).padStart(6, "0");
    writeFileSync(join(folder, `migrations/${number}_m.up.sql`), sql);
    writeFileSync(join(folder, `migrations/${number}_m.down.sql`), "-- none\n");
  });
  writeFileSync(join(folder, "schema.sql"), schema);
  writeFileSync(join(folder, "script.json"), JSON.stringify({ turns }));
  writeFileSync(
    join(folder, "aim.toml"),
    `engine = "${engine}"\nmodel = "scripted/script.json"\n${toml ?? ""}\n`,
  );
  return { folder, config: (await loadConfig({ folder, variables: {} })).config };
}

/** An answer to "write". */
function write(up: readonly string[], down: readonly string[], more: object = {}): object {
  const items = (list: readonly string[]) => list.map((sql) => ({ sql, changes: [1] }));
  return {
    to: "write",
    answer: {
      up: items(up),
      down: items(down),
      description: "Split the name",
      warnings: [],
      question: "",
      ...more,
    },
  };
}

const USERS = "CREATE TABLE users (id integer PRIMARY KEY, full_name text NOT NULL);\n";
const SPLIT = `CREATE TABLE users (
  id integer PRIMARY KEY, first_name text NOT NULL DEFAULT '', last_name text NOT NULL DEFAULT ''
);\n`;

/** UP and DOWN that are right, by engine. */
const RIGHT: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  postgres: [
    [
      "ALTER TABLE users ADD COLUMN first_name text NOT NULL DEFAULT ''",
      "ALTER TABLE users ADD COLUMN last_name text NOT NULL DEFAULT ''",
      "UPDATE users SET first_name = split_part(full_name, ' ', 1)",
      "ALTER TABLE users DROP COLUMN full_name",
    ],
    [
      "ALTER TABLE users ADD COLUMN full_name text NOT NULL DEFAULT ''",
      "UPDATE users SET full_name = first_name || ' ' || last_name",
      "ALTER TABLE users ALTER COLUMN full_name DROP DEFAULT",
      "ALTER TABLE users DROP COLUMN first_name",
      "ALTER TABLE users DROP COLUMN last_name",
    ],
  ],
  sqlite: [
    [
      "ALTER TABLE users ADD COLUMN first_name text NOT NULL DEFAULT ''",
      "ALTER TABLE users ADD COLUMN last_name text NOT NULL DEFAULT ''",
      "UPDATE users SET first_name = full_name",
      "ALTER TABLE users DROP COLUMN full_name",
    ],
    [
      "CREATE TABLE users_old (id integer PRIMARY KEY, full_name text NOT NULL)",
      "INSERT INTO users_old SELECT id, first_name || ' ' || last_name FROM users",
      "DROP TABLE users",
      "ALTER TABLE users_old RENAME TO users",
    ],
  ],
};

for (const engine of ["postgres", "sqlite"]) {
  const [up, down] = RIGHT[engine] ?? [[], []];
  const scene = {
    engine,
    migrations: [USERS],
    schema: SPLIT,
    toml: 'generator = "model"',
  };

  test(`${engine}: a syntax error, a residual diff, a DOWN that does not restore, and then a proof`, async () => {
    const { outcome, requests, folder, files, events } = await play({
      ...scene,
      turns: [
        write(["ALTER TABLE users ADDD COLUMN first_name text"], []),
        write(up.slice(0, 1), []),
        write(up, down.slice(0, 1)),
        write(up, down),
      ],
    });
    assert.equal(outcome.outcome, "proven", outcome.model?.message ?? "");
    assert.equal(outcome.model?.attempts, 4);
    assert.deepEqual(outcome.model?.prompts, ["write-1"]);
    assert.equal(outcome.usage.calls, 4);
    assert.equal(outcome.draft?.author, "model");

    const feedback = requests.map(({ messages }) => messages.slice(1).map(({ text }) => text));
    assert.deepEqual(feedback[0], []);
    assert.match(
      feedback[1]?.[1] ?? "",
      /^attempt 1\/4 FAILED at apply_up, statement 1\nsql: ALTER TABLE users ADDD/,
    );
    assert.match(feedback[1]?.[1] ?? "", /error: .*syntax error/);
    assert.doesNotMatch(feedback[1]?.[1] ?? "", /migrations\//);
    assert.match(feedback[2]?.[1] ?? "", /FAILED at diff_up\n/);
    assert.match(feedback[2]?.[1] ?? "", /\+ column .*users\.last_name/);
    assert.match(feedback[2]?.[1] ?? "", /- column .*users\.full_name/);
    assert.match(feedback[3]?.[1] ?? "", /FAILED at (?:diff|apply)_down/);
    assert.match(feedback[3]?.[1] ?? "", /proved so far: UP gives AFTER/);
    for (const { messages } of requests.slice(1)) {
      assert.deepEqual(messages.map(({ role }) => role), ["user", "assistant", "user"]);
    }

    assert.deepEqual(files().slice(0, 2), ["000001_m.down.sql", "000001_m.up.sql"]);
    assert.equal(files().length, 4);
    const text = readFileSync(join(folder, "migrations", files()[3] ?? ""), "utf8");
    for (const sql of up) assert.ok(text.includes(`${sql};`), text);
    const lines = events.flatMap((event) => event.type === "note" ? [event.text] : []);
    assert.ok(lines.some((line) => /attempt 2 was refuted: diff_up/.test(line)), lines.join("\n"));
  });
}

const SQLITE = {
  engine: "sqlite",
  migrations: [USERS],
  schema: SPLIT,
  toml: 'generator = "model"',
};
const [UP, DOWN] = RIGHT.sqlite ?? [[], []];

test("a refusal ends with the provider's exit code and writes nothing", async () => {
  await assert.rejects(
    play({ ...SQLITE, turns: [{ to: "write", refusal: "not this one" }] }),
    (error: ProviderError) =>
      error instanceof ProviderError && error.code === "model-refusal" && error.exitCode === 4 &&
      /not this one/.test(error.message),
  );
});

test("an answer that is cut gets twice the room once, and then ends the run", async () => {
  const cut = { to: "write", text: '{"up":[{"sql":"ALTER', stop: "length" };
  const { outcome, requests } = await play({ ...SQLITE, turns: [cut, write(UP, DOWN)] });
  assert.equal(outcome.outcome, "proven");
  assert.deepEqual(requests.map(({ maxTokens }) => maxTokens), [16384, 32768]);
  await assert.rejects(
    play({ ...SQLITE, turns: [cut, cut] }),
    (error: ProviderError) => error.code === "model-truncated" && error.exitCode === 4,
  );
});

test("a prompt that is too long for the model ends the run", async () => {
  await assert.rejects(
    play({ ...SQLITE, turns: [{ to: "write", text: "", stop: "context" }] }),
    (error: ProviderError) => error.code === "model-context",
  );
});

test("an answer that comes again makes the model think harder, and the third time ends the run", async () => {
  const same = write(["ALTER TABLE users ADD COLUMN x text"], []);
  const { outcome, requests, files } = await play({ ...SQLITE, turns: [same, same, same] });
  assert.equal(outcome.outcome, "unproven");
  assert.equal(outcome.model?.stop, "repeated");
  assert.deepEqual(requests.map(({ effort }) => effort), ["low", "low", "medium"]);
  assert.equal(files().length, 2);
});

test("max_retries ends the run with the last failure in words", async () => {
  const { outcome, files } = await play({
    ...SQLITE,
    toml: 'generator = "model"\nmax_retries = 1',
    turns: [
      write(["ALTER TABLE users ADD a text"], []),
      write(["ALTER TABLE users ADD b text"], []),
    ],
  });
  assert.equal(outcome.outcome, "unproven");
  assert.equal(outcome.model?.stop, "retries");
  assert.match(
    outcome.model?.message ?? "",
    /none of 2 attempts was proven; the last one failed at diff_up/,
  );
  assert.equal(files().length, 2);
});

test("max_cost_usd ends the run before the call that would pass it", async () => {
  const dear = (input: number, output: number) => (input + output) / 1e4;
  const reply: ModelReply = {
    text: JSON.stringify(Object(write(["ALTER TABLE users ADD a text"], [])).answer),
    stop: "end",
    usage: {
      calls: 1,
      inputTokens: 900,
      cachedTokens: 0,
      outputTokens: 100,
      reasoningTokens: 0,
      seconds: 1,
      cost: 0.1,
    },
  };
  const model = { price: dear, complete: () => Promise.resolve(reply) };
  const toml = 'generator = "model"\nmax_cost_usd = 0.2';
  const { outcome } = await play({ ...SQLITE, toml, turns: [] }, { model });
  assert.equal(outcome.outcome, "unproven");
  assert.equal(outcome.model?.stop, "budget");
  assert.equal(outcome.usage.cost, 0.1);
});

test("a budget for a model without a known price is a wrong request", async () => {
  const toml = 'generator = "model"\nmax_cost_usd = 0.2';
  await assert.rejects(
    play({ ...SQLITE, toml, turns: [] }, { model: { price: () => null } }),
    (error: UsageError) => error.code === "price-unknown" && /\[prices/.test(error.hint ?? ""),
  );
});

test("SQL that a migration has no business with never runs", async () => {
  const { outcome, requests } = await play({
    ...SQLITE,
    turns: [write(["ATTACH '/tmp/aim-canary.db' AS x"], []), write(UP, DOWN)],
  });
  assert.equal(outcome.outcome, "proven");
  assert.match(
    requests[1]?.messages.at(-1)?.text ?? "",
    /FAILED at policy, statement 1\nsql: ATTACH.*\nerror: UP: refused before it ran: it opens another database file/,
  );
});

test("text instead of JSON is told, and SQL between marks is taken too", async () => {
  const plain = `-- aim:up\n${UP.join(";\n")};\n-- aim:down\n${DOWN.join(";\n")};\n`;
  const { outcome, requests } = await play({
    ...SQLITE,
    turns: [{ to: "write", text: "Sure! Let me think." }, { to: "write", text: plain }],
  });
  assert.equal(outcome.outcome, "proven");
  assert.match(requests[1]?.messages.at(-1)?.text ?? "", /FAILED at parse/);
});

test("a question of the model is passed on, and nothing is written", async () => {
  const { outcome, files } = await play({
    ...SQLITE,
    turns: [write([], [], { question: "Which part of the name comes first?" })],
  });
  assert.equal(outcome.outcome, "undecided");
  assert.equal(outcome.model?.stop, "question");
  assert.match(outcome.model?.message ?? "", /Which part/);
  assert.equal(files().length, 2);
});

for (const engine of ["postgres", "sqlite"]) {
  const scene = {
    engine,
    migrations: ["CREATE TABLE users (id integer PRIMARY KEY, fullname text);\n"],
    schema: "CREATE TABLE users (id integer PRIMARY KEY, full_name text);\n",
  };
  const id = engine === "postgres"
    ? "rename:column:public.users.fullname"
    : "rename:column:users.fullname";
  const to = engine === "postgres" ? "public.users.full_name" : "users.full_name";
  const decide = (option: string, more: object = {}) => ({
    to: "decide",
    answer: {
      decisions: [{ id, option, expression: "", reason: "same words" }],
      need_user: [],
      ...more,
    },
  });

  test(`${engine}: the planner's question is decided by the model, and the planner writes the SQL`, async () => {
    const { outcome, requests } = await play({
      ...scene,
      turns: [decide("no such option"), decide(to)],
    });
    assert.equal(outcome.outcome, "proven", JSON.stringify(outcome.choices));
    assert.equal(outcome.draft?.author, "planner");
    assert.match(outcome.draft?.up.map(({ sql }) => sql).join() ?? "", /RENAME COLUMN/i);
    assert.deepEqual(outcome.model?.prompts, ["decide-1"]);
    assert.equal(outcome.choices[0]?.answer?.by, "model");
    assert.match(requests[0]?.messages[0]?.text ?? "", /Was column .*fullname renamed/);
    assert.match(requests[1]?.messages.at(-1)?.text ?? "", /is no option of/);
  });

  test(`${engine}: a question that the model leaves to a person stays open`, async () => {
    const { outcome, files } = await play({
      ...scene,
      turns: [{ to: "decide", answer: { decisions: [], need_user: [id] } }],
    });
    assert.equal(outcome.outcome, "undecided");
    assert.equal(outcome.model?.stop, "undecided");
    assert.equal(outcome.choices.filter(({ answer }) => answer === null).length, 1);
    assert.equal(files().length, 2);
  });
}

test("what the planner can do alone asks no model, and needs no key", async () => {
  const { outcome, requests } = await play({
    engine: "sqlite",
    migrations: [USERS],
    schema: `${USERS}CREATE TABLE more (a integer);\n`,
    turns: [],
  });
  assert.equal(outcome.outcome, "proven");
  assert.equal(requests.length, 0);
  assert.equal(outcome.model, undefined);
});

/** A question about data whose answer holds when nobody gives another. */
const FILL: Choice = {
  id: "fill:users.email",
  kind: "data",
  question: "What do the rows without one get?",
  evidence: {},
  options: [
    { id: "fail", label: "fail" },
    { id: "expression", label: "fill", takesExpression: true },
  ],
  fallback: "fail",
  answer: { option: "fail", by: "fallback" },
};

const REFUTED: Refutation = {
  stage: "apply_up",
  statement: 1,
  error: "NOT NULL failed",
  proven: "nothing",
};

/** Runs the loop after a planner's draft was refuted, with a judge that accepts what `good` says. */
async function afterPlanner(
  choices: readonly Choice[],
  turns: readonly object[],
  good: (draft: Draft) => boolean,
) {
  const folder = join(root, String(folders++));
  mkdirSync(folder);
  writeFileSync(join(folder, "script.json"), JSON.stringify({ turns }));
  const { config } = await project({ engine: "sqlite", migrations: [], schema: "", turns: [] });
  const requests: ModelRequest[] = [];
  const scripted = await openModel({ ...config, root: folder }, { variables: {}, emit: () => {} });
  const { engine: { dialect, guide, split, lexicon, empty } } = engineNamed("sqlite");
  const engine = { dialect, guide, split, lexicon, empty, describe: () => new Map() };
  const table: SchemaObject = {
    id: "table:x",
    kind: "table",
    name: "x",
    parent: null,
    facts: {},
    dependsOn: [],
    droppedWith: [],
  };
  const draft = (answer?: Answer): Draft => ({
    author: "planner",
    name: "n",
    up: [{
      sql: `UPDATE users SET email = ${answer?.expression ?? "NULL"}`,
      serves: [],
      reason: { action: "describe", text: "" },
      transactional: true,
    }],
    down: [],
    reversible: "exact",
    notes: [],
  });
  const input: Generation<string> = {
    model: {
      ...scripted,
      complete: (request, signal) => {
        requests.push(request);
        return scripted.complete(request, signal);
      },
    },
    engine,
    server: "sqlite 3",
    context: null,
    limits: { maxRetries: 3, maxTokens: 1000, maxCostUsd: null },
    before: engine.empty,
    target: { ...engine.empty, objects: new Map([[table.id, table]]) },
    changes: [{ op: "create", kind: table.kind, id: table.id, after: table }],
    name: "n",
    planned: { draft: draft(), choices },
    refuted: REFUTED,
    plan: (answers) =>
      Promise.resolve({
        draft: draft(answers.get(FILL.id)),
        choices: choices.map((choice) => ({ ...choice, answer: answers.get(choice.id) ?? null })),
      }),
    judge: (tried) =>
      Promise.resolve({ refutation: good(tried) ? null : REFUTED, result: tried.name }),
    policy: await policyFor("sqlite", lexiconOf("sqlite")),
    emit: () => {},
    signal: new AbortController().signal,
  };
  return { made: await generateByModel(input), requests };
}

const fill = (expression: string) => ({
  to: "decide",
  answer: {
    decisions: [{ id: FILL.id, option: "expression", expression, reason: "r" }],
    need_user: [],
  },
});

test("a planner's draft that fails on data is mended by an expression of the model", async () => {
  const { made, requests } = await afterPlanner(
    [FILL],
    [fill("1); DROP TABLE users; SELECT (1"), fill("lower(name)")],
    ({ up }) => up[0]?.sql.includes("lower(name)") === true,
  );
  assert.equal(made.outcome, "proven");
  assert.equal(made.draft?.author, "planner");
  const [first, second] = requests.map(({ messages }) => messages.at(-1)?.text ?? "");
  assert.match(
    first ?? "",
    /draft of UP failed at apply_up[\s\S]*UPDATE users SET email = NULL;[\s\S]*NOT NULL failed/,
  );
  assert.match(second ?? "", /FAILED at policy[\s\S]*fill:users\.email/);
});

test("a planner's draft that no expression mends is written by the model", async () => {
  const { made, requests } = await afterPlanner(
    [FILL],
    [fill("a"), fill("b"), write(["CREATE TABLE x (a integer)"], ["DROP TABLE x"])],
    ({ author }) => author === "model",
  );
  assert.equal(made.outcome, "proven");
  assert.deepEqual(requests.map(({ prompt }) => prompt), ["decide-1", "decide-1", "write-1"]);
  assert.match(requests[2]?.messages[0]?.text ?? "", /UPDATE users SET email = b;/);
});

test("a planner's draft without questions goes to the model to write, with what failed", async () => {
  const { made, requests } = await afterPlanner(
    [],
    [write(["CREATE TABLE x (a integer)"], ["DROP TABLE x"])],
    ({ author }) => author === "model",
  );
  assert.equal(made.outcome, "proven");
  assert.equal(requests[0]?.prompt, "write-1");
  assert.match(requests[0]?.messages[0]?.text ?? "", /A planner's draft of UP failed at apply_up/);
});
