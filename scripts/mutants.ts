/**
 * Takes real schemas, changes each by a few random statements, and lets aim plan and prove the way there or back; the independent
 * observer judges the proof.
 *
 *     deno task mutants [--engine E] [--dir DIR] [--seed N] [--count N] [--only NAME] [--out FILE]
 *
 * `--dir` is a folder as `deno task corpus` takes it, whose schemas are changed. A run is told by its seed. Always exits 0.
 */

import { appendFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { parseArgs } from "node:util";
import { ENGINES } from "../src/engines/all.ts";
import { Random } from "../tests/property/random.ts";
import { Bench } from "./corpus/bench.ts";
import { tableOf } from "./corpus/report.ts";
import { readRows } from "./corpus/rows.ts";
import { type Result, runPair } from "./corpus/run_pair.ts";
import { basesOf, mutate } from "./mutants/mutate.ts";
import { editMysql } from "./mutants/mysql.ts";
import { editPostgres } from "./mutants/postgres.ts";
import { editSqlite } from "./mutants/sqlite.ts";

const { values: flags } = parseArgs({
  options: {
    engine: { type: "string" },
    dir: { type: "string", default: "../shared/corpus" },
    seed: { type: "string" },
    count: { type: "string", default: "100" },
    only: { type: "string", default: "" },
    out: { type: "string" },
  },
});

const EDITS = { postgres: editPostgres, sqlite: editSqlite, mysql: editMysql, mariadb: editMysql };
const seed = Number(flags.seed ?? Date.now() % 1_000_000_000);
if (flags.out !== undefined) await writeFile(flags.out, "");
for (const engine of ENGINES) {
  if (flags.engine !== undefined && flags.engine !== engine.dialect) continue;
  const edit = EDITS[engine.dialect as keyof typeof EDITS];
  const rows = (await readRows(flags.dir, engine.dialect))
    .filter(({ source, name }) => `${source} ${name}`.includes(flags.only));
  const bases = basesOf(rows);
  if (edit === undefined || bases.length === 0) continue;
  console.log(`${engine.dialect}: seed ${seed}, ${bases.length} schemas`);
  const random = new Random(seed);
  const results: Result[] = [];
  const start = performance.now();
  await using bench = new Bench(engine);
  while (results.length < Number(flags.count)) {
    const row = await mutate(bench, random.pick(bases), { edit, random });
    if (row === null) continue;
    const result = await runPair(bench, row, { ambiguity: "drop-add", isJudged: true });
    results.push(result);
    if (flags.out !== undefined) {
      await appendFile(flags.out, `${JSON.stringify({ row, result })}\n`);
    }
    if (result.outcome === "proven" || result.outcome === "in-sync") continue;
    console.log(`${result.outcome} ${result.name}\n  ${result.reason.slice(0, 400)}`);
  }
  console.log(tableOf(engine.dialect, results, (performance.now() - start) / 1000));
}
process.exit(0);
