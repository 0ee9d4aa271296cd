/**
 * What statements of Postgres lock, rewrite and read, as the embedded server is measured, against what servers of version 18 do.
 *
 *     deno task lockmatrix [--file F] [-v]
 *
 * F is a list of `[label, {"t:AccessExclusive | meta": [versions]}]` in the same order, to hold this list itself against.
 */

import { readFile } from "node:fs/promises";
import process from "node:process";
import { parseArgs } from "node:util";
import { postgres } from "../src/engines/postgres/mod.ts";
import { pglite } from "../src/runtimes/pglite.ts";
import { measureOne } from "./lock_matrix/measure.ts";
import { SETUP, STATEMENTS } from "./lock_matrix/statements.ts";

const { values: flags } = parseArgs({
  options: {
    file: { type: "string" },
    verbose: { type: "boolean", short: "v", default: false },
  },
});

const target = postgres.target(null, [], true);
await using server = await pglite.start(target, {
  emit: () => {},
  signal: new AbortController().signal,
});
const database = await server.create();
await database.exec(SETUP);
const measured = new Map<string, string>();
let [right, all] = [0, 0];
for (const row of STATEMENTS) {
  if (row === null) continue;
  const [sql, expected] = row;
  const found = await measureOne(database, sql);
  measured.set(sql, found);
  all++;
  if (found === expected) right++;
  if (flags.verbose || found !== expected) {
    console.log(`${sql}\n    measured ${found}\n    expected ${expected}`);
  }
}
console.log(`${right} of ${all} statements as a server of version 18 does them`);
if (flags.file !== undefined) await compare(flags.file);
process.exit(0);

async function compare(file: string): Promise<void> {
  const rows: readonly (readonly [string, Readonly<Record<string, readonly number[]>>])[] = JSON
    .parse(await readFile(file, "utf8"));
  let same = 0;
  const known = STATEMENTS.entries().toArray().filter(([, row]) => row !== null);
  for (const [at, row] of known) {
    const [label = "", versions = {}] = rows[at] ?? [];
    const newest = Object.entries(versions).find(([, list]) => list.includes(18))?.[0];
    if (newest === row?.[1]) same++;
    else console.log(`${label}: ${newest} there, ${row?.[1]} here`);
  }
  console.log(`${same} of ${known.length} expectations as in ${file}`);
}
