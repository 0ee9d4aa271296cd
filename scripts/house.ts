/**
 * What the rules of the house count, of this tree or of another one (an older commit in a worktree), so that two can be set side by side.
 *
 *     deno run --allow-read scripts/house.ts [FOLDER]
 *
 * Functions are found by the indentation that `deno fmt` gives them.
 */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type Import, importCircles } from "../tests/architecture/source.ts";

const LONG_FILE = 350;
const LONG_FUNCTION = 60;
/** So many equal lines in two places are code that is repeated. */
const REPEATED = 10;

interface File {
  readonly path: string;
  readonly lines: readonly string[];
}

const root = process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url));
const files = filesOf(join(root, "src"));
const lengths = files.map(({ lines }) => lines.length - 1);
const functions = files.flatMap(functionsOf);
const circles = importCircles(files.flatMap(importsOf));
const undocumented = files.flatMap(undocumentedIn);

console.log(`| ${files.length} files of src | |\n| --- | ---: |`);
row("lines", lengths.reduce((sum, length) => sum + length, 0));
row("lines of a file: median, 9 of 10, most", spread(lengths));
row(`files over ${LONG_FILE} lines`, lengths.filter((length) => length > LONG_FILE).length);
row("lines of a function: median, 9 of 10, most", spread(functions.map(({ lines }) => lines)));
row(
  `functions over ${LONG_FUNCTION} lines`,
  functions.filter(({ lines }) => lines > LONG_FUNCTION).length,
);
row("circles of imports by value", circles.length);
row("exports without a sentence", undocumented.length);
row("facts reached by a string", files.flatMap(factStrings).length);
row(`lines in a run of ${REPEATED} that stands twice`, repeatedLines());

list(
  "files",
  files.map(({ path, lines }) => ({ name: path, lines: lines.length - 1 })).filter((file) =>
    file.lines > LONG_FILE
  ),
);
list("functions", functions.filter(({ lines }) => lines > LONG_FUNCTION));
for (const name of [...circles, ...undocumented]) console.log(`- ${name}`);

function row(what: string, count: number | string): void {
  console.log(`| ${what} | ${count} |`);
}

function list(title: string, found: readonly { name: string; lines: number }[]): void {
  if (found.length > 0) console.log(`\n${title}:`);
  for (const { name, lines } of found.toSorted((a, b) => b.lines - a.lines)) {
    console.log(`- ${lines} ${name}`);
  }
}

function filesOf(folder: string): readonly File[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name)).sort()
    .map((path) => ({
      path: relative(root, path),
      lines: readFileSync(path, "utf8").split("\n"),
    }));
}

/** Middle, the one that nine of ten are not over, and the most. */
function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return [at(0.5), at(0.9), at(1)].join(" / ");
}

/** Declarations, methods and named arrow functions, with their lines. */
function functionsOf({ path, lines }: File): readonly { name: string; lines: number }[] {
  const begins =
    /^(\s*)(?:export )?(?:(?:async )?function\*? (\w+)|(?:const )?(?:static |async )*(#?\w+)(?: = |: )?(?:async )?(?:<.*>)?\(.*(?:\{|=> \{)$)/;
  return lines.flatMap((line, start) => {
    const [, indent, declared, named] = begins.exec(line) ?? [];
    const name = declared ?? named;
    if (
      indent === undefined || name === undefined ||
      /^(?:if|for|while|switch|catch|return|await|using)$/.test(name)
    ) {
      return [];
    }
    const end = lines.findIndex((other, at) =>
      at > start && other.startsWith(indent) && /^[\])}]/.test(other.slice(indent.length)) &&
      !/[{([]$/.test(other)
    );
    return end < 0 ? [] : [{ name: `${path} ${name}`, lines: end - start + 1 }];
  });
}

function importsOf({ path, lines }: File): readonly Import[] {
  const text = lines.join("\n");
  return [...text.matchAll(/^(?:import|export)\s+([^;"]*?)\s+from\s+"(\.[^"]*)"/gm)].map(
    ([, names = "", to = ""]) => ({
      from: path,
      to: posix.join(dirname(path), to),
      typeOnly: /^type\b/.test(names) ||
        /^\{/.test(names) && names.slice(1, -1).split(",").filter((name) => name.trim() !== "")
            .every((name) => /^\s*type\s/.test(name)),
    }),
  );
}

function undocumentedIn({ path, lines }: File): readonly string[] {
  return lines.flatMap((line, at) => {
    const name = /^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/.exec(line);
    // What is only loaded later has its sentence where it stands, and an overload that of the first.
    const isSaid = /\*\/$|^export function [^{]*;$|^\): .*;$/.test(lines[at - 1] ?? "");
    return name === null || isSaid || / = later\(/.test(line) ? [] : [`${path} ${name[1]}`];
  });
}

/** `facts["x"]`, and a fact's name handed to a function: `text(object, "x")`. */
function factStrings({ path, lines }: File): readonly string[] {
  if (!path.startsWith("src/engines/")) return [];
  const literal =
    /\bfacts\["|\b(?:text|flag|list|number|fact|value|texts)(?:Of)?\(\w+(?:\.\w+)?, "/g;
  return lines.flatMap((line) => [...line.matchAll(literal)].map(([found]) => found));
}

/** Lines, without imports and what is only brackets, that stand in a run of equal lines elsewhere too. */
function repeatedLines(): number {
  const places = new Map<string, string[]>();
  const repeated = new Set<string>();
  for (const { path, lines } of files) {
    const told = lines.map((line, at) => ({ text: line.trim(), at })).filter(({ text }) =>
      /\w{2}/.test(text) && !/^(?:import|export \{|\*|\/\*|\/\/|\} from )/.test(text)
    );
    for (let from = 0; from + REPEATED <= told.length; from++) {
      const run = told.slice(from, from + REPEATED);
      const key = run.map(({ text }) => text).join("\n");
      const here = run.map(({ at }) => `${path}:${at}`);
      const before = places.get(key);
      if (before === undefined) places.set(key, here);
      else for (const line of [...before, ...here]) repeated.add(line);
    }
  }
  return repeated.size;
}
