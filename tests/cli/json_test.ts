import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { PROJECT, repository } from "./repository.ts";
import { runAim, type RunSettings, temporaryFolder } from "../run_aim.ts";

/** Objects whose keys are data and not part of the contract. */
const FREE = /^(?:changes\[\]\.(?:before|after)|choices\[\]\.evidence|settings\[\]\.value)\./;

test("docs/json.md explains every key that the commands print", async () => {
  const known = await documented();
  const said: string[] = [];
  const seen = async (args: readonly string[], settings: RunSettings = {}) => {
    const { stdout } = await runAim([...args, "--json"], settings);
    const object: Record<string, unknown> = JSON.parse(stdout);
    said.push(`${args[0]} ${object.outcome}`);
    for (const path of paths(object)) {
      if (!FREE.test(`${path}.`)) assert(known.has(path), `${args.join(" ")}: ${path}`);
    }
    return object;
  };

  await seen(["--version"]);
  await seen(["help", "config"]);
  await seen(["nothing"]);
  await seen(["completions", "fish"]);
  await seen(["upgrade", "--check"]);
  await using home = await temporaryFolder();
  const variables = { XDG_CONFIG_HOME: home.path };
  await seen(["auth", "openai"], { variables, stdin: "a-key-for-a-test\n" });
  await seen(["auth", "--list"], { variables });
  await seen(["auth", "openai", "--remove"], { variables });
  await seen(["trust", "--list"], { variables });
  await seen(["models"], { variables });
  await using folder = await temporaryFolder({ "a.sql": "CREATE TABEL x;" });
  const cwd = folder.path;
  await seen(["init", "--engine", "sqlite"], { cwd });
  await seen(["diff", "--schema", "a.sql"], { cwd });
  await seen(["doctor"], { cwd });
  await seen(["diff"], { cwd });
  await seen(["generate"], { cwd });
  await seen(["validate"], { cwd });

  await using shop = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\n',
    "schema.sql": "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);\n" +
      "CREATE VIEW names AS SELECT name FROM users;\n",
    "migrations/1_a.up.sql": "CREATE TABLE users (id INTEGER PRIMARY KEY, fullname TEXT);\n" +
      "CREATE VIEW names AS SELECT id FROM users;\n",
    "migrations/1_a.down.sql": "DROP VIEW names;\n",
  });
  await seen(["diff"], { cwd: shop.path });
  await seen(["generate"], { cwd: shop.path });
  await seen(["generate", "--dry-run", "--on-ambiguity", "drop-add"], { cwd: shop.path });
  await seen(["validate"], { cwd: shop.path });
  await seen(["report", "-o", "x.html"], { cwd: shop.path });
  await seen(["diff", "--report", "json=x.json"], { cwd: shop.path });
  await seen(["report", "comment", "--file", "x.json", "--dry-run"], { cwd: shop.path });
  await using repo = await repository({
    ...PROJECT,
    "migrations/000002_tags.down.sql": "SELECT 1;\n",
  });
  await seen(["check"], { cwd: repo.path });
  await repo.commit({ "schema.sql": "CREATE TABLE notes (id INTEGER PRIMARY KEY);\n" });
  await seen(["check"], { cwd: repo.path });
  await seen(["rebase"], { cwd: repo.path });
  await repo.write({ "schema.sql": `${PROJECT["schema.sql"]}CREATE TABLE more (id INTEGER);\n` });
  await seen(["generate"], { cwd: repo.path });
  await seen(["amend"], { cwd: repo.path });
  for (
    const outcome of [
      "diff in-sync",
      "diff differs",
      "diff error",
      "generate undecided",
      "validate invalid",
      "check unchanged",
      "check failed",
    ]
  ) {
    assert(said.includes(outcome), `${outcome} was not seen: ${said}`);
  }
});

test("the keys of the contract are always there, in their form", async () => {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\n',
    "schema.sql": "CREATE TABLE users (id INTEGER PRIMARY KEY);\n",
    "migrations/.keep": "",
  });
  const { stdout } = await runAim(["generate", "--json"], { cwd: folder.path });
  const object = JSON.parse(stdout);
  assert.equal(object.aim, 1);
  assert.equal(object.outcome, "proven");
  assert.deepEqual(object.changes[0].op, "create");
  assert.equal(typeof object.migration.name, "string");
  assert(object.migration.up.every((sql: unknown) => typeof sql === "string"));
  assert(object.migration.down.every((sql: unknown) => typeof sql === "string"));
  assert.deepEqual(Object.keys(object.migration.files[0]), ["path", "text"]);
  const { up, down, again } = object.proof;
  assert.deepEqual([up, down, again], ["exact", "exact", "exact"]);
  assert.deepEqual([object.choices, object.findings], [[], []]);
  assert.equal(object.usage.calls, 0);
  assert.equal(object.written, true);
});

/** The paths that the page names in backticks, `*` spelt out. */
async function documented(): Promise<ReadonlySet<string>> {
  const text = await readFile(new URL("../../docs/json.md", import.meta.url), "utf8");
  const names = [...text.matchAll(/`([a-zA-Z.[\]*]+)`/g)].map(([, name = ""]) => name);
  return new Set(
    names.flatMap((name) =>
      name.includes("*") ? ["up", "down"].map((side) => name.replace("*", side)) : [name]
    ),
  );
}

/** What is the same wherever it stands, and explained once. */
const SAME: Readonly<Record<string, string>> = {
  "proof.refusals[].changes": "changes",
  planned: "",
  linted: "migrations",
};

/** The paths of all keys of an object. */
function paths(value: unknown, path = ""): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => paths(item, `${path}[]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const full = path === "" ? key : `${path}.${key}`;
    const below = SAME[full] ?? full;
    return [full, ...(FREE.test(`${full}.`) ? [] : paths(inner, below))];
  });
}
