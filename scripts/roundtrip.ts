/**
 * For every schema of a corpus: its snapshot as canonical DDL, loaded into an empty database, must give the same snapshot.
 * Prints the counts and lists what does not.
 *
 *     deno task roundtrip [--engine E] [--dir DIR] [--only NAME] [--limit N] [--every N]
 */

import process from "node:process";
import { parseArgs } from "node:util";
import type { Engine } from "../src/engines/engine.ts";
import { ENGINES } from "../src/engines/all.ts";
import type { Server } from "../src/runtimes/runtime.ts";
import type { Project } from "../src/pipeline/mod.ts";
import { changesIn } from "../src/pipeline/scratch/changes.ts";
import { ScriptFailure } from "../src/pipeline/scratch/run_script.ts";
import { inspect } from "../src/pipeline/scratch/snapshot.ts";
import { Bench, load, sourcesOf } from "./corpus/bench.ts";
import { readRows, scriptOf } from "./corpus/rows.ts";

const { values: flags } = parseArgs({
  options: {
    engine: { type: "string" },
    dir: { type: "string", default: "../shared/corpus" },
    only: { type: "string", default: "" },
    limit: { type: "string" },
    every: { type: "string", default: "1" },
  },
});

for (const engine of ENGINES) {
  if (flags.engine === undefined || flags.engine === engine.dialect) await roundtripAll(engine);
}
process.exit(0);

async function roundtripAll(engine: Engine): Promise<void> {
  const rows = (await readRows(flags.dir, engine.dialect))
    .filter(({ name, source }) => `${source} ${name}`.includes(flags.only))
    .filter((_, index) => index % Number(flags.every) === 0)
    .slice(0, flags.limit === undefined ? undefined : Number(flags.limit));
  const scripts = new Map<string, string>();
  for (const row of rows) {
    for (const side of ["current", "desired"] as const) {
      scripts.set(scriptOf(row, side), `${row.source} ${row.name}, ${side}`);
    }
  }
  await using bench = new Bench(engine);
  const counts = { same: 0, other: 0, unloadable: 0 };
  for (const [script, name] of scripts) {
    const detail = await roundtrip(bench, script);
    if (detail === "") counts.same++;
    else if (detail === null) counts.unloadable++;
    else {
      counts.other++;
      console.log(`${engine.dialect} ${name}: ${detail}`);
    }
  }
  console.log(
    `${engine.dialect}: ${counts.same} schemas come back the same, ${counts.other} do not, ${counts.unloadable} do not load here`,
  );
}

/** What differs after the way there and back; empty for nothing, null for a schema that does not load. */
async function roundtrip(bench: Bench, script: string): Promise<string | null> {
  const project = await bench.project();
  let server: Server;
  let snapshot;
  try {
    server = await bench.server(project, sourcesOf(script, ""));
    await using database = await server.create();
    await load(project, database, script);
    snapshot = await inspect(project, database);
  } catch {
    await bench.drop();
    return null;
  }
  try {
    return await loadAgain(project, server, snapshot);
  } catch (error) {
    await bench.drop();
    return error instanceof ScriptFailure
      ? `${error.statement.sql}: ${error.message}`
      : String(error);
  }
}

async function loadAgain(
  project: Project,
  server: Server,
  snapshot: Awaited<ReturnType<typeof inspect>>,
): Promise<string> {
  const { engine } = project;
  const hints = {
    answers: new Map(),
    renames: [],
    dropAdd: true,
    strictOrder: true,
    deployedVersion: null,
  };
  const strict = { ...project, config: { ...project.config, columnOrder: "strict" as const } };
  const { statements } = engine.plan(engine.empty, snapshot, hints);
  await using database = await server.create();
  await load(project, database, statements.map(({ sql }) => `${sql};\n`).join(""));
  const changes = changesIn(strict, await inspect(project, database), snapshot);
  return changes.map((c) => `${c.op} ${c.id}${c.op === "alter" ? ` (${c.facts.join(", ")})` : ""}`)
    .join("; ");
}
