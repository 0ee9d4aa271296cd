import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import test, { after } from "node:test";
import { program, runAim, temporaryFolder } from "../run_aim.ts";
import { chunks, json, messages, type Script, sse, wireServer } from "./wire_server.ts";

const server = await wireServer();
after(() => server[Symbol.asyncDispose]());

const SECRET = "canary5e1f0a";
const USERS = `CREATE TABLE users (
  id integer PRIMARY KEY, site text DEFAULT 'https://me:${SECRET}-ddl@example.org/x'
`;
const PROJECT = {
  "schema.sql": `${USERS}, email text);\n`,
  "migrations/000001_users.up.sql": `${USERS});\n`,
  "migrations/000001_users.down.sql": "DROP TABLE users;\n",
};

function toml(lines: string): string {
  return `engine = "sqlite"\ngenerator = "model"\n${lines}\n`;
}

/** The cache of the runtime, which is no business of aim's and slow to make again. */
const DENO_DIR = process.env.DENO_DIR ??
  join(homedir(), process.platform === "darwin" ? "Library/Caches" : ".cache", "deno");

/** The environment of a person who has nothing but a home. */
function home(path: string, more: Record<string, string> = {}): Record<string, string> {
  const none = Object.fromEntries(
    ["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HF_TOKEN"]
      .map((name) => [name, ""]),
  );
  return { ...none, HOME: path, TMPDIR: path, DENO_DIR, ...more };
}

function written(up: readonly string[], down: readonly string[]): string {
  const items = (list: readonly string[]) => list.map((sql) => ({ sql, changes: [1] }));
  return JSON.stringify({
    up: items(up),
    down: items(down),
    description: "Add the address",
    warnings: [],
    question: "",
  });
}

const ANSWER = written(
  ["ALTER TABLE users ADD COLUMN email text"],
  ["ALTER TABLE users DROP COLUMN email"],
);

test("auth stores a key from a pipe for its owner alone, lists it without showing it, and removes it", async () => {
  await using folder = await temporaryFolder();
  const variables = home(folder.path);
  const key = `sk-${SECRET}`;
  const stored = await runAim(["auth", "anthropic"], {
    cwd: folder.path,
    variables,
    stdin: `${key}\n`,
  });
  assert.equal(stored.code, 0, stored.stderr);
  const file = join(folder.path, ".config/aim/credentials.toml");
  assert.equal(readFileSync(file, "utf8").trim(), `anthropic = "${key}"`);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const listed = await runAim(["auth", "--list", "--json"], { cwd: folder.path, variables });
  assert.deepEqual(JSON.parse(listed.stdout).keys, [{ provider: "anthropic", origin: file }]);
  const empty = await runAim(["auth", "openai"], { cwd: folder.path, variables, stdin: " \n" });
  assert.equal(empty.code, 2);
  assert.match(empty.stderr, /it is empty/);
  const unknown = await runAim(["auth", "antropic"], { cwd: folder.path, variables });
  assert.match(unknown.stderr, /did you mean "anthropic"/);
  const removed = await runAim(["auth", "anthropic", "--remove"], { cwd: folder.path, variables });
  assert.equal(removed.code, 0);
  assert.equal(readFileSync(file, "utf8").trim(), "");
  for (const { stdout, stderr } of [stored, listed, empty, unknown, removed]) {
    assert.ok(!`${stdout}${stderr}`.includes(SECRET));
  }
});

test("a project's base_url is used only after aim trust, and only as it was trusted", async () => {
  const file = (url: string) => toml(`model = "openai/x"\nbase_url = "${url}"`);
  await using folder = await temporaryFolder({
    ...PROJECT,
    "aim.toml": file("http://gateway.invalid/v1"),
  });
  const settings = {
    cwd: folder.path,
    variables: home(folder.path, { OPENAI_API_KEY: `sk-${SECRET}-env` }),
  };
  const before = await runAim(["generate"], settings);
  assert.equal(before.code, 2, before.stderr);
  assert.match(before.stderr, /gateway\.invalid.*not trusted/);
  const trusted = await runAim(["trust"], settings);
  assert.match(trusted.stderr, /base_url {9}http:\/\/gateway\.invalid\/v1/);
  const list = await runAim(["trust", "--list"], settings);
  assert.match(list.stdout, /aim\.toml\n$/);
  const removed = await runAim(["trust", "--remove"], settings);
  assert.match(removed.stderr, /trusted no longer/);
  assert.equal((await runAim(["generate"], settings)).code, 2);
});

test("models lists what a provider offers, with what suits the job", async () => {
  await using folder = await temporaryFolder();
  const offer = (...rows: readonly object[]) => json(200, { data: rows, has_more: false });
  const ask = async (provider: string, script: Script, base: string) => {
    const url = server.at(`models-${provider}`, script) + base;
    const variables = home(folder.path, {
      AIM_BASE_URL: url,
      ANTHROPIC_API_KEY: `sk-${SECRET}`,
      OPENROUTER_API_KEY: `sk-${SECRET}`,
      TOGETHER_API_KEY: `sk-${SECRET}`,
    });
    const { stdout, code, stderr } = await runAim(["models", provider, "--json"], {
      cwd: folder.path,
      variables,
    });
    assert.equal(code, 0, stdout + stderr);
    return JSON.parse(stdout).models;
  };
  const anthropic = await ask(
    "anthropic",
    offer(
      {
        id: "claude-haiku-5-5",
        max_input_tokens: 1000000,
        capabilities: { structured_outputs: { supported: true } },
      },
      {
        id: "claude-2",
        max_input_tokens: 9000,
        lifecycle: "retired",
        retires_at: "2024-01-01T00:00:00Z",
      },
    ),
    "",
  );
  assert.deepEqual(anthropic[1], {
    id: "claude-haiku-5-5",
    context: 1000000,
    input: 0.1,
    output: 0.5,
    until: null,
    suits: true,
  });
  assert.equal(anthropic[0].suits, false);
  assert.match(server.hits("models-anthropic")[0]?.path ?? "", /^\/v1\/models\?limit=1000$/);
  const router = await ask(
    "openrouter",
    offer({
      id: "a/b",
      context_length: 128000,
      pricing: { prompt: "0.0000001", completion: "0.0000005" },
      supported_parameters: ["response_format"],
    }),
    "/v1",
  );
  assert.deepEqual([router[0].input, router[0].output, router[0].suits], [0.1, 0.5, true]);
  const together = await ask(
    "together",
    json(200, [{ id: "m/embed-x", context_length: 8000 }]),
    "/v1",
  );
  assert.equal(together[0].suits, false);
  const providers = await runAim(["models"], { cwd: folder.path, variables: home(folder.path) });
  assert.match(providers.stdout, /anthropic +no key \(ANTHROPIC_API_KEY\)/);
  const down = await runAim(["models", "ollama"], {
    cwd: folder.path,
    variables: home(folder.path, { OLLAMA_HOST: "127.0.0.1:9999" }),
  });
  assert.equal(down.code, 4, down.stderr);
  assert.match(down.stderr, /ollama serve/);
});

test("no key and no secret is printed, recorded, left in files or sent but in the header", async () => {
  await using folder = await temporaryFolder({
    ...PROJECT,
    "key.sh": `echo ${SECRET}-command`,
    "aim.toml": toml('context = "see https://me:' + SECRET + '-context@example.org"'),
  });
  const { path } = folder;
  const run = async (
    name: string,
    args: readonly string[],
    model: string,
    more: Record<string, string>,
  ) => {
    const base = model.startsWith("openai") ? "/v1" : "";
    const key = `${SECRET}-${name.replace("refused-", "")}`;
    const refused = json(401, { error: { message: `Incorrect API key provided: ${key}` } });
    const good = sse(base === "" ? messages.answer(ANSWER) : chunks.answer(ANSWER));
    const url = server.at(name, name.startsWith("refused") ? refused : good) + base;
    const variables = home(path, {
      AIM_MODEL: model,
      AIM_BASE_URL: url,
      AIM_LLM_CASSETTE: join(path, "cassette"),
      AIM_LLM_MODE: "record",
      ...more,
    });
    const result = await runAim(["generate", "--dry-run", ...args], { cwd: path, variables });
    return `${result.stdout}\n${result.stderr}`;
  };
  const stdin = `${SECRET}-file`;
  await runAim(["auth", "anthropic"], { cwd: path, variables: home(path), stdin });
  const environment = { OPENAI_API_KEY: `${SECRET}-env` };
  const command = { AIM_API_KEY_COMMAND: "sh key.sh" };
  const outputs = await Promise.all([
    run("env", ["-v"], "openai/gpt-6-luna", environment),
    run("command", ["-v", "--json"], "openai/gpt-6-luna", command),
    run("file", ["-v"], "anthropic/claude-haiku-5-5", {}),
    run("refused-env", ["-v"], "openai/gpt-6-luna", environment),
    run("refused-command", ["--json"], "openai/gpt-6-luna", command),
    run("refused-file", [], "anthropic/claude-haiku-5-5", {}),
    run("shown", ["--show-prompt"], "openai/gpt-6-luna", environment),
  ]);
  assert.match(outputs[0] ?? "", /proven/);
  assert.match(outputs[2] ?? "", /proven/);
  assert.match(outputs[3] ?? "", /refused the key/);
  for (const output of outputs) assert.ok(!output.includes(SECRET), output);
  for (const name of ["env", "command", "file"]) {
    const [hit] = server.hits(name);
    assert.match(String(hit?.headers.authorization), new RegExp(`^Bearer ${SECRET}-${name}$`));
    assert.ok(!hit?.text.includes(SECRET), String(hit?.text));
    assert.ok(!hit?.text.includes(path), "the folder is sent");
  }
  assert.ok(readdirSync(join(path, "cassette")).length >= 3);
  const owned =
    /^(?:schema\.sql|aim\.toml|key\.sh|migrations\/.*|\.config\/aim\/credentials\.toml)$/;
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || owned.test(file.slice(path.length + 1))) continue;
    assert.ok(!readFileSync(file, "utf8").includes(SECRET), file);
  }
});

test("Ctrl-C during a stream ends within a second and leaves nothing behind", async () => {
  await using folder = await temporaryFolder({ ...PROJECT, "aim.toml": toml("") });
  const url = server.at("stall", {
    steps: [{ write: messages.start() + messages.open() }],
    open: true,
  });
  const [command = "", ...args] = [...program(), "generate"];
  const child = spawn(command, args, {
    cwd: folder.path,
    env: {
      ...process.env,
      ...home(folder.path),
      AIM_MODEL: "anthropic/claude-haiku-5-5",
      AIM_BASE_URL: url,
      ANTHROPIC_API_KEY: "k",
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => said += text);
  while (server.hits("stall").length === 0) {
    assert.equal(child.exitCode, null, said);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  child.kill("SIGINT");
  const code = await new Promise((resolve) =>
    child.on("close", (code, name) => resolve(name ?? code))
  );
  assert.ok(code === 130 || code === "SIGINT", `${code}: ${said}`);
  assert.match(said, /interrupted\n$/);
  assert.equal(readdirSync(join(folder.path, "migrations")).length, 2);
  assert.deepEqual(readdirSync(folder.path).sort(), ["aim.toml", "migrations", "schema.sql"]);
});

test("without a key the message says how to get one; with a planner's change none is needed", async () => {
  await using folder = await temporaryFolder({
    ...PROJECT,
    "aim.toml": 'engine = "sqlite"\nmodel = "openai/gpt-6-luna"\n',
  });
  const settings = { cwd: folder.path, variables: home(folder.path) };
  const planned = await runAim(["generate", "--dry-run"], settings);
  assert.equal(planned.code, 0, planned.stderr);
  const asked = await runAim(["generate", "--dry-run", "--generator", "model"], settings);
  assert.equal(asked.code, 2);
  assert.match(asked.stderr, /Cannot find a key for openai[\s\S]*aim auth openai/);
});

const RENAMED = {
  "schema.sql": "CREATE TABLE users (id integer PRIMARY KEY, full_name text);\n",
  "migrations/000001_users.up.sql": "CREATE TABLE users (id integer PRIMARY KEY, fullname text);\n",
  "migrations/000001_users.down.sql": "DROP TABLE users;\n",
  "aim.toml": 'engine = "sqlite"\n',
};

for (
  const [model, variable, base, answer] of [
    ["anthropic/claude-haiku-5-5", "ANTHROPIC_API_KEY", "", messages.answer],
    ["openai-compatible/qwen", "OPENAI_COMPATIBLE_API_KEY", "/v1", chunks.answer],
  ] as const
) {
  const name = model.replace(/\/.*/, "");
  const row = (option: string, reason: string) => `{"q1":${JSON.stringify({ reason, option })}}`;
  const decide = async (answers: readonly string[], args: readonly string[]) => {
    await using folder = await temporaryFolder(RENAMED);
    const at = `decide-${name}`;
    const url = server.at(at, ...answers.map((text) => sse(answer(text)))) + base;
    const variables = home(folder.path, {
      AIM_MODEL: model,
      AIM_BASE_URL: url,
      [variable]: `sk-${SECRET}`,
    });
    const run = await runAim(["generate", "--dry-run", ...args], { cwd: folder.path, variables });
    return { ...run, hits: server.hits(at) };
  };
  const good = row("users.full_name", "the names say the same");

  test(`${name}: why the model decided so is shown by --explain and --json, and by nothing else`, async () => {
    const explained = await decide([good], ["--explain"]);
    assert.equal(explained.code, 0, explained.stderr);
    assert.match(
      explained.stderr,
      /renamed to full_name\?[\s\S]*\(by the model\)\n +because: the names say the same\n/,
    );
    const plain = await decide([good], []);
    assert.doesNotMatch(plain.stderr, /because/);
    const json = JSON.parse((await decide([good], ["--json"])).stdout);
    assert.equal(json.choices[0].answer.reason, "the names say the same");
    assert.deepEqual(json.model.prompts, ["decide-5"]);
    const [hit] = explained.hits;
    assert.match(hit?.text ?? "", /"q1":\{"type":"object","properties":\{"reason"/);
    assert.doesNotMatch(hit?.text ?? "", /ALTER TABLE|PRAGMA/, "the guide is sent");
  });

  test(`${name}: double answers, a drop and garbled JSON are told, and the next answer is taken`, async () => {
    const { code, stderr, stdout, hits } = await decide([
      `{"q1":{"reason":"","option":"ask"},"q1":{"reason":"","option":"users.full_name"}}`,
      row("drop", "gone"),
      '{"q1": {"reason": "no end, "option": "ask"}}',
      good,
    ], []);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /RENAME COLUMN/i);
    const said = hits.map(({ text }) => text);
    assert.match(said[1] ?? "", /stands twice/);
    assert.match(said[2] ?? "", /is for the user to choose/);
    assert.match(said[3] ?? "", /the JSON cannot be read/);
  });

  test(`${name}: a question that the model leaves open ends with the flags and exit code 1`, async () => {
    const { code, stderr, stdout } = await decide([row("ask", "who knows")], []);
    assert.equal(code, 1);
    assert.match(stderr, /leaves a question to you: who knows/);
    assert.match(stderr, /--rename [^\n]*full_name[\s\S]*--answer [^\n]*=drop/);
    assert.doesNotMatch(stdout, /DROP/);
  });
}

test("--show-prompt prints what would be sent and sends nothing, without a key", async () => {
  await using folder = await temporaryFolder({
    ...PROJECT,
    "aim.toml": toml('model = "anthropic/claude-haiku-5-5"'),
  });
  const settings = { cwd: folder.path, variables: home(folder.path) };
  const { code, stdout } = await runAim(["generate", "--show-prompt", "-q"], settings);
  assert.equal(code, 0);
  const body = JSON.parse(stdout);
  assert.equal(body.model, "claude-haiku-5-5");
  assert.match(body.messages[0].content, /\+ column users\.email/);
  assert.match(body.messages[0].content, /«redacted:1»/);
});

test("a run without a model loads no SDK, no parser and no room of models", () => {
  const root = new URL("../..", import.meta.url);
  const text = execFileSync("deno", ["info", "--json", "main.ts"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  const graph: {
    readonly modules: readonly {
      readonly specifier: string;
      readonly dependencies?: readonly {
        readonly isDynamic?: boolean;
        readonly code?: { readonly specifier?: string };
      }[];
    }[];
  } = JSON.parse(text);
  const byName = new Map(graph.modules.map((module) => [module.specifier, module]));
  const reached = new Set([new URL("main.ts", root).href]);
  for (const name of reached) {
    for (const { isDynamic, code } of byName.get(name)?.dependencies ?? []) {
      if (!isDynamic && code?.specifier !== undefined) reached.add(code.specifier);
    }
  }
  const heavy = /anthropic|openai|libpg|syntaqlite|aimock|src\/models\//;
  assert.deepEqual([...reached].filter((name) => heavy.test(name)), []);
});
