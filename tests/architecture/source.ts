/** The source of this tree as data: its files, who imports whom, and what is exported. */

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** One file with its code, comments blanked, strings kept. */
export interface Source {
  readonly path: string;
  readonly code: string;
}

/** One import of a file by another. */
export interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

/** The TypeScript files below a folder, by path from the root. */
export function filesUnder(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .sort();
}

/** The files below a folder with their code. */
export function sourcesUnder(folder: string): readonly Source[] {
  return filesUnder(folder).map((path) => ({
    path,
    code: withoutComments(readFileSync(join(ROOT, path), "utf8")),
  }));
}

/** Good enough to look for words: comments blanked, strings kept. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|[\s;{}(,])\/\/[^\n]*/g, "$1");
}

interface ModuleGraph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly code?: { readonly specifier?: string };
      readonly type?: { readonly specifier?: string };
    }[];
  }[];
}

/** All imports among the files that an entry reaches. Throws where the entry or one of those is missing. */
export function importsOf(entry: string): readonly Import[] {
  const text = execFileSync("deno", ["info", "--json", join(ROOT, entry)], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  const graph: ModuleGraph = JSON.parse(text);
  return graph.modules.flatMap((module) => {
    if (module.error !== undefined) throw new Error(module.error);
    return (module.dependencies ?? []).flatMap(({ code, type }): Import[] => {
      const to = (code ?? type)?.specifier ?? "";
      const [from, target] = [relative(module.specifier), relative(to)];
      if (from === null || target === null) return [];
      return [{ from, to: target, typeOnly: code === undefined }];
    });
  });
}

function relative(specifier: string): string | null {
  const prefix = `file://${ROOT}/`;
  if (!specifier.startsWith(prefix) || !/\.ts$/.test(specifier)) return null;
  const path = specifier.slice(prefix.length);
  return path.startsWith("node_modules/") ? null : path;
}

/** Circles of files that import each other by value, each once, as a path that ends where it began. */
export function importCircles(imports: readonly Import[]): readonly string[] {
  const targets = new Map<string, Set<string>>();
  for (const { from, to, typeOnly } of imports) {
    if (!typeOnly) targets.set(from, (targets.get(from) ?? new Set()).add(to));
  }
  const circles: string[] = [];
  const state = new Map<string, "open" | "done">();
  const visit = (file: string, path: readonly string[]): void => {
    state.set(file, "open");
    for (const target of targets.get(file) ?? []) {
      const here = [...path, file];
      if (state.get(target) === "open") {
        circles.push([...here.slice(here.indexOf(target)), target].join(" -> "));
      } else if (!state.has(target)) visit(target, here);
    }
    state.set(file, "done");
  };
  for (const file of targets.keys()) if (!state.has(file)) visit(file, []);
  return circles;
}

/** The functions, constants and classes that a file exports, as `path name`. Types are a part of their signatures and left out. */
export function exportedValues({ path, code }: Source): readonly string[] {
  const declared = code.matchAll(/^export (?:async )?(?:function\*?|const|class) (\w+)/gm);
  return [...declared].map(([, name]) => `${path} ${name}`);
}

/** What a file imports or re-exports from others, as `path name`; `path *` where it takes all of a file. */
export function importedNames({ path, code }: Source): readonly string[] {
  const target = (from: string) => posix.join(dirname(path), from);
  const named = [
    ...code.matchAll(/^(?:import|export)\s+(?:type\s+)?\{([^}]*)\}\s+from\s+"(\.[^"]*)"/gm),
  ].flatMap(([, names = "", from = ""]) =>
    names.split(",").map((name) => name.trim().replace(/^type\s+/, "").split(/\s+as\s+/)[0] ?? "")
      .filter((name) => name !== "")
      .map((name) => `${target(from)} ${name}`)
  );
  const whole = [
    ...code.matchAll(/\bimport\(\s*"(\.[^"]*)"/g),
    ...code.matchAll(/^import \* as \w+ from "(\.[^"]*)"/gm),
  ].map(([, from = ""]) => `${target(from)} *`);
  return [...named, ...whole];
}
