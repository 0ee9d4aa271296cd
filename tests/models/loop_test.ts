import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { type Config, loadConfig } from "../../src/config/config.ts";
import { ProviderError, UsageError } from "../../src/core/error.ts";
import type { Event } from "../../src/core/event.ts";
import { openModel } from "../../src/models/mod.ts";
import {
  estimateTokens,
  type Model,
  type ModelReply,
  type ModelRequest,
} from "../../src/models/model.ts";
import type { GenerateOutcome } from "../../src/core/outcome.ts";
import { generateByModel } from "../../src/pipeline/model/draft_loop.ts";
import type { Generation } from "../../src/pipeline/model/generation.ts";
import { policyFor } from "../../src/models/policy/mod.ts";
import type { Refutation } from "../../src/models/prompts/feedback.ts";
import { lexiconOf } from "../../src/engines/all.ts";
import { engineNamed } from "../../src/engines/mod.ts";
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
  options: {
    readonly model?: Partial<Model>;
    readonly answers?: ReadonlyMap<string, Answer>;
  } = {},
): Promise<Played> {
  const { folder, config } = await project(scene);
  const requests: ModelRequest[] = [];
  const events: Event[] = [];
  const files = () => readdirSync(join(folder, "migrations")).sort();
  const emit = (event: Event) => void events.push(event);
  const outcome = await generate(
    await openProject(config, { emit, signal: new AbortController().signal }),
    {
      dryRun: false,
      answers: options.answers ?? new Map(),
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
    assert.deepEqual(outcome.model?.prompts, ["write-3"]);
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

test("an answer that is cut behind a whole UP and DOWN is used", async () => {
  const { answer } = write(UP, DOWN) as { readonly answer: object };
  const text = JSON.stringify(answer).replace(/"description".*$/, '"description":"It goes on and');
  const { outcome, requests } = await play({
    ...SQLITE,
    turns: [{ to: "write", text, stop: "length" }],
  });
  assert.equal(outcome.outcome, "proven", outcome.model?.message ?? "");
  assert.equal(requests.length, 1);
  const answered = JSON.stringify({ q1: { reason: "r", option: "users.full_name" } });
  const decided = await play({
    engine: "sqlite",
    migrations: ["CREATE TABLE users (id integer PRIMARY KEY, fullname text);\n"],
    schema: "CREATE TABLE users (id integer PRIMARY KEY, full_name text);\n",
    turns: [{ to: "decide", text: `${answered.slice(0, -1)},"note":"I`, stop: "length" }],
  });
  assert.equal(decided.outcome.outcome, "proven", decided.outcome.model?.message ?? "");
});

test("the answers to questions are capped, and one that is cut gets all that the settings allow", async () => {
  const { outcome, requests } = await play({
    engine: "sqlite",
    migrations: ["CREATE TABLE users (id integer PRIMARY KEY, fullname text);\n"],
    schema: "CREATE TABLE users (id integer PRIMARY KEY, full_name text);\n",
    turns: [
      { to: "decide", text: '{"q1": {"reason": "well, ', stop: "length" },
      { to: "decide", answer: { q1: { reason: "r", option: "users.full_name" } } },
    ],
  });
  assert.equal(outcome.outcome, "proven");
  assert.deepEqual(requests.map(({ answerTokens, maxTokens }) => [answerTokens, maxTokens]), [
    [200, 16384],
    [undefined, 16384],
  ]);
});

test("garbled JSON is told what is wrong with it, and the server's mode stays after an incomplete answer", async () => {
  let malformed = 0;
  const model = { unreadable: () => Promise.resolve(void malformed++) };
  const garbled = '{"up": [{"sql": "ALTER TABLE users ADD a text", "changes": [1]} "down": []}';
  const { outcome, requests } = await play({
    ...SQLITE,
    turns: [write([], []), { to: "write", text: garbled }, write(UP, DOWN)],
  }, { model });
  assert.equal(outcome.outcome, "proven", outcome.model?.message ?? "");
  assert.match(
    requests[1]?.messages.at(-1)?.text ?? "",
    /FAILED at parse\nerror: the list "up" is empty/,
  );
  assert.match(
    requests[2]?.messages.at(-1)?.text ?? "",
    /FAILED at parse\nerror: the JSON cannot be read: ./,
  );
  assert.equal(malformed, 1);
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

for (const engine of ["postgres", "sqlite"]) {
  const [up, down] = RIGHT[engine] ?? [[], []];

  test(`${engine}: errors of both directions are told at once, also those of the policy`, async () => {
    const { outcome, requests } = await play({
      engine,
      migrations: [USERS],
      schema: SPLIT,
      toml: 'generator = "model"',
      turns: [
        write(["ALTER TABLE users ADDD COLUMN first_name text"], [
          "ALTER TABLE users DROP COLUMN first_name",
          "ALTER TABLE users DROP COLUMN first_name",
        ]),
        write(["ATTACH 'x' AS y; SELECT 1"], ["COMMIT"]),
        write(up, down),
      ],
    });
    assert.equal(outcome.outcome, "proven", outcome.model?.message ?? "");
    const [, second = "", third = ""] = requests.map(({ messages }) => messages.at(-1)?.text ?? "");
    assert.match(second, /FAILED at apply_up, statement 1\nsql: ALTER TABLE users ADDD/);
    assert.match(
      second,
      /the other direction, tried on its own, FAILED at apply_down, statement 2\nsql: .*DROP COLUMN first_name\nerror: .*first_name/,
    );
    assert.match(third, /error: UP: it is more than one statement/);
    assert.match(third, /the other direction[\s\S]*error: DOWN: the runner opens and ends/);
  });
}

test("postgres: the server's detail and hint are passed on", async () => {
  const { requests, outcome } = await play({
    engine: "postgres",
    migrations: ["CREATE TABLE t (a text);\nCREATE VIEW v AS SELECT a FROM t;\n"],
    schema: "CREATE TABLE other (b integer);\n",
    toml: 'generator = "model"\nmax_retries = 1',
    turns: [
      write(["DROP TABLE t", "CREATE TABLE other (b integer)"], []),
      write(["DROP VIEW v", "DROP TABLE t", "CREATE TABLE other (b integer)"], [
        "DROP TABLE other",
        "CREATE TABLE t (a text)",
        "CREATE VIEW v AS SELECT a FROM t",
      ]),
    ],
  });
  assert.equal(outcome.outcome, "proven", outcome.model?.message ?? "");
  assert.match(
    requests[1]?.messages.at(-1)?.text ?? "",
    /error: cannot drop table t.*\ndetail: view v depends on table t\nhint: Use DROP \.\.\. CASCADE/,
  );
});

const OLDER: readonly (readonly [string, string, string, string, RegExp])[] = [
  [
    "postgres-14",
    'runtime = "pglite"',
    "CREATE TABLE users (id integer PRIMARY KEY, full_name text NOT NULL);\n",
    "MERGE INTO users u USING (SELECT 1 AS id) s ON u.id = s.id WHEN MATCHED THEN DO NOTHING",
    /MERGE came with version 15/,
  ],
  [
    "sqlite-3.34",
    'runtime = "sql.js"',
    USERS,
    "ALTER TABLE users DROP COLUMN full_name",
    /DROP COLUMN came with version 3\.35/,
  ],
];

for (const [engine, runtime, before, newer, reason] of OLDER) {
  const [dialect = ""] = engine.split("-");

  test(`${engine}: what the deployed version lacks is told to the model, and refused`, async () => {
    const [up, down] = RIGHT[dialect] ?? [[], []];
    const { requests } = await play({
      engine,
      migrations: [before],
      schema: SPLIT,
      toml: `generator = "model"\nmax_retries = 1\n${runtime}`,
      turns: [write([newer, ...up], down), write(["ALTER TABLE users ADD x text"], [])],
    });
    const [first, second] = requests;
    assert.match(first?.system ?? "", new RegExp(`must run on ${dialect} [\\d.]+ as well`));
    assert.match(second?.messages.at(-1)?.text ?? "", reason);
    assert.match(second?.messages.at(-1)?.text ?? "", /FAILED at policy, statement 1/);
  });
}

test("the version that is built in is no older one", async () => {
  const { requests } = await play({ ...SQLITE, turns: [write(UP, DOWN)] });
  assert.doesNotMatch(requests[0]?.system ?? "", /as well/);
});

test("more of the schema is shown after two failures, and never more than the model reads", async () => {
  const many = Array.from(
    { length: 300 },
    (_, at) => `CREATE TABLE t${at} (id integer PRIMARY KEY, a text, b text, c text);\n`,
  )
    .join("");
  const wrong = (name: string) => write([`ALTER TABLE users ADD ${name} text`], []);
  const turns = [wrong("a"), wrong("b"), wrong("c"), write(UP, DOWN)];
  const scene = { ...SQLITE, migrations: [USERS + many], schema: SPLIT + many, turns };
  const tokens = ({ system, messages }: ModelRequest) =>
    estimateTokens(system + messages.map(({ text }) => text).join(""));
  for (const contextTokens of [null, 20_000, 8192, 4096]) {
    const { requests, outcome } = await play(scene, { model: { contextTokens } });
    assert.equal(outcome.outcome, "proven", outcome.model?.message ?? "");
    const sizes = requests.map(tokens);
    const most = Math.max(...sizes);
    assert.ok(most <= 0.6 * (contextTokens ?? 64_000), `${sizes} of ${contextTokens}`);
    const [first = 0, , third = 0] = sizes;
    assert.equal(third > 2 * first, contextTokens === null || contextTokens > 4096, `${sizes}`);
  }
});

test("a prompt that the model cannot read after more was shown is sent with less again", async () => {
  const many = Array.from(
    { length: 100 },
    (_, at) => `CREATE TABLE t${at} (id integer PRIMARY KEY, a text);\n`,
  )
    .join("");
  const wrong = (name: string) => write([`ALTER TABLE users ADD ${name} text`], []);
  const { outcome, requests } = await play({
    ...SQLITE,
    migrations: [USERS + many],
    schema: SPLIT + many,
    turns: [wrong("a"), wrong("b"), { to: "write", text: "", stop: "context" }, write(UP, DOWN)],
  });
  assert.equal(outcome.outcome, "proven", outcome.model?.message ?? "");
  const [, second, third, fourth] = requests.map(({ messages }) => messages[0]?.text.length ?? 0);
  assert.ok((third ?? 0) > (second ?? 0));
  assert.equal(fourth, second);
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
  const decide = (option: string) => ({
    to: "decide",
    answer: { q1: { reason: "same words", option } },
  });

  test(`${engine}: the planner's question is decided by the model, and the planner writes the SQL`, async () => {
    const { outcome, requests } = await play({
      ...scene,
      turns: [decide("no such option"), decide(to)],
    });
    assert.equal(outcome.outcome, "proven", JSON.stringify(outcome.choices));
    assert.equal(outcome.draft?.author, "planner");
    assert.match(outcome.draft?.up.map(({ sql }) => sql).join() ?? "", /RENAME COLUMN/i);
    assert.deepEqual(outcome.model?.prompts, ["decide-5"]);
    assert.deepEqual(outcome.choices[0]?.answer, { option: to, reason: "same words", by: "model" });
    assert.match(requests[0]?.messages[0]?.text ?? "", /Was column .*fullname renamed/);
    assert.match(requests[1]?.messages.at(-1)?.text ?? "", /is no option of/);
  });

  test(`${engine}: a question that the model leaves to the user stays open`, async () => {
    const { outcome, files } = await play({
      ...scene,
      turns: [decide("ask")],
    });
    assert.equal(outcome.outcome, "undecided");
    assert.equal(outcome.model?.stop, "undecided");
    assert.match(outcome.model?.message ?? "", /leaves a question to you: same words/);
    const [choice] = outcome.choices;
    assert.equal(choice?.id, id);
    assert.equal(choice?.answer, null);
    assert.deepEqual(choice?.options.map((option) => option.id), [to, "drop"]);
    assert.equal(files().length, 2);
  });

  test(`${engine}: a model never answers that a likely rename is dropped`, async () => {
    const { outcome, requests, files } = await play({
      ...scene,
      toml: "max_retries = 1",
      turns: [decide("drop"), decide("drop")],
    });
    assert.equal(outcome.outcome, "unproven");
    assert.equal(outcome.draft, null);
    assert.equal(outcome.choices.find((choice) => choice.id === id)?.answer, null);
    assert.match(requests[1]?.messages.at(-1)?.text ?? "", /"drop" of "q1" is for the user/);
    assert.equal(files().length, 2);
  });

  test(`${engine}: a model that writes does not drop what was likely renamed`, async () => {
    const drop: { readonly answer?: object } = write([
      "ALTER TABLE users DROP COLUMN fullname",
      "ALTER TABLE users ADD COLUMN full_name text",
    ], [
      "ALTER TABLE users DROP COLUMN full_name",
      "ALTER TABLE users ADD COLUMN fullname text",
    ]);
    const rename = write(
      ["ALTER TABLE users RENAME COLUMN fullname TO full_name"],
      ["ALTER TABLE users RENAME COLUMN full_name TO fullname"],
    );
    const { outcome, requests } = await play({
      ...scene,
      toml: 'generator = "model"',
      turns: [drop, rename],
    });
    assert.equal(outcome.outcome, "proven", outcome.model?.message ?? "");
    assert.match(
      requests[1]?.messages.at(-1)?.text ?? "",
      /FAILED at policy, statement 1\nsql: ALTER TABLE users DROP COLUMN fullname\nerror: .*likely renamed/,
    );
    assert.equal(outcome.draft?.up[0]?.destroys, undefined);
    assert.equal(outcome.draft?.reversible, "exact");
    const back = await play({
      ...scene,
      toml: 'generator = "model"',
      turns: [
        write(["ALTER TABLE users RENAME COLUMN fullname TO full_name"], [
          "ALTER TABLE users ADD COLUMN fullname text",
          "ALTER TABLE users DROP COLUMN full_name",
        ]),
        rename,
      ],
    });
    assert.equal(back.outcome.outcome, "proven", back.outcome.model?.message ?? "");
    assert.match(
      back.requests[1]?.messages.at(-1)?.text ?? "",
      /FAILED at policy, statement 2\nsql: .*\nerror: DOWN: the values of column .*full_name are lost/,
    );
    const warnings = [{ statement: 1, kind: "destroys_data", text: "names go" }];
    const stated = { to: "write", answer: { ...drop.answer, warnings } };
    const flagged = await play({ ...scene, toml: 'generator = "model"', turns: [stated] }, {
      answers: new Map([[id, { option: "drop", by: "flag" }]]),
    });
    assert.equal(flagged.outcome.outcome, "proven", flagged.outcome.model?.message ?? "");
    assert.match(flagged.outcome.draft?.up[0]?.destroys ?? "", /the values of column .*fullname/);
  });

  test(`${engine}: a model that claims to change nothing does not silence a loss`, async () => {
    const silent = (list: readonly string[]) => list.map((sql) => ({ sql, changes: [] }));
    const { outcome } = await play({
      engine,
      migrations: ["CREATE TABLE users (id integer PRIMARY KEY, note text, age integer);\n"],
      schema: "CREATE TABLE users (id integer PRIMARY KEY, age integer);\n",
      toml: 'generator = "model"',
      turns: [
        write([], [], {
          up: silent(["ALTER TABLE users DROP COLUMN note"]),
          down: silent(["ALTER TABLE users ADD COLUMN note text"]),
        }),
      ],
    });
    assert.equal(outcome.outcome, "proven", outcome.model?.message ?? "");
    assert.match(outcome.draft?.up[0]?.destroys ?? "", /the values of column .*users\.note/);
    assert.equal(outcome.draft?.reversible, "structure");
    assert.equal(outcome.draft?.down[0]?.destroys, undefined);
  });

  test(`${engine}: contradicting answers and double ones are told, and none is taken`, async () => {
    const row = (option: string) => JSON.stringify({ reason: "r", option });
    const { outcome, requests } = await play({
      ...scene,
      turns: [
        { to: "decide", text: `{"q1": ${row("ask")}, "q1": ${row(to)}}` },
        { to: "decide", text: `{"q1": ${row(to)}}\nor rather\n{"q1": ${row("ask")}}` },
        decide(to),
      ],
    });
    assert.equal(outcome.outcome, "proven", outcome.model?.message ?? "");
    assert.match(requests[1]?.messages.at(-1)?.text ?? "", /"q1" stands twice/);
    assert.match(requests[2]?.messages.at(-1)?.text ?? "", /two JSON objects that differ/);
  });
}

/** Statements, their changes, and what is lost by them: `statement: text`. */
const LOSSES: readonly {
  readonly title: string;
  readonly before: string;
  readonly after: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
  readonly warnings?: readonly object[];
  readonly lost: readonly (string | undefined)[];
}[] = [
  {
    title: "a table that goes",
    before: "CREATE TABLE a (x integer);\nCREATE TABLE b (y integer, z text);\n",
    after: "CREATE TABLE a (x integer);\n",
    up: ["DROP TABLE b"],
    down: ["CREATE TABLE b (y integer, z text)"],
    lost: ["the rows of table b"],
  },
  {
    title: "rows that are deleted",
    before: "CREATE TABLE a (x integer);\n",
    after: "CREATE TABLE a (x integer);\nCREATE UNIQUE INDEX i ON a (x);\n",
    up: [
      "DELETE FROM a WHERE rowid NOT IN (SELECT min(rowid) FROM a GROUP BY x)",
      "CREATE UNIQUE INDEX i ON a (x)",
    ],
    down: ["DROP INDEX i"],
    warnings: [{ statement: 1, kind: "destroys_data", text: "doubles" }],
    lost: ["doubles, rows of table a", undefined],
  },
  {
    title: "a column that a rebuild leaves out",
    before: "CREATE TABLE a (x integer, y text);\n",
    after: "CREATE TABLE a (x integer);\n",
    up: [
      "CREATE TABLE a2 (x integer)",
      "INSERT INTO a2 SELECT x FROM a",
      "DROP TABLE a",
      "ALTER TABLE a2 RENAME TO a",
    ],
    down: ["ALTER TABLE a ADD COLUMN y text"],
    lost: [undefined, undefined, "the values of column a.y", undefined],
  },
  {
    title: "a table that is renamed, and what is quoted and commented",
    before: "CREATE TABLE old (x integer);\n",
    after: 'CREATE TABLE "new" (x integer);\n',
    up: ['ALTER TABLE "old" /* DROP TABLE old */ RENAME TO "new"'],
    down: ['ALTER TABLE "new" RENAME TO "old"'],
    lost: [undefined],
  },
];

for (const { title, before, after, up, down, warnings = [], lost } of LOSSES) {
  test(`what is destroyed is read from the statements: ${title}`, async () => {
    const silent = (list: readonly string[]) => list.map((sql) => ({ sql, changes: [] }));
    const { outcome } = await play({
      engine: "sqlite",
      migrations: [before],
      schema: after,
      toml: 'generator = "model"\nmax_retries = 0',
      turns: [write([], [], { up: silent(up), down: silent(down), warnings })],
    });
    assert.deepEqual(
      outcome.draft?.up.map(({ destroys }) => destroys),
      lost,
      outcome.model?.message ?? "",
    );
  });
}

test("postgres: a type that holds less destroys values, whoever writes the statement", async () => {
  const { outcome } = await play({
    engine: "postgres",
    migrations: ["CREATE TABLE t (id integer, total numeric(12,4));\n"],
    schema: "CREATE TABLE t (id integer, total integer);\n",
    toml: 'generator = "model"\nmax_retries = 0',
    turns: [
      write(["ALTER TABLE t ALTER total TYPE integer"], [
        "ALTER TABLE t ALTER total TYPE numeric(12,4)",
      ], { up: [{ sql: "ALTER TABLE t ALTER total TYPE integer", changes: [] }] }),
    ],
  });
  assert.equal(outcome.outcome, "proven", outcome.model?.message ?? "");
  assert.notEqual(outcome.draft?.up[0]?.destroys, undefined);
  assert.equal(outcome.draft?.reversible, "structure");
});

test("what a model decided stands beside what it leaves open", async () => {
  const { outcome } = await play({
    engine: "sqlite",
    migrations: ["CREATE TABLE users (id integer PRIMARY KEY, fullname text, phonenr integer);\n"],
    schema: "CREATE TABLE users (id integer PRIMARY KEY, full_name text, phone_nr integer);\n",
    turns: [{
      to: "decide",
      answer: {
        q1: { reason: "same words", option: "users.full_name" },
        q2: { reason: "who knows", option: "ask" },
      },
    }],
  });
  assert.equal(outcome.outcome, "undecided");
  assert.match(outcome.model?.message ?? "", /who knows/);
  const answers = outcome.choices.map(({ id, answer }) => [id, answer?.reason ?? null]);
  assert.deepEqual(answers, [
    ["rename:column:users.fullname", "same words"],
    ["rename:column:users.phonenr", null],
  ]);
});

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
  const { engine: { dialect, guide, split, lexicon, nameKey, empty } } = await engineNamed(
    "sqlite",
  );
  const engine = { dialect, guide, split, lexicon, nameKey, empty, describe: () => new Map() };
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
    deployed: null,
    likelyRenames: [],
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
  answer: { q1: { reason: "r", option: "expression", expression } },
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
  assert.deepEqual(requests.map(({ prompt }) => prompt), ["decide-5", "decide-5", "write-3"]);
  assert.match(requests[2]?.messages[0]?.text ?? "", /UPDATE users SET email = b;/);
});

test("where no option fits the model is asked for statements", async () => {
  const { made, requests } = await afterPlanner(
    [FILL],
    [
      { to: "decide", answer: { q1: { reason: "two columns become one", option: "write" } } },
      write(["CREATE TABLE x (a integer)"], ["DROP TABLE x"]),
    ],
    ({ author }) => author === "model",
  );
  assert.equal(made.outcome, "proven");
  assert.deepEqual(requests.map(({ prompt }) => prompt), ["decide-5", "write-3"]);
});

test("a planner's draft without questions goes to the model to write, with what failed", async () => {
  const { made, requests } = await afterPlanner(
    [],
    [write(["CREATE TABLE x (a integer)"], ["DROP TABLE x"])],
    ({ author }) => author === "model",
  );
  assert.equal(made.outcome, "proven");
  assert.equal(requests[0]?.prompt, "write-3");
  assert.match(requests[0]?.messages[0]?.text ?? "", /A planner's draft of UP failed at apply_up/);
});
