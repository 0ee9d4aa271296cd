/**
 * Labelled statements, each on its schema: which of the codes that must be found are found, and which of those that must not.
 *
 *     deno task lintcases [--file F] [--only ID] [-v]
 *
 * A line of the file is `{id, engine, setup, sql, expect, forbid, target?, run_outside_tx?}`. Always exits 0.
 */

import { readFile } from "node:fs/promises";
import process from "node:process";
import { parseArgs } from "node:util";
import { ENGINES } from "../src/engines/all.ts";
import { CaseLinter, compared, type LintCase } from "./lintcases/case_linter.ts";

const { values: flags } = parseArgs({
  options: {
    file: { type: "string", default: "../shared/lint/cases.jsonl" },
    only: { type: "string", default: "" },
    verbose: { type: "boolean", short: "v", default: false },
  },
});

const lines = (await readFile(flags.file, "utf8")).split("\n").filter((line) => line !== "");
const cases = lines.map((line): LintCase => JSON.parse(line)).filter(({ id }) =>
  id.includes(flags.only)
);
const linter = new CaseLinter();
let [good, skipped] = [0, 0];
for (const one of cases) {
  if (!ENGINES.some(({ dialect }) => dialect === one.engine)) {
    skipped++;
    continue;
  }
  const found = await linter.codesOf(one).catch((error: unknown) => [`error: ${error}`]);
  const { missing, wrong } = compared(one, found);
  if (missing.length + wrong.length === 0) good++;
  else {
    console.log(
      `${one.id}: ${
        missing.map((code) => `no ${code}`).concat(wrong.map((code) => `false ${code}`)).join(", ")
      }; found ${found.join(", ") || "nothing"}\n    ${one.sql.replaceAll(/\s+/g, " ")}`,
    );
  }
  if (flags.verbose) console.log(`${one.id}: ${found.join(", ")}`);
}
const of = cases.length - skipped;
console.log(
  `${good} of ${of} cases as labelled (${
    (100 * good / Math.max(1, of)).toFixed(1)
  } %), ${skipped} for engines that are not there`,
);
await linter[Symbol.asyncDispose]();
process.exit(0);
