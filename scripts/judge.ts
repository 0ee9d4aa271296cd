/**
 * Breaks proven migrations in ways that leave the schema right (the copy of a rebuild dropped, two columns swapped, a DELETE added, a
 * cast that rounds) and counts how many of them the proof over rows catches; prints the others.
 *
 *     deno task judge [--engine E] [--dir DIR] [--seed N] [--count N] [--kind KIND]... [--only NAME] [--model] [--seconds N] [-v]
 *
 * `--dir` is a corpus as `deno task corpus` reads it; with `--model` the drafts are judged as those of a model are;
 * after `--seconds` no more pairs are begun. A run is told by its seed. Always exits 0.
 */

import process from "node:process";
import { parseArgs } from "node:util";
import { ENGINES } from "../src/engines/all.ts";
import type { Engine } from "../src/engines/engine.ts";
import { Random } from "../tests/property/random.ts";
import { Bench } from "./corpus/bench.ts";
import { readRows } from "./corpus/rows.ts";
import { type Break, type Kind, KINDS } from "./judge/breaks.ts";
import { type Judged, judgePair } from "./judge/judged.ts";

const { values: flags } = parseArgs({
  options: {
    engine: { type: "string" },
    dir: { type: "string", default: "../shared/corpus" },
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "300" },
    kind: { type: "string", multiple: true },
    only: { type: "string", default: "" },
    seconds: { type: "string", default: "3600" },
    model: { type: "boolean", default: false },
    verbose: { type: "boolean", short: "v", default: false },
  },
});

/** Breaks of one pair: more would tell the same. */
const OF_A_PAIR = 4;

for (const engine of ENGINES) {
  if (flags.engine === undefined || flags.engine === engine.dialect) await judgeAll(engine);
}
process.exit(0);

async function judgeAll(engine: Engine): Promise<void> {
  const random = new Random(Number(flags.seed));
  const rows = (await readRows(flags.dir, engine.dialect))
    .filter(({ source, name }) => `${source} ${name}`.includes(flags.only));
  if (rows.length === 0) return;
  const order = rows.map((row) => ({ row, key: random.next() })).sort((a, b) => a.key - b.key);
  const judged: Judged[] = [];
  const counts = new Map<Kind, number>(KINDS.map((kind) => [kind, 0]));
  const end = performance.now() + 1000 * Number(flags.seconds);
  let plans = 0;
  await using bench = new Bench(engine);
  for (const { row } of order) {
    if (judged.length >= Number(flags.count) || performance.now() > end) break;
    const pick = (breaks: readonly Break[]) => pickedOf(breaks, counts, random);
    const found = await judgePair(bench, row, { pick, author: flags.model ? "model" : "planner" })
      .catch(async (error: unknown) => {
        await bench.drop();
        const text = error instanceof Error ? error.message : String(error);
        if (flags.verbose) console.log(`${row.source} ${row.name}: ${text.slice(0, 200)}`);
        return null;
      });
    if (found === null || found.length === 0) continue;
    plans++;
    for (const one of found) {
      judged.push(one);
      if (one.caught === null || one.caught === "schema" || flags.verbose) {
        const { kind, direction, what } = one.break;
        console.log(
          `${one.caught ?? "NOT CAUGHT"}: ${row.source} ${row.name}: ${direction}: ${kind}: ` +
            `${what.replaceAll(/\s+/g, " ").slice(0, 300)} ${one.text.slice(0, 200)}`,
        );
      }
    }
  }
  console.log(reportOf(engine.dialect, plans, judged));
}

/** The rarest kinds first, so that each is there as often as the others. */
function pickedOf(
  breaks: readonly Break[],
  counts: Map<Kind, number>,
  random: Random,
): readonly Break[] {
  const picked: Break[] = [];
  const left = breaks.filter(({ kind }) => flags.kind?.includes(kind) !== false);
  while (picked.length < OF_A_PAIR && left.length > 0) {
    const rarest = Math.min(...left.map(({ kind }) => counts.get(kind) ?? 0));
    const one = random.pick(left.filter(({ kind }) => (counts.get(kind) ?? 0) === rarest));
    left.splice(left.indexOf(one), 1);
    counts.set(one.kind, (counts.get(one.kind) ?? 0) + 1);
    picked.push(one);
  }
  return picked;
}

function reportOf(dialect: string, plans: number, judged: readonly Judged[]): string {
  const lines = KINDS.flatMap((kind) => {
    const own = judged.filter((one) => one.break.kind === kind);
    if (own.length === 0) return [];
    const by = Map.groupBy(own, ({ caught }) => caught ?? "not caught");
    const parts = [...by].map(([caught, list]) => `${caught} ${list.length}`).join(", ");
    return [`  ${kind.padEnd(34)} ${String(own.length).padStart(4)}: ${parts}`];
  });
  const caught = judged.filter((one) => one.caught !== null).length;
  const share = (100 * caught / Math.max(judged.length, 1)).toFixed(1);
  return [
    `${dialect}: ${caught} of ${judged.length} broken drafts caught (${share} %), of ${plans} proven plans`,
    ...lines,
  ].join("\n");
}
