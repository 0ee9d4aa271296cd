/**
 * How well uses are found by names: for commits of public applications that renamed or dropped something and mended their code, what is
 * found in the commit before is held against the lines that the commit changed.
 *
 * Usage: deno task impact CASES.jsonl [--verbose] [--keep FOLDER]
 *
 * A line counts as changed for the reason when the commit took it away and it names a target, save where what came in its place still does
 * by the same words: such a line was moved, or changed for something else. "Found" is what is likely or more; what is only named stands
 * beside it, and what recall and precision become with it. `--keep` leaves what was checked out for a further run.
 *
 * A case is a line of JSON: `{ "repo": "/path/to/git", "name": "app", "commit": "abc", "targets": [{ "change": "rename", "table": "users",
 * "column": "mail", "to": "email", "isShared": false }] }`; a table has `"column": null`. Nothing of the applications is kept.
 */

import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { readCode } from "../src/pipeline/impact/code_files.ts";
import { findUses } from "../src/usage/find_uses.ts";
import { isSqlFile } from "../src/usage/language.ts";
import { singular, spellingKey, wordsIn } from "../src/usage/spelling.ts";
import { needlePattern, type Target } from "../src/usage/target.ts";
import { lexicon } from "../src/engines/postgres/lexicon.ts";
import { queryStatements } from "../src/usage/query_statements.ts";

interface Case {
  readonly repo: string;
  readonly name: string;
  readonly commit: string;
  readonly targets: readonly Pick<
    Target,
    "change" | "table" | "column" | "to" | "isShared" | "isTableName" | "others" | "prefix"
  >[];
}

interface Score {
  readonly name: string;
  readonly what: string;
  readonly changed: number;
  readonly found: number;
  readonly hits: number;
  /** Lines that are only named, and those of them that were changed. */
  readonly named: number;
  readonly namedHits: number;
  readonly changedFiles: number;
  readonly foundFiles: number;
  readonly hitFiles: number;
}

/** Files that no names are looked for in. */
const BINARY =
  /\.(?:png|jpe?g|gif|webp|ico|svg|pdf|woff2?|ttf|otf|eot|mp[34]|zip|gz|jar|epub|cb[zr7]|db|sqlite|wasm)$/i;

const [file = "", ...flags] = process.argv.slice(2);
const isVerbose = flags.includes("--verbose");
const kept = flags.includes("--keep") ? flags[flags.indexOf("--keep") + 1] ?? null : null;
const cases = (await readFile(file, "utf8")).split("\n").filter((line) => line.trim() !== "");
const scores: Score[] = [];
for (const line of cases) scores.push(await score(JSON.parse(line)));
print(scores);

async function score({ repo, name, commit, targets: given }: Case): Promise<Score> {
  const targets = given.map((target): Target => ({
    ...target,
    kind: target.column === null ? "table" : "column",
    name: target.column === null ? target.table : `${target.table}.${target.column}`,
  }));
  const folder = kept === null
    ? await mkdtemp(join(tmpdir(), "aim-impact-"))
    : join(kept, `${basename(dirname(repo))}-${commit}`);
  try {
    const needle = needlePattern(targets) ?? /$^/;
    const missing = await checkedOut({ repo, commit: `${commit}^`, folder, needle });
    const signal = new AbortController().signal;
    const read = await readCode(folder, { prefix: "", without: [], signal });
    const files = read.files.map((one) =>
      isSqlFile(one.path) ? { ...one, statements: queryStatements(one.text, lexicon) } : one
    );
    const { uses, queries, named } = await findUses(files, targets);
    const all = [...uses, ...queries.flatMap((query) => [...query.uses, ...query.meanings])];
    const places = new Set(all.map(({ file, line }) => `${file}:${line}`));
    const byName = new Set(
      named.map(({ file, line }) => `${file}:${line}`).filter((place) => !places.has(place)),
    );
    const known = new Set(read.files.map(({ path }) => path));
    const changed = changedLines({ repo, commit, missing }, targets, known);
    if (isVerbose) {
      tell(name, { places: new Set([...places, ...byName]), changed, all: [...all, ...named] });
    }
    const hits = [...places].filter((place) => changed.has(place)).length;
    const foundFiles = filesOf(places);
    const changedFiles = filesOf(new Set(changed.keys()));
    return {
      name,
      what: targets.map((target) => target.name).join(", "),
      changed: changed.size,
      found: places.size,
      hits,
      named: byName.size,
      namedHits: [...byName].filter((place) => changed.has(place)).length,
      changedFiles: changedFiles.size,
      foundFiles: foundFiles.size,
      hitFiles: [...foundFiles].filter((path) => changedFiles.has(path)).length,
    };
  } finally {
    if (kept === null) await rm(folder, { recursive: true, force: true });
  }
}

interface CheckOut {
  readonly repo: string;
  readonly commit: string;
  readonly folder: string;
  readonly needle: RegExp;
}

/** As `checkOut`, or what an earlier run left. */
async function checkedOut(what: CheckOut): Promise<readonly string[]> {
  const list = `${what.folder}.missing`;
  const before = kept === null ? null : await readFile(list, "utf8").catch(() => null);
  if (before !== null) return before === "" ? [] : before.split("\n");
  const missing = await checkOut(what);
  if (kept !== null) await writeFile(list, missing.join("\n"));
  return missing;
}

/**
 * Writes the text files of a commit that match into a folder, and those that say what git leaves out: no other file is looked at further.
 * Gives the paths that this copy of the repository does not hold.
 */
async function checkOut({ repo, commit, folder, needle }: CheckOut): Promise<readonly string[]> {
  const entries = execFileSync("git", ["-C", repo, "ls-tree", "-r", "-z", commit], {
    encoding: "utf8",
    maxBuffer: 1 << 30,
  }).split("\0")
    .map((line) => /^\d+ blob (\w+)\t(.+)$/s.exec(line))
    .flatMap((match) => match === null ? [] : [{ oid: match[1] ?? "", path: match[2] ?? "" }])
    .filter(({ path }) => !path.startsWith("vendor/") && !BINARY.test(path));
  await mkdir(folder, { recursive: true });
  // From a file: as input the list and the answer would wait for each other.
  const list = `${folder}.list`;
  await writeFile(list, entries.map(({ oid }) => `${oid}\n`).join(""));
  const all = execFileSync("sh", ["-c", 'git -C "$0" cat-file --batch < "$1"', repo, list], {
    maxBuffer: 1 << 30,
  });
  await rm(list);
  const missing: string[] = [];
  let at = 0;
  for (const { path } of entries) {
    const end = all.indexOf(10, at);
    const [, kind, size = "0"] = all.subarray(at, end).toString().split(" ");
    at = end + 1;
    if (kind === "missing") {
      missing.push(path);
      continue;
    }
    const bytes = all.subarray(at, at + Number(size));
    if (path.endsWith(".gitignore") || needle.test(bytes.toString())) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
    at += Number(size) + 1;
  }
  return missing;
}

function filesOf(places: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...places].map((place) => place.slice(0, place.lastIndexOf(":"))));
}

/** The lines that a commit changed because of a target, with what they say; of files that are read. */
function changedLines(
  { repo, commit, missing }: {
    readonly repo: string;
    readonly commit: string;
    readonly missing: readonly string[];
  },
  targets: readonly Target[],
  known: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const left = missing.map((path) => `:(exclude,literal)${path}`);
  const diff = execFileSync(
    "git",
    ["-C", repo, "diff", "-U0", "-M30%", `${commit}^`, commit, "--", ".", ...left],
    { encoding: "utf8", maxBuffer: 1 << 30 },
  );
  const needle = needlePattern(targets) ?? /$^/;
  const keys = targets.map(({ table, column }) => spellingKey(column ?? singular(table)));
  const namesIn = (line: string) =>
    wordsOf(line).filter((word) => keys.some((key) => hasWords(word, key)));
  const bare = (line: string) => line.slice(1).replaceAll(/\s+/g, "");
  const written = new Set(
    diff.split("\n").filter((line) => line.startsWith("+") && needle.test(line)).map(bare),
  );
  const changed = new Map<string, string>();
  let path = "";
  for (const piece of diff.split(/^(?=--- |@@)/m)) {
    if (piece.startsWith("--- ")) path = /^--- a?\/?(.*)/.exec(piece)?.[1] ?? "";
    if (!piece.startsWith("@@") || !known.has(path)) continue;
    const lines = piece.split("\n");
    const first = Number(/^@@ -(\d+)/.exec(piece)?.[1] ?? 0);
    const fresh = new Set(
      lines.filter((line) => line.startsWith("+")).flatMap(namesIn),
    );
    for (const [at, line] of lines.filter((one) => one.startsWith("-")).entries()) {
      const words = namesIn(line);
      if (words.every((word) => fresh.has(word)) || written.has(bare(line))) continue;
      changed.set(`${path}:${first + at}`, line.slice(1));
    }
  }
  return changed;
}

/** The names in a line. */
function wordsOf(line: string): readonly string[] {
  return line.slice(1).match(/[\w-]+/g) ?? [];
}

/** Whether the words of a name hold those of a target, whole, in the singular or the plural. */
function hasWords(name: string, key: string): boolean {
  const words = wordsIn(name);
  return words.some((_, from) =>
    words.some((_, to) => {
      const part = words.slice(from, to + 1);
      return part.join("") === key || spellingKey(singular(part.join("_"))) === key;
    })
  );
}

function tell(
  name: string,
  { places, changed, all }: {
    readonly places: ReadonlySet<string>;
    readonly changed: ReadonlyMap<string, string>;
    readonly all: readonly {
      readonly file: string;
      readonly line: number;
      readonly why: string;
      readonly text: string;
      readonly certainty: string;
    }[];
  },
): void {
  console.log(`# ${name}`);
  for (const [place, line] of changed) {
    if (!places.has(place)) console.log(`  missed  ${place}  | ${line.trim().slice(0, 100)}`);
  }
  for (const { file, line, why, text, certainty } of all) {
    const mark = changed.has(`${file}:${line}`) ? "hit   " : "extra ";
    const level = certainty === "named" ? "named " : "";
    console.log(`  ${level}${mark}  ${file}:${line}  ${why}  | ${text.slice(0, 90)}`);
  }
}

function print(rows: readonly Score[]): void {
  const percent = (part: number, of: number) => of === 0 ? "-" : `${Math.round(100 * part / of)} %`;
  const line = (row: Score) =>
    `| ${row.name} | ${row.what} | ${row.changed} | ${row.found} | ${
      percent(row.hits, row.changed)
    } | ${percent(row.hits, row.found)} | ${row.named} | ${
      percent(row.hits + row.namedHits, row.changed)
    } | ${percent(row.hits + row.namedHits, row.found + row.named)} | ${
      percent(row.hitFiles, row.changedFiles)
    } | ${percent(row.hitFiles, row.foundFiles)} |`;
  console.log(
    "| application | change | lines changed | lines found | recall | precision | by name | recall with those | precision with those | recall of files | precision of files |",
  );
  console.log("| --- | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |");
  for (const row of rows) console.log(line(row));
  const sum = (key: Exclude<keyof Score, "name" | "what">) =>
    rows.reduce((total, row) => total + row[key], 0);
  console.log(line({
    name: "all",
    what: "",
    changed: sum("changed"),
    found: sum("found"),
    hits: sum("hits"),
    named: sum("named"),
    namedHits: sum("namedHits"),
    changedFiles: sum("changedFiles"),
    foundFiles: sum("foundFiles"),
    hitFiles: sum("hitFiles"),
  }));
}
