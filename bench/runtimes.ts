/** Runtimes side by side, and what rows cost: on the examples. */

import type { Program } from "./measure.ts";
import { measure, ratio } from "./measure.ts";
import { scratchTime } from "./scratch_time.ts";

/** The runtimes of each engine that is measured, as `--runtime` names them. */
const RUNTIMES = {
  sqlite: ["sql.js", "node:sqlite"],
  postgres: ["pglite", "local", "docker"],
  mariadb: ["local", "docker"],
  mysql: ["local", "docker"],
} as const;

/** An engine with an example. */
export type Example = keyof typeof RUNTIMES;

/** The engines whose examples are measured. */
export const EXAMPLES = Object.keys(RUNTIMES) as readonly Example[];

/**
 * A row for each runtime: `diff` of the example and its first proof from a cold process, and one more scratch database on a server
 * that runs. A runtime that cannot serve here has no figures.
 */
export async function runtimeRows(
  { command }: Program,
  dialect: Example,
  { folder, runs }: { readonly folder: string; readonly runs: number },
): Promise<readonly (readonly string[])[]> {
  const rows: string[][] = [];
  for (const runtime of RUNTIMES[dialect]) {
    const where = ["--engine", dialect, "--runtime", runtime];
    const on = (...words: readonly string[]) =>
      measure([...command, ...words, ...where], { folder, runs });
    // The first run makes what is kept: data folders of servers.
    const seen = await measure([...command, "diff", ...where], { folder, runs: 0 });
    if (seen.exitCode !== 0) {
      rows.push([dialect, runtime, "cannot serve here", "", ""]);
      continue;
    }
    const diff = await on("diff");
    const proof = await on("generate", "--dry-run");
    const scratch = await scratchTime(dialect, folder, runtime);
    const ms = (value: number) => value.toFixed(0);
    rows.push([dialect, runtime, ms(diff.ms), ms(proof.ms), scratch.toFixed(1)]);
  }
  return rows;
}

/** How many times as long a proof takes with rows as without, in turn on the same machine. */
export async function rowsRatio(
  { command }: Program,
  dialect: Example,
  options: { readonly folder: string; readonly runs: number },
): Promise<number> {
  const proof = [...command, "generate", "--dry-run", "--engine", dialect];
  return await ratio([...proof, "--rows", "on"], [...proof, "--rows", "off"], options);
}
