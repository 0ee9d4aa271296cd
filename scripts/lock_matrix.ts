/**
 * What statements of Postgres lock, rewrite and read, as a server is measured: the embedded one, and those of this machine that are
 * named by version; against what is known of servers of each version.
 *
 *     deno task lockmatrix [--server 13,15] [--file F] [-v]
 *
 * F is a list of `[label, {"t:AccessExclusive | meta": [versions]}]` in the same order, to hold this list itself against.
 */

import { readFile } from "node:fs/promises";
import process from "node:process";
import { parseArgs } from "node:util";
import { postgres } from "../src/engines/postgres/mod.ts";
import { local } from "../src/runtimes/local.ts";
import { pglite } from "../src/runtimes/pglite.ts";
import type { Server } from "../src/runtimes/runtime.ts";
import { measureOne } from "./lock_matrix/measure.ts";
import { expectedOn, SETUP, STATEMENTS } from "./lock_matrix/statements.ts";

const { values: flags } = parseArgs({
  options: {
    server: { type: "string", default: "" },
    file: { type: "string" },
    verbose: { type: "boolean", short: "v", default: false },
  },
});

const options = { emit: () => {}, signal: new AbortController().signal };
await measureAll("the embedded server", 18, await pglite.start(target(null), options));
for (const version of flags.server.split(",").filter((text) => text !== "")) {
  const server = await local.start(target(version), options);
  await measureAll(`a server of version ${server.version}`, Number(version), server);
}
if (flags.file !== undefined) await compare(flags.file);
process.exit(0);

function target(version: string | null) {
  return { ...postgres.target(version, [], version === null), superuser: true };
}

async function measureAll(
  name: string,
  version: number,
  server: Server,
): Promise<void> {
  await using _ = server;
  const database = await server.create();
  await database.exec(SETUP);
  let [right, all, lacking] = [0, 0, 0];
  for (const row of STATEMENTS) {
    if (row === null) continue;
    const expected = expectedOn(version, row);
    if (expected === null) {
      lacking++;
      continue;
    }
    const [sql] = row;
    const found = await measureOne(database, sql);
    all++;
    if (found === expected) right++;
    if (flags.verbose || found !== expected) {
      console.log(`${sql}\n    measured ${found}\n    expected ${expected}`);
    }
  }
  console.log(
    `${right} of ${all} statements measured on ${name} as servers of version ${version} do them` +
      (lacking > 0 ? `; ${lacking} more are of later versions` : ""),
  );
}

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
