/**
 * For every pair of a corpus: two databases whose snapshots are equal must look equal to the independent observer, and two
 * whose snapshots differ must look different. Prints the counts and lists the disagreements.
 *
 *     deno task observer [--engine E] [--dir DIR] [--only NAME] [--limit N] [--every N]
 *         [-v]
 */

import process from "node:process";
import { parseArgs } from "node:util";
import type { Engine } from "../src/engines/engine.ts";
import { ENGINES } from "../src/engines/all.ts";
import { changesIn } from "../src/pipeline/scratch/changes.ts";
import { Bench, observeScript, sourcesOf } from "./corpus/bench.ts";
import { readRows, type Row, scriptOf } from "./corpus/rows.ts";

const { values: flags } = parseArgs({
  options: {
    engine: { type: "string" },
    dir: { type: "string", default: "../shared/corpus" },
    only: { type: "string" },
    limit: { type: "string" },
    every: { type: "string", default: "1" },
    verbose: { type: "boolean", short: "v", default: false },
  },
});

interface Comparison {
  readonly row: Row;
  readonly result: "agree" | "snapshot-blind" | "observer-blind" | "not-loaded";
  readonly detail: string;
}

for (const engine of ENGINES) {
  if (flags.engine === undefined || flags.engine === engine.dialect) await compareAll(engine);
}
process.exit(0);

async function compareAll(engine: Engine): Promise<void> {
  const rows = (await readRows(flags.dir, engine.dialect))
    .filter(({ name, source }) => `${source} ${name}`.includes(flags.only ?? ""))
    .filter((_, index) => index % Number(flags.every) === 0)
    .slice(0, flags.limit === undefined ? undefined : Number(flags.limit));
  if (rows.length === 0) return;
  await using bench = new Bench(engine);
  const start = performance.now();
  const comparisons: Comparison[] = [];
  for (const [index, row] of rows.entries()) {
    comparisons.push(await compare(bench, row));
    if (process.stderr.isTTY) {
      process.stderr.write(`\r${engine.dialect} ${index + 1}/${rows.length} `);
    }
  }
  if (process.stderr.isTTY) process.stderr.write("\r");
  print(engine.dialect, comparisons, (performance.now() - start) / 1000);
}

async function compare(bench: Bench, row: Row): Promise<Comparison> {
  const [current, desired] = [scriptOf(row, "current"), scriptOf(row, "desired")];
  try {
    const project = await bench.project();
    const server = await bench.server(project, sourcesOf(current, desired));
    const before = await observeScript(project, server, current);
    const after = await observeScript(project, server, desired);
    const changes = changesIn(project, before.snapshot, after.snapshot);
    const differs = before.text !== after.text;
    if (changes.length > 0 === differs) return { row, result: "agree", detail: "" };
    return changes.length > 0
      ? {
        row,
        result: "observer-blind",
        detail: changes.map((change) => `${change.op} ${change.id}`).join(", "),
      }
      : { row, result: "snapshot-blind", detail: linesBetween(before.text, after.text) };
  } catch (error) {
    await bench.drop();
    return {
      row,
      result: "not-loaded",
      detail: error instanceof Error ? error.message : `${error}`,
    };
  }
}

function print(dialect: string, comparisons: readonly Comparison[], seconds: number): void {
  const count = (result: Comparison["result"]) =>
    comparisons.filter((comparison) => comparison.result === result).length;
  console.log(
    `${dialect}: ${comparisons.length} pairs in ${seconds.toFixed(1)} s: ${
      count("agree")
    } agree, ` +
      `${count("snapshot-blind")} differ for the observer only, ` +
      `${count("observer-blind")} differ for the snapshot only, ${count("not-loaded")} do not load`,
  );
  for (const { row, result, detail } of comparisons) {
    if (result === "agree") continue;
    const shown = flags.verbose ? detail : detail.split("\n").slice(0, 6).join("\n").slice(0, 600);
    console.log(`  ${result} ${row.source} ${row.name}\n    ${shown.replaceAll("\n", "\n    ")}`);
  }
}

function linesBetween(before: string, after: string): string {
  const [old, now] = [before.split("\n"), after.split("\n")];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ].join("\n");
}
