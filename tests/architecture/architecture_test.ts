import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { COMMANDS } from "../../src/cli/commands/mod.ts";
import { FORMATS } from "../../src/formats/all.ts";
import { transactionMode } from "../../src/formats/transaction_mode.ts";
import {
  exportedValues,
  filesUnder,
  importCircles,
  importedNames,
  importsOf,
  ROOT,
  sourcesUnder,
} from "./source.ts";
import { LONG } from "../long.ts";
import { ON_THE_BINARY } from "../on_the_binary.ts";
import { DIALECT_NAMES, IMPORT_CIRCLES, SQL_IN_PIPELINE, UNUSED } from "./known.ts";

const ROOMS = ["engines", "runtimes", "formats", "models", "orm"];
/** What a room shows to everybody: its contract, of which others may use the types. */
const CONTRACTS = new Set([
  "src/engines/engine.ts",
  "src/engines/object_kind.ts",
  "src/runtimes/runtime.ts",
  "src/formats/format.ts",
  "src/models/model.ts",
  "src/orm/orm.ts",
]);
const DIALECTS = ["sqlite", "postgres"];

/** Files with the text of scripts for projects, in languages and styles of theirs. */
const HOLDS_SCRIPTS = /^src\/orm\/tools\//;

const SCRIPTS = filesUnder("scripts").filter((path) => path.split("/").length === 2);
const ENGINE_THREADS = filesUnder("src/runtimes/worker").filter((path) =>
  path.endsWith("_entry.ts")
);
const imports = ["binary.ts", ...ENGINE_THREADS].flatMap(importsOf);
const sources = sourcesUnder("src");

test("what this test names is there, and it looks at something", () => {
  const named = [...ROOMS.map((room) => `src/${room}`), ...CONTRACTS, "src/pipeline", "src/cli"];
  const dialects = DIALECTS.map((dialect) => `src/engines/${dialect}`);
  assert.deepEqual([...named, ...dialects].filter((path) => !existsSync(join(ROOT, path))), []);
  const unread = [...CONTRACTS].filter((path) => !imports.some(({ to }) => to === path));
  assert.deepEqual(unread, []);
  for (const room of [...ROOMS, "pipeline", "cli"]) {
    assert.ok(sources.some(({ path }) => path.startsWith(`src/${room}/`)), room);
  }
  assert.ok(imports.length > 500 && SCRIPTS.length > 5);
});

test("the tests of the binary are there, start aim, and run the examples of every command", () => {
  const files = Object.values(ON_THE_BINARY).flat();
  assert.equal(new Set(files).size, files.length);
  const starts = /\brun_aim\.ts"|\bproject_case\.ts"/;
  assert.deepEqual(
    files.filter((path) => !starts.test(readFileSync(join(ROOT, path), "utf8"))),
    [],
  );
  assert.ok(files.includes("tests/cli/examples_of_help_test.ts"));
  assert.deepEqual(
    COMMANDS.filter(({ examples }) => examples.length === 0).map(({ name }) => name),
    [],
  );
});

test("the tests that the suite leaves out are there, and no room is left out", () => {
  const files = Object.values(LONG).flat();
  assert.equal(new Set(files).size, files.length);
  const tests = filesUnder("tests").filter((path) => path.endsWith("_test.ts"));
  assert.deepEqual(files.filter((path) => !tests.includes(path)), []);
  const rooms = (paths: readonly string[]) =>
    [...new Set(paths.map((path) => path.split("/")[1]))].sort();
  assert.deepEqual(rooms(tests.filter((path) => !files.includes(path))), rooms(tests));
});

test("docs/architecture.md names files and folders that are there", () => {
  const text = readFileSync(join(ROOT, "docs/architecture.md"), "utf8");
  const tree = /```\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
  const places = new Set(["main.ts", "binary.ts", ...filesAndFolders()]);
  const named = [...tree.matchAll(/(?<![\w./])([a-z][\w]*(?:\.ts|\/))(?![\w.])/g)].map(([, name]) =>
    name
  );
  assert.ok(named.length > 30);
  assert.deepEqual(named.filter((name) => name !== undefined && !places.has(name)), []);
});

test("imports point one way: main -> cli -> pipeline -> rooms -> nouns", () => {
  const wrong = imports.filter(({ from, to, typeOnly }) =>
    layer(to) > layer(from) && !(typeOnly && CONTRACTS.has(to))
  );
  assert.deepEqual(wrong, []);
});

test("a room imports another room's contract only, and an engine its runtimes", () => {
  const wrong = imports.filter(({ from, to, typeOnly }) => {
    const [here, there] = [room(from), room(to)];
    if (here === null || here === "cli" || there === null || here === there) return false;
    if (here === "engines" && there === "runtimes") return false;
    return !(typeOnly && CONTRACTS.has(to));
  });
  assert.deepEqual(wrong, []);
});

test("a dialect imports no other dialect", () => {
  const dialect = (path: string) =>
    /^src\/engines\/(sqlite|postgres|mysql|mariadb)\//.exec(path)?.[1];
  const wrong = imports.filter(({ from, to }) => {
    const [here, there] = [dialect(from), dialect(to)];
    return here !== undefined && there !== undefined && here !== there && here !== "mariadb";
  });
  assert.deepEqual(wrong, []);
});

test("only main.ts imports the command line", () => {
  const wrong = imports.filter(({ from, to }) =>
    room(from) !== "cli" && room(to) === "cli" && from !== "main.ts"
  );
  assert.deepEqual(wrong, []);
});

test("every file of src is reached from main.ts or a script", () => {
  const all = [...imports, ...SCRIPTS.flatMap(importsOf)];
  const reached = new Set([...ENGINE_THREADS, ...all.map(({ to }) => to)]);
  assert.deepEqual(sources.map(({ path }) => path).filter((path) => !reached.has(path)), []);
});

test("src speaks node: built-ins and npm packages, never Deno or Bun", () => {
  assert.deepEqual(offenders(/\b(?:Deno|Bun)\s*[.[]|["'](?:jsr|bun|https?):[^"'/ ]/), []);
});

test("only the command line touches the console and the streams", () => {
  const touching = offenders(
    /\bconsole\s*\.\s*\w+\(|\bprocess\s*\.\s*(?:stdout|stderr|stdin|argv|exit)\b/,
  );
  const isFree = (path: string) => path.startsWith("src/cli/") || HOLDS_SCRIPTS.test(path);
  assert.deepEqual(touching.filter((path) => !isFree(path)), []);
});

test("there are no enums, default exports or `any`", () => {
  assert.deepEqual(
    offenders(/^\s*(?:export\s+)?(?:const\s+)?enum\s|\bexport\s+default\b|:\s*any\b|\bas\s+any\b/m)
      .filter((path) => !HOLDS_SCRIPTS.test(path)),
    [],
  );
});

test("nothing but engines, runtimes, parsers, rules, tools of models and the formats' own tables names a dialect", () => {
  const free =
    /^src\/(?:engines|runtimes|parsers|rules|orm)\/|^src\/formats\/(?:transaction_mode|runner_tables|liquibase\/dialects)\.ts$/;
  const naming = offenders(/sqlite|postgres|mysql|mariadb/i).filter((path) => !free.test(path));
  assertKnown(naming, DIALECT_NAMES);
});

test("the pipeline writes no SQL but BEGIN, COMMIT and ROLLBACK", () => {
  const words = new RegExp(`\\b(?:${SQL_WORDS.join("|")})\\b`);
  assertKnown(offenders(words).filter((path) => path.startsWith("src/pipeline/")), SQL_IN_PIPELINE);
});

test("files do not import each other in a circle, types aside", () => {
  assertKnown(importCircles(imports), IMPORT_CIRCLES);
});

test("a format's folder has mod.ts, read.ts and, where it writes, write.ts", () => {
  for (const { name, writes } of FORMATS) {
    const there = ["mod.ts", "read.ts", "write.ts"].filter((file) =>
      existsSync(join(ROOT, "src/formats", name, file))
    );
    assert.deepEqual(there, ["mod.ts", "read.ts", ...(writes ? ["write.ts"] : [])], name);
  }
});

test("every format states how its runner sends a migration", () => {
  for (const { name } of FORMATS) {
    for (const dialect of [...DIALECTS, "mysql", "mariadb"]) transactionMode(name, dialect);
  }
  assert.throws(() => transactionMode("no such runner"), /no such runner/);
});

test("what is exported is used in another file", () => {
  const files = ["src", "tests", "scripts", "bench"].flatMap(sourcesUnder);
  const entries = ["main.ts", "binary.ts"].map((path) => ({
    path,
    code: readFileSync(join(ROOT, path), "utf8"),
  }));
  const used = new Set([...files, ...entries].flatMap(importedNames));
  const isUsed = (name: string) => used.has(name) || used.has(name.replace(/ .*/, " *"));
  assertKnown(sources.flatMap(exportedValues).filter((name) => !isUsed(name)), UNUSED);
});

/** Words that begin or make up statements; BEGIN, COMMIT and ROLLBACK are left out. */
const SQL_WORDS = [
  "ALTER",
  "COPY",
  "CREATE",
  "DELETE",
  "DROP",
  "GRANT",
  "INDEX",
  "INSERT",
  "PRAGMA",
  "REVOKE",
  "SELECT",
  "TABLE",
  "TRUNCATE",
  "UPDATE",
  "WHERE",
];

/** What is wrong must be known, with its reason; and what is known must still be wrong, so that the lists only shrink. */
function assertKnown(found: readonly string[], known: Readonly<Record<string, string>>): void {
  assert.deepEqual(found.filter((name) => known[name] === undefined), [], "new");
  assert.deepEqual(
    Object.keys(known).filter((name) => !found.includes(name)),
    [],
    "mended: take it off the list in tests/architecture/known.ts",
  );
}

function filesAndFolders(): readonly string[] {
  return ["src", "tests", "scripts", "bench", "examples", "npm"].flatMap((folder) => [
    `${folder}/`,
    ...readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .map((entry) => entry.isDirectory() ? `${entry.name}/` : entry.name),
  ]);
}

function room(path: string): string | null {
  const folder = path.split("/")[1] ?? "";
  return path.startsWith("src/") && [...ROOMS, "cli"].includes(folder) ? folder : null;
}

/** Nouns 0, rooms 1, pipeline 2, the command line 3, main 4. */
function layer(path: string): number {
  if (path === "main.ts" || path === "binary.ts") return 4;
  if (path.startsWith("src/cli/")) return 3;
  if (path.startsWith("src/pipeline/")) return 2;
  return room(path) === null ? 0 : 1;
}

function offenders(pattern: RegExp): readonly string[] {
  return sources.filter(({ code }) => pattern.test(code)).map(({ path }) => path);
}
