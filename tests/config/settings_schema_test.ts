import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { Ajv } from "ajv";
import { parse } from "smol-toml";
import { settingsSchema } from "../../src/cli/topics/settings_schema.ts";
import { CONFIG_KEYS } from "../../src/config/keys.ts";

const accepts = new Ajv({ allowUnionTypes: true }).compile(settingsSchema());

function refused(toml: string): boolean {
  return !accepts(parse(toml));
}

test("the schema accepts the aim.toml of each example", () => {
  const examples = new URL("../../examples/", import.meta.url);
  const folders = readdirSync(examples);
  assert.ok(folders.length >= 3);
  for (const folder of folders) {
    const text = readFileSync(new URL(`${folder}/aim.toml`, examples), "utf8");
    assert.ok(accepts(parse(text)), `${folder}: ${JSON.stringify(accepts.errors)}`);
  }
});

test("the schema accepts the defaults and examples of all keys", () => {
  for (const { key, type, fallback, example } of CONFIG_KEYS) {
    const listed = type === "list" ? [example] : example;
    const value = fallback ??
      (type === "count" || type === "amount" ? Number(example ?? 1) : listed);
    if (value === undefined) continue;
    const [first = "", second] = key.split(".");
    const file = second === undefined ? { [first]: value } : { [first]: { [second]: value } };
    assert.ok(accepts(file), `${key}: ${JSON.stringify(accepts.errors)}`);
  }
});

test("the schema accepts tables and every form of a path", () => {
  const text = `
schema = ["a.sql", "b/"]
statement_timeout = 5
memory_limit = "1GB"
[answers]
"fill:users.timezone" = "expression='UTC'"
[lint]
rename-column = "off"
[sqlite]
functions = ["normalize/1", "concat/-1"]
[flyway]
placeholders = { owner = "app" }
[[check]]
name = "no order without a customer"
sql = "SELECT count(*) FROM orders WHERE customer_id IS NULL"
expect = 0
[prices."openai/gpt"]
input = 1
output = 2.5
`;
  assert.ok(accepts(parse(text)), JSON.stringify(accepts.errors));
});

test("the schema refuses what aim refuses: unknown keys, other types, other words", () => {
  const wrong = [
    'shema = "x"',
    "engine = 1",
    'column_order = "loose"',
    "max_retries = -1",
    "max_retries = 1.5",
    'ignore_tables = "a"',
    'ignore_tables = [""]',
    "schema = []",
    '[lint]\nrename-column = "loud"',
    '[sqlite]\nfunctions = ["normalize"]',
    "[sqlite]\nother = 1",
    '[[check]]\nname = "a"\nsql = "SELECT 1"',
    '[prices."a/b"]\ninput = 1',
  ];
  for (const text of wrong) assert.ok(refused(text), text);
});
