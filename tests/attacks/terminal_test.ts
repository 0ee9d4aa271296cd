import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import test, { after } from "node:test";
import { visible } from "../../src/cli/visible.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { chunks, json, sse, wireServer } from "../models/wire_server.ts";
import { ACTING, ALL_SEQUENCES, SEQUENCES } from "./acting.ts";
import { askAt, GOOD_ANSWER, person, projectFiles } from "./model_project.ts";

const server = await wireServer();
after(() => server[Symbol.asyncDispose]());

const QUOTED = `"${ALL_SEQUENCES}"`;
const HOSTILE =
  `CREATE TABLE users (id integer PRIMARY KEY, ${QUOTED} text); -- ${ALL_SEQUENCES}\n` +
  `CREATE VIEW ${QUOTED.replace('"', '"v')} AS SELECT id FROM users;\n`;

/** Our own colours aside, nothing in the text acts on a terminal. */
function assertShown(text: string, what: string) {
  // deno-lint-ignore no-control-regex
  const plain = text.replaceAll(/\x1b\[(?:1|2|22|3[1-6]|39)m/g, "");
  const found = ACTING.exec(plain);
  assert.equal(
    found,
    null,
    `${what}: ${JSON.stringify(plain.slice((found?.index ?? 0) - 60, (found?.index ?? 0) + 20))}`,
  );
}

test("each sequence is made visible, and what people write stays as it is", () => {
  for (const [name, text] of Object.entries(SEQUENCES)) {
    assert.doesNotMatch(visible(text), ACTING, name);
    assert.equal(JSON.parse(visible(JSON.stringify(text))), text, name);
  }
  const harmless = "Größe\tnaïve\nнет 表 שם می‌خواهم 👩‍👩‍👧 \u{1f469} «»";
  assert.equal(visible(harmless), harmless);
  assert.equal(visible("a\r\nb"), "a\nb");
  assert.equal(visible("\ud800x"), "\\ud800x");
});

test("names, comments and notes of a schema do not reach the terminal as they are", async () => {
  await using folder = await temporaryFolder({
    ...projectFiles({ wire: "openai", files: { "schema.sql": HOSTILE } }),
  });
  const settings = { cwd: folder.path, variables: person(folder.path) };
  const planner = ["--generator", "planner"];
  for (
    const args of [
      ["diff"],
      ["diff", "--color", "always"],
      ["generate", ...planner, "-v", "--dry-run", "--color", "always"],
      ["generate", ...planner, "--explain"],
      ["validate", "-v"],
      ["diff", "-v"],
    ]
  ) {
    const { stdout, stderr } = await runAim(args, settings);
    assertShown(stderr, args.join(" "));
    if (!args.includes("--dry-run")) assertShown(stdout, args.join(" "));
  }
});

test("data cannot forge a colour, also where colours are on", async () => {
  await using folder = await temporaryFolder(projectFiles({
    wire: "openai",
    files: { "schema.sql": 'CREATE TABLE "\x1b[32mproven\x1b[39m" (id integer);\n' },
  }));
  const settings = { cwd: folder.path, variables: person(folder.path) };
  const { stdout } = await runAim(["diff", "--color", "always"], settings);
  assert.ok(stdout.includes("\\u001b[32mproven\\u001b[39m"), stdout);
  assert.ok(stdout.includes("\x1b[32m+"), "our own colours are there");
});

test("JSON holds every character and sends none that acts", async () => {
  const name = ALL_SEQUENCES;
  await using folder = await temporaryFolder(
    projectFiles({ wire: "openai", files: { "schema.sql": HOSTILE } }),
  );
  const settings = { cwd: folder.path, variables: person(folder.path) };
  const { stdout } = await runAim(["diff", "--json"], settings);
  assertShown(stdout, "diff --json");
  assert.ok(JSON.stringify(JSON.parse(stdout)).includes(JSON.stringify(name).slice(1, -1)));
});

test("the SQL of a dry run on a pipe is the SQL, byte for byte, and DOWN stays a comment", async () => {
  const column = `evil\rDROP TABLE x; ${ALL_SEQUENCES}`;
  await using folder = await temporaryFolder(projectFiles({
    wire: "openai",
    files: { "schema.sql": `CREATE TABLE users (id integer PRIMARY KEY, "${column}" text);\n` },
  }));
  const settings = { cwd: folder.path, variables: person(folder.path) };
  const args = ["generate", "--dry-run", "--generator", "planner"];
  const { stdout, stderr, code } = await runAim(args, settings);
  assert.equal(code, 0, stderr);
  assert.ok(stdout.includes(`ADD COLUMN "${column}" text`), JSON.stringify(stdout));
  const down = stdout.slice(stdout.indexOf(", down:"));
  for (const line of down.split(/[\r\n]+/).slice(1)) assert.match(line, /^(?:--|$)/);
});

test("errors show what they quote: SQL, settings, flags, names of files and folders", async () => {
  const name = Object.values(SEQUENCES).join("").replaceAll(/[\\/\n]/g, "").slice(0, 60);
  const toml = `"${JSON.stringify(ALL_SEQUENCES).slice(1, -1)}"`;
  const runs: readonly (readonly [Record<string, string>, readonly string[]])[] = [
    [{ "schema.sql": `SELECT 1 FROM ${QUOTED};\n` }, ["diff"]],
    [{ "schema.sql": `CREATE TABLE ${ALL_SEQUENCES};\n` }, ["diff"]],
    [{ [`migrations/2_${name}.sql`]: "SELEC 1;\n" }, ["validate"]],
    [{ "aim.toml": `engine = ${toml}\n` }, ["diff"]],
    [{ "aim.toml": `engine = "sqlite"\nmodel = ${toml}\n` }, ["models"]],
    [{ "aim.toml": `engine = "sqlite"\n${toml} = 1\n` }, ["doctor"]],
    [{ "aim.toml": `engine = "sqlite"\nx = ${ALL_SEQUENCES}\n` }, ["diff"]],
    [{ "aim.toml": `engine = "sqlite"\nschema = ${toml}\n` }, ["diff"]],
    [{}, [`--${name}`]],
    [{}, [name]],
    [{}, ["help", name]],
    [{}, ["diff", "--engine", ALL_SEQUENCES]],
    [{}, ["diff", "-C", name]],
    [{}, ["generate", "--name", ALL_SEQUENCES]],
    [{}, ["generate", "--rename", `${ALL_SEQUENCES}=x`]],
    [{}, ["auth", name]],
  ];
  for (const [files, args] of runs) {
    await using folder = await temporaryFolder(projectFiles({ wire: "openai", files }));
    const settings = { cwd: folder.path, variables: person(folder.path) };
    const { stdout, stderr } = await runAim(args, settings);
    const what = `${JSON.stringify(Object.keys(files))} ${JSON.stringify(args)}`;
    assertShown(stdout + stderr, what);
    assert.ok((stdout + stderr).length > 0, what);
  }
});

test("answers, errors and lists of providers are shown, not sent", async () => {
  const answer = JSON.stringify({ ...JSON.parse(GOOD_ANSWER), description: ALL_SEQUENCES });
  const question = JSON.stringify({
    ...JSON.parse(GOOD_ANSWER),
    up: [],
    down: [],
    question: ALL_SEQUENCES,
  });
  const refusal = chunks.chunk({ refusal: ALL_SEQUENCES }, "stop");
  const broken = GOOD_ANSWER.replace("email text", `${ALL_SEQUENCES.replaceAll(/["\\]/g, "")}`);
  const generate = ["generate", "--dry-run", "-v"];
  const runs = [
    [sse(chunks.answer(answer)), generate],
    [sse(chunks.answer(question)), generate],
    [sse(chunks.answer(broken)), generate],
    [sse(chunks.answer(`no JSON ${ALL_SEQUENCES}`)), generate],
    [sse(refusal), generate],
    [json(400, { error: { message: ALL_SEQUENCES } }), generate],
    [json(401, ALL_SEQUENCES), generate],
    [json(200, { data: [{ id: ALL_SEQUENCES.slice(0, 150), retires_at: "\x1b[2J-----" }] }), [
      "models",
      "openai",
    ]],
  ] as const;
  for (const [script, args] of runs) {
    const { stdout, stderr } = await askAt(server.at("talk", script), { wire: "openai", args });
    assertShown(stderr, `${args[0]} ${JSON.stringify(script.steps).slice(0, 80)}`);
    if (args[0] === "models") assertShown(stdout, "models");
    assert.ok(stderr.length > 0);
  }
});

test("paths of written files are bytes on a pipe, as the shell needs them", async () => {
  await using folder = await temporaryFolder(projectFiles({ wire: "openai" }));
  const settings = { cwd: folder.path, variables: person(folder.path) };
  const { stdout } = await runAim(["generate", "-q", "--generator", "planner"], settings);
  const names = await readdir(`${folder.path}/migrations`);
  assert.deepEqual(stdout.trim().split("\n").filter((path) => !names.includes(path.slice(11))), []);
});
