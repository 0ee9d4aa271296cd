/** The files of a project that a command uses: who trusts the command trusts what they hold. */

import { createHash } from "node:crypto";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { UsageError } from "../core/error.ts";

/** A file and what stands in it. */
export interface CommandFile {
  /** Relative to the project. */
  readonly path: string;
  /** SHA-256 in hexadecimal digits. */
  readonly hash: string;
}

const MOST_FILES = 500;
const MOST_BYTES = 32 << 20;
/** A longer file is no script, so its words name no further files. */
const SCRIPT_BYTES = 64 << 10;

/** Files that programs read without being told, by the word of the command that starts them. */
const READ_UNASKED: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\bg?make\b/, ["GNUmakefile", "makefile", "Makefile"]],
  [/\b(?:npm|npx|pnpm|yarn|bun|bunx|node)\b/, ["package.json", ".npmrc", ".yarnrc.yml"]],
  [/\bbunx?\b/, ["bunfig.toml"]],
  [/\bdeno\b/, ["deno.json", "deno.jsonc", "package.json"]],
  [/\bjust\b/, ["justfile", "Justfile", ".justfile"]],
  [/\btask\b/, ["Taskfile.yml", "Taskfile.yaml", "taskfile.yml"]],
  [/\brake\b/, ["Rakefile"]],
  [/\b(?:mise|rtx)\b/, ["mise.toml", ".mise.toml", ".tool-versions"]],
  [/\bdirenv\b/, [".envrc"]],
  [/\b(?:python\d*|uv|poetry)\b/, ["pyproject.toml", "sitecustomize.py"]],
  [/\bcargo\b/, ["Cargo.toml", ".cargo/config.toml", "build.rs"]],
  [/\b(?:docker|podman)\b/, ["compose.yaml", "docker-compose.yml", "Dockerfile"]],
];

/**
 * Finds every file that a word of the command names, files of folders that it names, and files that those name in turn; sorted by
 * path. Programs of the machine, which stand outside of the project, are not among them. Throws UsageError when there are more
 * than 500 files or 32 MiB.
 */
export async function commandFiles(
  command: string,
  folder: string,
): Promise<readonly CommandFile[]> {
  const root = await realpath(folder).catch(() => folder);
  const found = new Map<string, CommandFile>();
  const seen = new Set<string>();
  const open = namedBy(command, root, root);
  for (const path of [...open]) open.push(...await filesBelow(path, root));
  open.push(...await modulesNamedBy(command, [root]));
  let bytes = 0;
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const entry = await stat(path).catch(() => null);
    if (!entry?.isFile()) continue;
    bytes += entry.size;
    if (bytes > MOST_BYTES || found.size >= MOST_FILES) throw tooMuch(command);
    const content = await readFile(path);
    const hash = createHash("sha256").update(content).digest("hex");
    found.set(path, { path: relative(root, path).split(sep).join("/"), hash });
    if (content.length <= SCRIPT_BYTES && !content.includes(0)) {
      const text = content.toString("utf8");
      open.push(...namedBy(text, root, dirname(path)));
      open.push(...await modulesNamedBy(text, [root, dirname(path)]));
    }
  }
  return [...found.values()].sort((a, b) => a.path < b.path ? -1 : 1);
}

/** Paths that the words of a text may mean, seen from the root and from the folder of its file; absolute ones below the root. */
function namedBy(text: string, root: string, folder: string): string[] {
  // One kind of quotes may stand inside of the other.
  const quoted = [/"([^"\n]{1,500})"/g, /'([^'\n]{1,500})'/g]
    .flatMap((quotes) => [...text.matchAll(quotes)].map(([, word = ""]) => word));
  const spaced = text.replaceAll(VARIABLE, " ").replaceAll("\\ ", "\0").split(WORD_ENDS)
    .map((word) => word.replaceAll("\0", " "));
  const unasked = READ_UNASKED.flatMap(([word, names]) => word.test(text) ? names : []);
  const words = new Set([...quoted, ...spaced, ...unasked].filter((word) => word.length > 0));
  const candidates = [...words].slice(0, MOST_WORDS).flatMap((word) => [
    ...(isAbsolute(word) && isBelow(word, root) ? [word] : []),
    join(root, word),
    join(folder, word),
  ]);
  return [...new Set(candidates)];
}

/** Files that languages find by a name without its ending: `import util`, `-m tools.key`, `require("./util")`; packages as well. */
async function modulesNamedBy(text: string, folders: readonly string[]): Promise<string[]> {
  const words = new Set(text.split(MODULE_ENDS).filter((word) => /\w/.test(word)));
  const listed = new Map<string, Promise<readonly string[]>>();
  const list = (folder: string) => {
    const known = listed.get(folder) ?? readdir(folder).catch(() => []);
    listed.set(folder, known);
    return known;
  };
  const found: string[] = [];
  for (const word of [...words].slice(0, MOST_WORDS)) {
    const dotted = word.replaceAll(/(?<=\w)(?:\.|::)(?=\w)/g, "/");
    for (const path of folders.map((folder) => join(folder, dotted))) {
      const names = await list(dirname(path));
      const stem = basename(path);
      for (const name of names) {
        if (name.startsWith(`${stem}.`)) found.push(join(dirname(path), name));
      }
      if (!names.includes(stem)) continue;
      const inside = (await list(path)).filter((name) =>
        /^(?:__init__|__main__|index)\./.test(name)
      );
      found.push(...inside.map((name) => join(path, name)));
    }
  }
  return found;
}

const MODULE_ENDS = /[\s;&|()<>$`"'=,{}[\]\\#@*?]+/;

/** `$PWD/bin` may be any folder, so `/bin` is looked for below the root. */
const VARIABLE = /\$\{?\w{1,64}\}?/g;
const WORD_ENDS = /[\s;&|()<>$`"'=:,{}[\]\\#@*?]+/;
const MOST_WORDS = 20_000;

/** All files of a folder below the root; none for a file and for the root itself. */
async function filesBelow(path: string, root: string): Promise<string[]> {
  if (!isBelow(path, root)) return [];
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) =>
    entry.isDirectory() ? [] : [join(entry.parentPath, entry.name)]
  );
}

function isBelow(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function tooMuch(command: string): UsageError {
  return new UsageError(
    `Cannot look at all files of the project that api_key_command "${command}" uses: there are too many`,
    { code: "untrusted", hint: "Name a script of its own, or set the key in the environment" },
  );
}
