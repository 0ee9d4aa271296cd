/**
 * Plans every pair of a corpus in both directions with no model, proves it, and lets the independent observer judge the proof, and
 * rows in the tables.
 *
 *     deno task corpus [--engine E] [--dir DIR] [--out FILE] [--limit N] [--only NAME] [--on-ambiguity ask|drop-add] [--sql]
 *
 * A folder holds `<dialect>.jsonl` files of `{source, name, current, desired, setup, roles, renames}`, or a `pairs.json` of
 * `{name, engine, before, after}` that names files in `<name>/`, which are run in both directions. With `--on-ambiguity ask`
 * the row's own answers are held back, and it is counted how many of its renames came up as a choice. Always exits 0.
 */

import { appendFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { parseArgs } from "node:util";
import { ENGINES } from "../src/engines/mod.ts";
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
    only: { type: "string", default: "" },
    "on-ambiguity": { type: "string", default: "drop-add" },
    sql: { type: "boolean", default: false },
  },
});

const ambiguity: Ambiguity = flags["on-ambiguity"] === "ask" ? "ask" : "drop-add";
if (flags.out !== undefined) await writeFile(flags.out, "");
for (const engine of ENGINES) {
  if (flags.engine !== undefined && flags.engine !== engine.dialect) continue;
  const rows = (await readRows(flags.dir, engine.dialect))
    .filter(({ source, name }) => `${source} ${name}`.includes(flags.only))
    .slice(0, flags.limit === undefined ? undefined : Number(flags.limit));
  if (rows.length === 0) continue;
  const results: Result[] = [];
  const start = performance.now();
  await using bench = new Bench(engine);
  for (const row of rows) {
    const result = await runPair(bench, row, ambiguity);
    results.push(result);
    await record(result);
    if (process.stderr.isTTY) {
      process.stderr.write(`\r${engine.dialect} ${results.length}/${rows.length} `);
    }
  }
  if (process.stderr.isTTY) process.stderr.write("\r");
  console.log(tableOf(engine.dialect, results, (performance.now() - start) / 1000));
  if (ambiguity === "ask") console.log(renameCount(results));
}
process.exit(0);

async function record(result: Result): Promise<void> {
  const { up, down, sql, renames: _renames, ...line } = result;
  const all = flags.sql ? { ...line, up, down, sql } : { ...line, up, down };
  if (flags.out !== undefined) await appendFile(flags.out, `${JSON.stringify(all)}\n`);
  if (flags.sql) {
    console.log(`${result.outcome} ${result.source} ${result.name} ${result.reason}`);
    console.log([...sql.up, "-- down", ...sql.down].map((text) => `  ${text}`).join("\n"));
  } else if (result.outcome !== "proven" && result.outcome !== "in-sync") {
    console.log(
      `${result.outcome} ${result.source} ${result.name}: ${result.reason.slice(0, 300)}`,
    );
  }
}
