/**
 * How well uses are found by names: for commits of public applications that renamed or dropped something and mended their code, what is
 * found in the commit before is held against the lines that the commit changed.
 *
 * Usage: deno task impact CASES.jsonl [--verbose]
 *
 * A case is a line of JSON: `{ "repo": "/path/to/git", "name": "app", "commit": "abc", "targets": [{ "change": "rename", "table": "users",
 * "column": "mail", "to": "email", "isShared": false }] }`; a table has `"column": null`. Nothing of the applications is kept.
 */

import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { readCode } from "../src/pipeline/impact/code_files.ts";
import { findUses } from "../src/usage/find_uses.ts";
import { isSqlFile } from "../src/usage/language.ts";
import { needlePattern, type Target } from "../src/usage/target.ts";
import { lexicon } from "../src/engines/postgres/lexicon.ts";
import { queryStatements } from "../src/usage/query_statements.ts";

interface Case {
  readonly repo: string;
  readonly name: string;
  readonly commit: string;
  readonly targets: readonly Pick<
    Target,
    "change" | "table" | "column" | "to" | "isShared" | "prefix"
  >[];
}

interface Score {
  readonly name: string;
  readonly what: string;
  readonly files: number;
  readonly seconds: number;
  readonly changed: number;
  readonly found: number;
  readonly hits: number;
  readonly changedFiles: number;
  readonly foundFiles: number;
  readonly hitFiles: number;
}

const [file = "", ...flags] = process.argv.slice(2);
const isVerbose = flags.includes("--verbose");
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
  const folder = await mkdtemp(join(tmpdir(), "aim-impact-"));
  try {
    const archive = execFileSync("git", [
      "-C",
      repo,
      "archive",
      `${commit}^`,
      ".",
      ":(exclude)vendor",
    ], {
      maxBuffer: 1 << 30,
    });
    execFileSync("tar", ["-x", "-C", folder], { input: archive });
    const begun = performance.now();
    const signal = new AbortController().signal;
    const read = await readCode(folder, { prefix: "", without: [], signal });
    const files = read.files.map((one) =>
      isSqlFile(one.path) ? { ...one, statements: queryStatements(one.text, lexicon) } : one
    );
    const { uses, queries } = await findUses(files, targets);
    const all = [...uses, ...queries.flatMap((query) => [...query.uses, ...query.meanings])];
    const seconds = (performance.now() - begun) / 1000;
    const places = new Set(all.map(({ file, line }) => `${file}:${line}`));
    const known = new Set(read.files.map(({ path }) => path));
    const changed = changedLines(repo, commit, needlePattern(targets) ?? /$^/, known);
    if (isVerbose) tell(name, { places, changed, all });
    const hits = [...places].filter((place) => changed.has(place)).length;
    const foundFiles = filesOf(places);
    const changedFiles = filesOf(changed);
    return {
      name,
      what: targets.map((target) => target.name).join(", "),
      files: files.length,
      seconds,
      changed: changed.size,
      found: places.size,
      hits,
      changedFiles: changedFiles.size,
      foundFiles: foundFiles.size,
      hitFiles: [...foundFiles].filter((path) => changedFiles.has(path)).length,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function filesOf(places: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...places].map((place) => place.slice(0, place.lastIndexOf(":"))));
}

/** The lines that a commit took away or changed and that name a target in any spelling, in files that are read. */
function changedLines(
  repo: string,
  commit: string,
  needle: RegExp,
  known: ReadonlySet<string>,
): ReadonlySet<string> {
  const diff = execFileSync("git", ["-C", repo, "diff", "-U0", "-M30%", `${commit}^`, commit], {
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  const changed = new Set<string>();
  let path = "";
  let line = 0;
  for (const text of diff.split("\n")) {
    if (text.startsWith("--- ")) path = text.slice(6);
    else if (text.startsWith("@@")) line = Number(/^@@ -(\d+)/.exec(text)?.[1] ?? 0);
    else if (text.startsWith("-")) {
      if (known.has(path) && needle.test(text)) changed.add(`${path}:${line}`);
      line++;
    }
  }
  return changed;
}

function tell(
  name: string,
  { places, changed, all }: {
    readonly places: ReadonlySet<string>;
    readonly changed: ReadonlySet<string>;
    readonly all: readonly {
      readonly file: string;
      readonly line: number;
      readonly why: string;
      readonly text: string;
    }[];
  },
): void {
  console.log(`# ${name}`);
  for (const place of changed) if (!places.has(place)) console.log(`  missed  ${place}`);
  for (const { file, line, why, text } of all) {
    const mark = changed.has(`${file}:${line}`) ? "hit   " : "extra ";
    console.log(`  ${mark}  ${file}:${line}  ${why}  | ${text.slice(0, 90)}`);
  }
}

function print(rows: readonly Score[]): void {
  const percent = (part: number, of: number) => of === 0 ? "-" : `${Math.round(100 * part / of)} %`;
  const line = (row: Score) =>
    `| ${row.name} | ${row.what} | ${row.files} | ${
      row.seconds.toFixed(1)
    } | ${row.changed} | ${row.found} | ${percent(row.hits, row.changed)} | ${
      percent(row.hits, row.found)
    } | ${percent(row.hitFiles, row.changedFiles)} | ${percent(row.hitFiles, row.foundFiles)} |`;
  console.log(
    "| application | change | files | seconds | lines changed | lines found | recall | precision | recall of files | precision of files |",
  );
  console.log("| --- | --- | --: | --: | --: | --: | --: | --: | --: | --: |");
  for (const row of rows) console.log(line(row));
  const sum = (key: "changed" | "found" | "hits" | "changedFiles" | "foundFiles" | "hitFiles") =>
    rows.reduce((total, row) => total + row[key], 0);
  console.log(line({
    name: "all",
    what: "",
    files: rows.reduce((total, row) => total + row.files, 0),
    seconds: rows.reduce((total, row) => total + row.seconds, 0),
    changed: sum("changed"),
    found: sum("found"),
    hits: sum("hits"),
    changedFiles: sum("changedFiles"),
    foundFiles: sum("foundFiles"),
    hitFiles: sum("hitFiles"),
  }));
}
