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
import { loadConfig } from "../src/config/config.ts";
import { ENGINES } from "../src/engines/all.ts";
import type { Migration } from "../src/formats/format.ts";
import { mysqlLocal } from "../src/runtimes/mysql_local.ts";
import { lintOn, openProject, type Sources, startServer } from "../src/pipeline/mod.ts";

const { values: flags } = parseArgs({
  options: {
    file: { type: "string", default: "../shared/lint/cases.jsonl" },
    only: { type: "string", default: "" },
    verbose: { type: "boolean", short: "v", default: false },
  },
});

interface Case {
  readonly id: string;
  readonly engine: string;
  readonly setup: string;
  readonly sql: string;
  readonly expect: readonly string[];
  readonly forbid: readonly string[];
  readonly target?: string | number;
  readonly run_outside_tx?: boolean;
}

const lines = (await readFile(flags.file, "utf8")).split("\n").filter((line) => line !== "");
const cases = lines.map((line): Case => JSON.parse(line)).filter(({ id }) =>
  id.includes(flags.only)
);
let [good, skipped] = [0, 0];
for (const one of cases) {
  if (!ENGINES.some(({ dialect }) => dialect === one.engine)) {
    skipped++;
    continue;
  }
  const found = await codesOf(one).catch((error: unknown) => [`error: ${error}`]);
  const missing = one.expect.filter((code) => !found.includes(code));
  const wrong = one.forbid.filter((code) => found.includes(code));
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
process.exit(0);

/** MySQL's cases run on MariaDB where there is no MySQL. */
async function served(dialect: string): Promise<string> {
  if (dialect !== "mysql") return dialect;
  const target = { dialect, version: null, needs: [], anyVersion: true };
  return await mysqlLocal.refuses(target) === null ? dialect : "mariadb";
}

async function codesOf({ target, setup, sql, run_outside_tx, ...one }: Case) {
  const engine = await served(one.engine);
  const { config } = await loadConfig({
    folder: "/",
    flags: { engine: [target === undefined ? engine : `${engine}-${target}`], format: ["migrate"] },
    variables: {},
  });
  const project = await openProject(config, {
    emit: () => {},
    signal: new AbortController().signal,
    anyVersion: true,
  });
  const transaction = run_outside_tx === true ? "none" : "auto";
  // Settings of the setup hold for the statement as well.
  const settings = setup.match(/(?<=^|;)\s*set\s[^;]+;/gi)?.join("") ?? "";
  const migrations = [setup, settings + sql].filter((text) => text !== "").map((
    text,
    at,
  ): Migration => ({
    version: String(at + 1),
    name: at === 0 && setup !== "" ? "setup" : "case",
    up: { file: `${at + 1}.sql`, text, transaction },
    down: null,
    files: [`${at + 1}.sql`],
  }));
  const sources: Sources = { schema: [], files: [], history: { migrations, notes: [] } };
  await using server = await startServer(project, sources);
  const { findings } = await lintOn(project, server, sources, {
    selection: { latest: 1 },
    isStrict: true,
  });
  return [...new Set(findings.map(({ code }) => code))];
}
