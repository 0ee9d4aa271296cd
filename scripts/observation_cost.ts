/**
 * What observation costs: pairs of a corpus are generated with lint and without, in turn, in one process, and the CPU time of both is
 * compared. A load of the machine falls on both alike.
 *
 *     deno run -A scripts/observation_cost.ts [--engine E] [--file F] [--every N] [--limit N]
 */

import { readFile } from "node:fs/promises";
import process from "node:process";
import { parseArgs } from "node:util";
import { ENGINES } from "../src/engines/all.ts";
import { generateOn } from "../src/pipeline/mod.ts";
import { Bench, sourcesOf } from "./corpus/bench.ts";
import { type Row, scriptOf } from "./corpus/rows.ts";

const { values: flags } = parseArgs({
  options: {
    file: { type: "string", default: "../shared/corpus/postgres.jsonl" },
    engine: { type: "string", default: "postgres" },
    every: { type: "string", default: "20" },
    limit: { type: "string", default: "1000" },
  },
});

const rows = (await readFile(flags.file, "utf8")).split("\n").filter((line) => line !== "")
  .map((line): Row => JSON.parse(line)).filter((_, at) => at % Number(flags.every) === 0)
  .slice(0, Number(flags.limit));
const engine = ENGINES.find(({ dialect }) => dialect === flags.engine);
if (engine === undefined) throw new Error(`There is no engine ${flags.engine}`);
const bench = new Bench(engine);
// What the first run of a process loads and compiles is no cost of either.
const [first] = rows;
if (first !== undefined) {
  for (const lint of [false, true]) await timed(first, lint).catch(() => null);
}
const total = { off: 0, on: 0, pairs: 0 };
for (const [at, row] of rows.entries()) {
  // Which comes first takes turns: the second finds more that is warm.
  const order = at % 2 === 0 ? [false, true] : [true, false];
  const spent = new Map<boolean, number>();
  for (const lint of order) {
    const took = await timed(row, lint).catch(() => null);
    if (took !== null) spent.set(lint, took);
  }
  const [off, on] = [spent.get(false), spent.get(true)];
  if (off === undefined || on === undefined) continue;
  total.off += off;
  total.on += on;
  total.pairs++;
  console.log(`${row.name}: ${off.toFixed(0)} ms without, ${on.toFixed(0)} ms with`);
}
console.log(
  `${total.pairs} pairs: ${(total.on / total.off).toFixed(2)} times the CPU time (${
    total.off.toFixed(0)
  } ms without, ${total.on.toFixed(0)} ms with)`,
);
process.exit(0);

/** Milliseconds of CPU; null for a pair of which nothing is proven. */
async function timed(row: Row, lint: boolean): Promise<number | null> {
  const project = await bench.project();
  const sources = sourcesOf(scriptOf(row, "current"), scriptOf(row, "desired"));
  const server = await bench.server(project, sources);
  const before = process.cpuUsage();
  const { outcome } = await generateOn(project, server, sources, {
    dryRun: true,
    allowEmptySchema: true,
    answers: new Map(),
    assumeEmpty: "policy",
    renames: [],
    onAmbiguity: "drop-add",
    lint,
  });
  const { user, system } = process.cpuUsage(before);
  return outcome === "proven" ? (user + system) / 1000 : null;
}
