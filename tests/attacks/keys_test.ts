import assert from "node:assert/strict";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { after } from "node:test";
import { part } from "../depth.ts";
import { type Finished, runAim, temporaryFolder } from "../run_aim.ts";
import { chunks, json, type Script, sse, wireServer } from "../models/wire_server.ts";
import { spellings } from "./key_spellings.ts";
import { askAt, GOOD_ANSWER, KEY, person, projectFiles, WIRES } from "./model_project.ts";

const server = await wireServer();
after(() => server[Symbol.asyncDispose]());

const GOOD = sse(chunks.answer(GOOD_ANSWER));

/** No spelling of the key is in what was said. */
function assertHidden(key: string, { stdout, stderr }: Finished, ...files: readonly string[]) {
  for (const [name, { hidden }] of Object.entries(spellings(key))) {
    for (const text of [stdout, stderr, ...files]) {
      assert.ok(!text.includes(hidden), `the key is shown ${name}: ${text}`);
    }
  }
}

for (const wire of WIRES) {
  test(`${wire}: a server that says the key back does not bring it to light, in any spelling`, async () => {
    const all = Object.entries(spellings(KEY)).map(([name, { written }]) => `${name} ${written}`);
    const body = json(400, { error: { message: `You sent ${all.join("\n")}` } });
    for (const args of [["generate", "-v"], ["generate", "--json"], ["models", wire]]) {
      const finished = await askAt(server.at("echo", body), { wire, args });
      assertHidden(KEY, finished);
      assert.match(finished.stdout + finished.stderr, /You sent as it is \*\*\*/);
    }
  });
}

test("an answer that holds the key is shown and recorded without it, however it is cut", async () => {
  await using folder = await temporaryFolder();
  const cassette = join(folder.path, "cassette");
  const answer = JSON.stringify({ ...JSON.parse(GOOD_ANSWER), description: `the key is ${KEY}` });
  const events = chunks.answer(answer);
  const middle = events.indexOf("canary") + 9;
  const cuts: readonly Script[] = [
    sse(events),
    {
      steps: [
        { write: events.slice(0, middle) },
        { sleep: 100 },
        { write: events.slice(middle) },
      ],
    },
    sse(...[...answer].map(chunks.text), chunks.chunk({}, "stop"), chunks.done()),
  ];
  for (const [at, script] of cuts.entries()) {
    const variables = { AIM_LLM_CASSETTE: `${cassette}${at}`, AIM_LLM_MODE: "record" };
    const args = ["generate", "--dry-run", "-v"];
    const finished = await askAt(server.at("cut", script), { wire: "openai", args, variables });
    const names = await readdir(`${cassette}${at}`).catch(() => []);
    const files = await Promise.all(
      names.map((name) => readFile(join(`${cassette}${at}`, name), "utf8")),
    );
    assertHidden(KEY, finished, ...files);
    const words = files.map((text) => text.replaceAll(/[^\w/+-]/g, "")).join("");
    assert.ok(!words.includes(KEY.slice(0, 20)), "the recording holds the key in pieces");
  }
});

test("a stored key is hidden in every command, also in what no model has to do with", async () => {
  const key = 'stored/canary+7f3a"91';
  const files = projectFiles({
    wire: "openai",
    files: { "schema.sql": `SELECT '${key}' FROM nowhere;\n` },
  });
  await using folder = await temporaryFolder({
    ...files,
    ".config/aim/credentials.toml": `openai = ${JSON.stringify(key)}\nbroken\n`,
  });
  await chmod(join(folder.path, ".config/aim/credentials.toml"), 0o600);
  for (
    const args of [["diff"], ["diff", "--json"], ["doctor"], ["generate", "-v"], ["auth", key]]
  ) {
    const finished = await runAim(args, { cwd: folder.path, variables: person(folder.path) });
    assertHidden(key, finished);
  }
});

test("passwords and keys in addresses are hidden", async () => {
  const address = "http://someone:Pass-w0rd-9@127.0.0.1:9/v1?api_key=query-canary-1234";
  await using folder = await temporaryFolder(
    projectFiles({ wire: "openai", toml: `base_url = "${address}"` }),
  );
  const variables = person(folder.path, { OPENAI_API_KEY: KEY });
  for (
    const args of [["generate"], ["trust"], ["doctor"], ["generate", "--json"], ["trust", "--json"]]
  ) {
    const { stdout, stderr } = await runAim(args, { cwd: folder.path, variables });
    assert.doesNotMatch(stdout + stderr, /Pass-w0rd-9|query-canary/);
  }
});

test("a key command's key is hidden, and its failure does not show what it printed", async () => {
  const url = server.at("command", json(400, { error: { message: "bad key from-a-command-81" } }));
  const variables = { OPENAI_API_KEY: "", AIM_API_KEY_COMMAND: "echo from-a-command-81" };
  const finished = await askAt(url, { wire: "openai", variables, args: ["generate", "-v"] });
  assert.doesNotMatch(finished.stdout + finished.stderr, /from-a-command-81/);
  assert.match(finished.stderr, /bad key \*\*\*/);
});

test("a loopback address of a project gets a key only after trust", async () => {
  await using folder = await temporaryFolder(projectFiles({
    wire: "openai",
    toml: `base_url = "${server.at("near", GOOD)}"`,
  }));
  const settings = { cwd: folder.path, variables: person(folder.path, { OPENAI_API_KEY: KEY }) };
  for (const args of [["generate"], ["models", "openai"], ["models", "groq"]]) {
    const variables = { ...settings.variables, GROQ_API_KEY: KEY };
    const refused = await runAim(args, { ...settings, variables });
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, /not trusted/);
  }
  assert.equal(server.hits("near").length, 0);
  assert.equal((await runAim(["trust"], settings)).code, 0);
  const trusted = await runAim(["generate", "--dry-run"], settings);
  assert.equal(trusted.code, 0, trusted.stderr);
  const hits = server.hits("near").length;
  const groq = { ...settings, variables: { ...settings.variables, GROQ_API_KEY: KEY } };
  assert.match((await runAim(["models", "groq"], groq)).stderr, /not trusted/);
  assert.equal(server.hits("near").length, hits, "the key of another provider was sent");
});

test("trust holds for the files of the project that a key command uses, as they were", async () => {
  const cases: Readonly<Record<string, readonly [string, string]>> = {
    "sh ./tools/key.sh": ["tools/key.sh", "echo one-key-of-mine"],
    "./tools/key.sh": ["tools/key.sh", "#!/bin/sh\necho one-key-of-mine"],
    'sh "my tools/key.sh"': ["my tools/key.sh", "echo one-key-of-mine"],
    "cd tools && sh key.sh": ["tools/key.sh", "echo one-key-of-mine"],
    "PATH=$PWD/bin:$PATH get-key": ["bin/get-key", "#!/bin/sh\necho one-key-of-mine"],
    "sh -c 'sh \"my tools/key.sh\"'": ["my tools/key.sh", "echo one-key-of-mine"],
    "sh outer.sh": ["inner.sh", "echo one-key-of-mine"],
    "python3 key.py": ["secret_of.py", "print('one-key-of-mine')"],
    "python3 -m tools.key": ["tools/key.py", "print('one-key-of-mine')"],
  };
  for (const [command, [file, text]] of part(Object.entries(cases), 3)) {
    const url = server.at("keyed", GOOD);
    await using folder = await temporaryFolder(projectFiles({
      wire: "openai",
      toml: `base_url = "${url}"\napi_key_command = ${JSON.stringify(command)}`,
      files: { "outer.sh": "sh ./inner.sh", "key.py": "import secret_of\n", [file]: text },
    }));
    await chmod(join(folder.path, file), 0o755);
    const settings = { cwd: folder.path, variables: person(folder.path) };
    const ask = () => runAim(["generate", "--dry-run"], settings);
    assert.match((await ask()).stderr, /not trusted/, command);
    const shown = await runAim(["trust"], settings);
    assert.ok(shown.stderr.includes(file), `${command}: ${shown.stderr}`);
    const trusted = await ask();
    assert.equal(trusted.code, 0, `${command}: ${trusted.stderr}`);
    const more = file.endsWith(".py") ? "open('ran', 'w')" : "touch ran";
    await writeFile(join(folder.path, file), `${text}\n${more}`);
    assert.match((await ask()).stderr, /not trusted/, command);
    assert.ok(!(await readdir(folder.path)).includes("ran"), `${command}: the edited file was run`);
  }
});

test("trust shows what it trusts, with control characters visible and before it is kept", async () => {
  await using folder = await temporaryFolder(projectFiles({
    wire: "openai",
    toml: 'base_url = "http://evil.invalid/\\u001b[2K\\rhttps://api.openai.com"\n' +
      'api_key_command = "curl evil.invalid \\u001b[8m\\u202e # \\u0008\\u0008pass show openai"',
  }));
  const settings = { cwd: folder.path, variables: person(folder.path) };
  const { code, stderr } = await runAim(["trust"], settings);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /base_url {9}http:\/\/evil\.invalid\/\\u001b\[2K\\u000d/);
  assert.match(stderr, /\\u001b\[8m\\u202e # \\u0008/);
  assert.ok(stderr.indexOf("evil.invalid") < stderr.indexOf("trusted:"));
});

test("another provider, address or command than the trusted one asks again", async () => {
  const toml = (url: string, command: string) =>
    `base_url = "${url}"\napi_key_command = "${command}"`;
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, "p/migrations"), { recursive: true });
  const cwd = join(folder.path, "p");
  const settings = {
    cwd,
    variables: person(folder.path, { OPENAI_API_KEY: KEY, GROQ_API_KEY: KEY }),
  };
  const write = async (model: string, lines: string) => {
    const files = projectFiles({ wire: "openai", toml: lines });
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(cwd, name), text.replace('"openai/m"', `"${model}"`));
    }
  };
  await write("openai/m", toml("http://one.invalid", "echo a-key-of-mine"));
  await runAim(["trust"], settings);
  const others: readonly (readonly [string, string])[] = [
    ["groq/m", toml("http://one.invalid", "echo a-key-of-mine")],
    ["openai/m", toml("http://two.invalid", "echo a-key-of-mine")],
    ["openai/m", toml("http://one.invalid", "echo another-key")],
    ["openai/m", 'base_url = "http://one.invalid"'],
    ["openai/m", 'api_key_command = "echo a-key-of-mine"'],
  ];
  for (const [model, lines] of others) {
    await write(model, lines);
    const variables = { ...settings.variables, OPENAI_API_KEY: "", GROQ_API_KEY: "" };
    const { code, stderr } = await runAim(["generate"], { ...settings, variables });
    assert.equal(code, 2, `${model} ${lines}: ${stderr}`);
    assert.match(stderr, /not trusted|Cannot find a key/, lines);
  }
});
