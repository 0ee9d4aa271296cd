import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { CONFIG_KEYS, loadConfig, parseEngineSpec } from "../../src/config/config.ts";
import { UsageError } from "../../src/core/error.ts";
import { nearest } from "../../src/text/nearest.ts";
import { temporaryFolder } from "../run_aim.ts";

async function load(toml: string, options: Partial<Parameters<typeof loadConfig>[0]> = {}) {
  await using folder = await temporaryFolder({ "aim.toml": toml });
  return (await loadConfig({ folder: folder.path, ...options })).config;
}

async function refusal(toml: string, options: Partial<Parameters<typeof loadConfig>[0]> = {}) {
  try {
    await load(toml, options);
  } catch (error) {
    assert(error instanceof UsageError);
    return error;
  }
  return assert.fail("the settings were taken");
}

test("a file that names the engine alone gets the defaults of the Rust tool", async () => {
  await using folder = await temporaryFolder({ "aim.toml": 'engine = "postgres-16"\n' });
  const { config } = await loadConfig({ folder: folder.path });
  assert.equal(config.engine, "postgres-16");
  assert.equal(config.format, "migrate");
  assert.deepEqual(config.schema, [join(folder.path, "schema.sql")]);
  assert.equal(config.migrations, join(folder.path, "migrations"));
  assert.equal(config.maxRetries, 3);
  assert.equal(config.maxTokens, 16384);
  assert.equal(config.model, null);
  assert.equal(config.columnOrder, "ignore");
  assert.deepEqual(config.ignoreTables, []);
  assert.equal(config.sources.engine, "file");
  assert.equal(config.sources.format, "default");
});

test("a flag goes over a variable, a variable over the file, the file over the default", async () => {
  const toml = 'engine = "sqlite"\nmax_retries = 1\nmax_tokens = 2\nformat = "goose"\n';
  const config = await load(toml, {
    variables: { AIM_MAX_RETRIES: "5", AIM_MAX_TOKENS: "6", AIM_FORMAT: "" },
    flags: { max_retries: ["9"] },
  });
  assert.deepEqual([config.maxRetries, config.maxTokens, config.format], [9, 6, "goose"]);
  const { max_retries, max_tokens, format, model } = config.sources;
  assert.deepEqual([max_retries, max_tokens, format, model], [
    "flag",
    "environment",
    "file",
    "default",
  ]);
});

test("every key has a variable, and a list is separated by commas", async () => {
  const config = await load("", {
    variables: {
      AIM_ENGINE: "postgres",
      AIM_COLUMN_ORDER: "strict",
      AIM_IGNORE_TABLES: "a, b_*",
      AIM_MAX_COST_USD: "0.5",
      AIM_PROVENANCE: "true",
    },
  });
  assert.equal(config.columnOrder, "strict");
  assert.deepEqual(config.ignoreTables, ["a", "b_*"]);
  assert.equal(config.maxCostUsd, 0.5);
  assert.equal(config.provenance, true);
});

test("aim.toml is found above the working folder, and its paths are relative to it", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\nschema = "db/schema.sql"\n',
    "a/b/keep": "",
  });
  const below = join(folder.path, "a/b");
  const { config } = await loadConfig({ folder: below, flags: { migrations: ["here"] } });
  assert.equal(config.root, folder.path);
  assert.equal(config.file, join(folder.path, "aim.toml"));
  assert.deepEqual(config.schema, [join(folder.path, "db/schema.sql")]);
  assert.equal(config.migrations, join(below, "here"), "a flag is relative to the working folder");
});

test("without a file the flags are enough", async () => {
  await using folder = await temporaryFolder();
  const { config } = await loadConfig({ folder: folder.path, flags: { engine: ["sqlite"] } });
  assert.equal(config.file, null);
  assert.equal(config.root, folder.path);
});

test("an unknown key is refused with its place and the nearest known name", async () => {
  const error = await refusal('engine = "sqlite"\n\n  migratons = "db"\n');
  assert.match(error.message, /Unknown key "migratons" in aim\.toml/);
  assert.deepEqual(error.place, { file: "aim.toml", line: 3, column: 3 });
  assert.equal(error.source, '  migratons = "db"');
  assert.equal(error.hint, 'did you mean "migrations"?');
});

test("an unknown table is refused with its place", async () => {
  const error = await refusal('engine = "sqlite"\n[llm]\nx = 1\n');
  assert.deepEqual(error.place, { file: "aim.toml", line: 2, column: 2 });
});

test("a key's place is not looked for inside a multi-line string", async () => {
  const toml = 'context = """\nfoo = 1\n"""\nengine = "sqlite"\nfoo = 2\n';
  assert.equal((await refusal(toml)).place?.line, 5);
});

test("a wrong type is refused with its place and what is expected", async () => {
  const cases: readonly (readonly [toml: string, message: RegExp])[] = [
    ['max_retries = "3"', /max_retries in aim\.toml: it must be a whole number/],
    ["max_tokens = 1.5", /max_tokens .*whole number/],
    ["max_tokens = -1", /max_tokens .*whole number/],
    ["schema = 1", /schema .*a path/],
    ['ignore_tables = "a"', /ignore_tables .*a list of strings/],
    ['column_order = "stric"', /column_order .*ignore or strict/],
    ["engine = 16", /engine .*a string/],
    ['prices = { "a/b" = { input = "1", output = 2 } }', /prices .*input and output/],
  ];
  for (const [toml, message] of cases) {
    const error = await refusal(`# first line\n${toml}\n`);
    assert.match(error.message, message);
    assert.equal(error.place?.line, 2, toml);
  }
  assert.equal((await refusal('column_order = "stric"')).hint, 'did you mean "strict"?');
});

test("text that is not TOML is refused with its place", async () => {
  const error = await refusal('engine = "sqlite"\nformat = goose\n');
  assert.match(error.message, /^Cannot read aim\.toml: /);
  assert.equal(error.place?.line, 2);
  assert.equal(error.source, "format = goose");
  assert(!error.message.includes("\n"));
});

test("a wrong value of a flag or a variable names the flag or the variable", async () => {
  const flag = await refusal('engine = "sqlite"', { flags: { max_retries: ["many"] } });
  assert.match(flag.message, /--max-retries "many": it must be a whole number/);
  const variable = await refusal('engine = "sqlite"', { variables: { AIM_COLUMN_ORDER: "x" } });
  assert.match(variable.message, /AIM_COLUMN_ORDER "x": it must be ignore or strict/);
});

test("a missing engine says how to get one", async () => {
  await using folder = await temporaryFolder();
  await assert.rejects(loadConfig({ folder: folder.path }), { hint: /aim init/ });
  assert.match((await refusal('format = "goose"')).message, /Cannot find the engine in aim\.toml/);
});

test("engine specifiers are a name, or a name and a version", () => {
  const cases: Readonly<Record<string, readonly [string, string | null]>> = {
    "postgres": ["postgres", null],
    "postgres-16": ["postgres", "16"],
    "postgres-16.4": ["postgres", "16.4"],
    "postgres-16-alpine": ["postgres", "16-alpine"],
    "sqlite": ["sqlite", null],
    "sqlite-3.35": ["sqlite", "3.35"],
    "mysql-9": ["mysql", "9"],
    "mariadb-11.4": ["mariadb", "11.4"],
  };
  for (const [spec, [dialect, version]] of Object.entries(cases)) {
    assert.deepEqual(parseEngineSpec(spec), { dialect, version });
  }
  for (const spec of ["", "16", "postgres16", "postgres-", "postgres 16", "Postgres", "pg:16"]) {
    assert.throws(() => parseEngineSpec(spec), UsageError, spec);
  }
  assert.throws(() => parseEngineSpec("postgres16"), { hint: /"postgres-16"/ });
});

test("an engine that cannot be read is shown where it stands", async () => {
  const error = await refusal('# one\nengine = "postgres16"\n');
  assert.equal(error.place?.line, 2);
});

test("prices of models are taken from the file", async () => {
  const config = await load('engine = "sqlite"\n[prices."a/b-1"]\ninput = 1\noutput = 2.5\n');
  assert.deepEqual(config.prices, { "a/b-1": { input: 1, output: 2.5 } });
});

test("every key is explained once", () => {
  const keys = CONFIG_KEYS.map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
  for (const { key, summary } of CONFIG_KEYS) assert.match(summary, /^[A-Z].*[^.]$/, key);
});

test("the nearest name forgives a letter, a swap and a dash, and no more", () => {
  const names = ["schema", "migrations", "max_retries", "format"];
  assert.equal(nearest("shcema", names), "schema");
  assert.equal(nearest("max-retries", names), "max_retries");
  assert.equal(nearest("migrate", names), null);
  assert.equal(nearest("colour", names), null);
});
