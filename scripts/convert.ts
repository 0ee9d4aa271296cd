/**
 * Converts every schema of a corpus to every other dialect, loads it there, and counts the tables that are there as they were meant.
 *
 *     deno task convert [--from E] [--to E] [--dir DIR] [--histories DIR] [--only NAME] [--every N] [--rows N] [--sql] [-v]
 *
 * `--rows 30` copies seeded rows of the first thirty schemas of each pair as the data plan says, and compares counts and sums.
 * `-v` prints what is unlike and what was dropped. Always exits 0.
 */

import process from "node:process";
import { parseArgs } from "node:util";
import type { Snapshot } from "../src/core/snapshot.ts";
import type { Engine } from "../src/engines/engine.ts";
import { ENGINES } from "../src/engines/all.ts";
import {
  type Converted,
  convertingOf,
  convertSnapshot,
  runConverted,
} from "../src/pipeline/convert/convert_snapshot.ts";
import { proveCopy } from "../src/pipeline/convert/prove_copy.ts";
import { inspect } from "../src/pipeline/scratch/snapshot.ts";
import { Bench, load, sourcesOf } from "./corpus/bench.ts";
import { counted, type Counts, lostWithoutNote, newCounts, tableOf } from "./convert/count.ts";
import { schemasOf } from "./convert/schemas.ts";

const { values: flags } = parseArgs({
  options: {
    from: { type: "string" },
    to: { type: "string" },
    dir: { type: "string", default: "../shared/corpus" },
    histories: { type: "string", default: "../shared/histories" },
    only: { type: "string", default: "" },
    every: { type: "string", default: "1" },
    rows: { type: "string", default: "0" },
    sql: { type: "boolean", default: false },
    verbose: { type: "boolean", short: "v", default: false },
  },
});

const all: Counts[] = [];
for (const engine of ENGINES) {
  if (flags.from === undefined || flags.from === engine.dialect) await convertAll(engine);
}
console.log(tableOf(all));
process.exit(0);

async function convertAll(from: Engine): Promise<void> {
  await using source = new Bench(from);
  const targets = ENGINES.filter((engine) =>
    engine !== from && (flags.to === undefined || flags.to === engine.dialect)
  ).map((engine) => ({
    bench: new Bench(engine),
    counts: newCounts(from.dialect, engine.dialect),
  }));
  const schemas = (await schemasOf(from, flags)).filter(({ name }) => name.includes(flags.only))
    .filter((_, at) => at % Number(flags.every) === 0);
  for (const [at, { name, scripts }] of schemas.entries()) {
    if (process.stderr.isTTY) process.stderr.write(`\r${from.dialect} ${at}/${schemas.length} `);
    const snapshot = await snapshotOf(source, scripts);
    if (snapshot === null) continue;
    for (const { bench, counts } of targets) {
      const converted = await convert({ snapshot, name }, from, bench, counts);
      const isCopied = converted !== null && converted.source.tables.length > 0 &&
        counts.copies < Number(flags.rows);
      if (isCopied) await copy({ converted, name, scripts }, source, bench, counts);
    }
  }
  for (const { bench, counts } of targets) {
    await bench.drop();
    all.push(counts);
    console.log(tableOf([counts]));
  }
}

/** What scripts make; null where they do not load here. */
async function snapshotOf(bench: Bench, scripts: readonly string[]): Promise<Snapshot | null> {
  try {
    const project = await bench.project();
    const server = await bench.server(project, sourcesOf("", scripts.join("\n")));
    await using database = await server.create();
    for (const script of scripts) await load(project, database, script);
    return await inspect(project, database);
  } catch {
    return null;
  }
}

async function convert(
  { snapshot, name }: { readonly snapshot: Snapshot; readonly name: string },
  from: Engine,
  bench: Bench,
  counts: Counts,
): Promise<Converted | null> {
  const title = `${from.dialect} -> ${bench.engine.dialect} ${name}`;
  try {
    const project = await bench.project();
    const server = await bench.server(project, sourcesOf("", ""));
    const converted = await convertSnapshot(snapshot, from, { project, server });
    counted(counts, converted);
    if (flags.sql) console.log(converted.text);
    for (const { object, meant, found } of converted.unlike) {
      console.log(`${title}: UNLIKE ${object}\n    meant ${meant}\n    found ${found}`);
    }
    for (const lost of lostWithoutNote(snapshot, from, bench.engine, converted)) {
      counts.lost++;
      console.log(`${title}: LOST ${lost}`);
    }
    if (!flags.verbose) return converted;
    for (const { object, outcome, became, why } of converted.notes) {
      console.log(`${title}: ${outcome} ${object}${became === "" ? "" : ` -> ${became}`}: ${why}`);
    }
    return converted;
  } catch (error) {
    counts.failed++;
    await bench.drop();
    const text = error instanceof Error ? (flags.verbose ? error.stack : error.message) : error;
    console.log(`${title}: FAILED ${text}`);
    return null;
  }
}

/** Copies seeded rows as the plan says. */
async function copy(
  { converted, name, scripts }: {
    readonly converted: Converted;
    readonly name: string;
    readonly scripts: readonly string[];
  },
  from: Bench,
  to: Bench,
  counts: Counts,
): Promise<void> {
  const title = `${from.engine.dialect} -> ${to.engine.dialect} ${name}`;
  try {
    const [source, target] = [await from.project(), await to.project()];
    const here = await from.server(source, sourcesOf("", scripts.join("\n")));
    await using rows = await here.create();
    for (const script of scripts) await load(source, rows, script);
    await from.engine.rows.seed(rows);
    await using empty = await (await to.server(target, sourcesOf("", ""))).create();
    await runConverted(target, empty, converted.text);
    const input = {
      from: await convertingOf(from.engine),
      to: await convertingOf(to.engine),
      source: converted.source,
      target: converted.found,
    };
    const proof = await proveCopy(input, { source: rows, target: empty });
    if (proof.rows === 0 && proof.unequal.length === 0) return;
    counts.copies++;
    counts.rows += proof.rows;
    counts.misfits += proof.misfits + proof.refused.length;
    if (proof.unequal.length === 0) counts.copied++;
    for (const what of proof.unequal.slice(0, 5)) console.log(`${title}: UNEQUAL ${what}`);
  } catch (error) {
    counts.copies++;
    await Promise.all([from.drop(), to.drop()]);
    console.log(`${title}: NOT COPIED ${error instanceof Error ? error.message : error}`);
  }
}
