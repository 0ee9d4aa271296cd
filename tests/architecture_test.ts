import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const ROOMS = ["engines", "runtimes", "formats", "models", "rules"];
/** What a room shows to everybody: its contract, of which others may use the types. */
const CONTRACTS = new Set([
  "src/engines/engine.ts",
  "src/engines/object_kind.ts",
  "src/runtimes/runtime.ts",
  "src/formats/format.ts",
  "src/models/model.ts",
  "src/rules/rule.ts",
]);

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

interface ModuleGraph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly code?: { readonly specifier?: string };
      readonly type?: { readonly specifier?: string };
    }[];
  }[];
}

const SCRIPTS = filesUnder("scripts").filter((path) => path.split("/").length === 2);
const ENGINE_THREADS = filesUnder("src/runtimes/worker").filter((path) =>
  path.endsWith("_entry.ts")
);
const imports = ["binary.ts", "src/mod.ts", ...ENGINE_THREADS].flatMap(importsOf);
const sources = filesUnder("src").map((path) => ({
  path,
  code: withoutComments(readFileSync(join(ROOT, path), "utf8")),
}));

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

test("every file of src is reached from main.ts, the library or a script", () => {
  const all = [...imports, ...SCRIPTS.flatMap(importsOf)];
  const reached = new Set(["src/mod.ts", ...ENGINE_THREADS, ...all.map(({ to }) => to)]);
  assert.deepEqual(sources.map(({ path }) => path).filter((path) => !reached.has(path)), []);
});

test("src speaks node: built-ins and npm packages, never Deno or Bun", () => {
  assert.deepEqual(offenders(/\b(?:Deno|Bun)\s*[.[]|["'](?:jsr|bun|https?):[^"'/ ]/), []);
});

test("only the command line touches the console and the streams", () => {
  const touching = offenders(
    /\bconsole\s*\.\s*\w+\(|\bprocess\s*\.\s*(?:stdout|stderr|stdin|argv|exit)\b/,
  );
  assert.deepEqual(touching.filter((path) => !path.startsWith("src/cli/")), []);
});

test("the pipeline names no dialect", () => {
  const naming = offenders(/sqlite|postgres|mysql|mariadb/i);
  assert.deepEqual(naming.filter((path) => path.startsWith("src/pipeline/")), []);
});

test("there are no enums, default exports or `any`", () => {
  assert.deepEqual(
    offenders(/^\s*(?:export\s+)?(?:const\s+)?enum\s|\bexport\s+default\b|:\s*any\b|\bas\s+any\b/m),
    [],
  );
});

function importsOf(entry: string): Import[] {
  const text = execFileSync("deno", ["info", "--json", join(ROOT, entry)], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  const graph: ModuleGraph = JSON.parse(text);
  return graph.modules.flatMap((module) =>
    (module.dependencies ?? []).flatMap(({ code, type }): Import[] => {
      const to = (code ?? type)?.specifier ?? "";
      const [from, target] = [relative(module.specifier), relative(to)];
      if (from === null || target === null) return [];
      return [{ from, to: target, typeOnly: code === undefined }];
    })
  );
}

function relative(specifier: string): string | null {
  const prefix = `file://${ROOT}/`;
  if (!specifier.startsWith(prefix) || !/\.ts$/.test(specifier)) return null;
  const path = specifier.slice(prefix.length);
  return path.startsWith("node_modules/") ? null : path;
}

function room(path: string): string | null {
  const folder = path.split("/")[1] ?? "";
  return path.startsWith("src/") && [...ROOMS, "cli"].includes(folder) ? folder : null;
}

/** Nouns 0, rooms 1, pipeline 2, the library 3, the command line 4, main 5. */
function layer(path: string): number {
  if (path === "main.ts" || path === "binary.ts") return 5;
  if (path.startsWith("src/cli/")) return 4;
  if (path === "src/mod.ts") return 3;
  if (path.startsWith("src/pipeline/")) return 2;
  return room(path) === null ? 0 : 1;
}

function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .sort();
}

function offenders(pattern: RegExp): string[] {
  return sources.filter(({ code }) => pattern.test(code)).map(({ path }) => path);
}

/** Good enough to look for words: comments blanked, strings kept. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|[\s;{}(,])\/\/[^\n]*/g, "$1");
}
