/**
 * Plans every pair of a corpus in both directions with no model, proves it, and lets the independent observer judge the proof, and
 * rows in the tables.
 *
 *     deno task corpus [--engine E] [--dir DIR] [--out FILE] [--limit N] [--only NAME] [--on-ambiguity ask|drop-add] [--sql]
 *         [--resume] [--every N] [--rows on|off] [--judges on|off] [--server MAJOR [--superuser]]
 *
 * A folder holds `<dialect>.jsonl` files of `{source, name, current, desired, setup, roles, renames}`, or a `pairs.json` of
 * `{name, engine, before, after}` that names files in `<name>/`, which are run in both directions. With `--on-ambiguity ask`
 * the row's own answers are held back, and it is counted how many of its renames came up as a choice. `--out` gets a line of JSON
 * for each pair, with the statements; `--resume` goes on where such a file ends. `--sql` prints the statements too. `--every N` takes every Nth pair.
 * `--server 15` runs on a Postgres of this machine of that version, as `aim` does, or with `--superuser`; pg_dump judges where there
 * is one that is new enough. With `--judges off` the proof alone is run, for its cost. Always exits 0.
 */

import { appendFile, readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { parseArgs } from "node:util";
import { dumperFor } from "./observe/server_dump.ts";
import { ENGINES } from "../src/engines/all.ts";
import { Bench } from "./corpus/bench.ts";
import { renameCount, tableOf } from "./corpus/report.ts";
import { readRows } from "./corpus/rows.ts";
import { type Ambiguity, type Result, runPair } from "./corpus/run_pair.ts";

const { values: flags } = parseArgs({
  options: {
    engine: { type: "string" },
    dir: { type: "string", default: "../shared/corpus" },
    out: { type: "string" },
    limit: { type: "string" },
    every: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    "on-ambiguity": { type: "string", default: "drop-add" },
    sql: { type: "boolean", default: false },
    resume: { type: "boolean", default: false },
    server: { type: "string" },
    superuser: { type: "boolean", default: false },
    rows: { type: "string", default: "on" },
    judges: { type: "string", default: "on" },
  },
});

const ambiguity: Ambiguity = flags["on-ambiguity"] === "ask" ? "ask" : "drop-add";
const earlier = await earlierResults();
for (const engine of ENGINES) {
  if (flags.engine !== undefined && flags.engine !== engine.dialect) continue;
  const rows = (await readRows(flags.dir, engine.dialect))
    .filter(({ source, name }) => `${source} ${name}`.includes(flags.only))
    .filter((_, at) => at % Number(flags.every) === 0)
    .slice(0, flags.limit === undefined ? undefined : Number(flags.limit));
  if (rows.length === 0) continue;
  const results: Result[] = [];
  const start = performance.now();
  const own = flags.server === undefined
    ? null
    : { engine: `${engine.dialect}-${flags.server}`, superuser: flags.superuser };
  if (own !== null) console.log(`judge: ${dumperFor(Number(flags.server)) ?? "none"}`);
  await using bench = new Bench(engine, { own, rows: flags.rows === "off" ? "off" : "on" });
  for (const row of rows) {
    const known = earlier.get(keyOf(engine.dialect, row));
    const result = known ??
      await runPair(bench, row, { ambiguity, isJudged: flags.judges !== "off" });
    results.push(result);
    if (known === undefined) await record(engine.dialect, result);
    if (process.stderr.isTTY) {
      process.stderr.write(`\r${engine.dialect} ${results.length}/${rows.length} `);
    }
  }
  if (process.stderr.isTTY) process.stderr.write("\r");
  console.log(tableOf(engine.dialect, results, (performance.now() - start) / 1000));
  if (ambiguity === "ask") console.log(renameCount(results));
}
process.exit(0);

/** What an output file that is resumed holds, by dialect and pair; empties the file otherwise. */
async function earlierResults(): Promise<ReadonlyMap<string, Result>> {
  const found = new Map<string, Result>();
  if (flags.out === undefined) return found;
  if (!flags.resume) {
    await writeFile(flags.out, "");
    return found;
  }
  const text = await readFile(flags.out, "utf8").catch(() => "");
  // A run that was broken off may have left half of a line.
  const lines = text.split("\n").slice(0, -1);
  await writeFile(flags.out, lines.map((line) => `${line}\n`).join(""));
  for (const line of lines) {
    const { dialect, ...result } = JSON.parse(line) as Result & { readonly dialect: string };
    found.set(keyOf(dialect, result), result);
  }
  return found;
}

function keyOf(dialect: string, pair: { readonly source: string; readonly name: string }): string {
  return `${dialect} ${pair.source} ${pair.name}`;
}

async function record(dialect: string, result: Result): Promise<void> {
  if (flags.out !== undefined) {
    await appendFile(flags.out, `${JSON.stringify({ dialect, ...result })}\n`);
  }
  const { sql } = result;
  if (flags.sql) {
    console.log(`${result.outcome} ${result.source} ${result.name} ${result.reason}`);
    console.log([...sql.up, "-- down", ...sql.down].map((text) => `  ${text}`).join("\n"));
  } else if (result.outcome !== "proven" && result.outcome !== "in-sync") {
    console.log(
      `${result.outcome} ${result.source} ${result.name}: ${result.reason.slice(0, 300)}`,
    );
  }
}
