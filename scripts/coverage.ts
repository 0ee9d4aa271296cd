/**
 * Puts rows into every schema of a corpus and counts the tables that took some.
 *
 *     deno task coverage [--engine E] [--dir DIR] [--histories DIR] [--only NAME] [--every N] [-v]
 *
 * `--dir` is a corpus as `deno task corpus` reads it, `--histories` a folder as `deno task histories` does, of which the schemas
 * that all migrations together make are taken; `--every 10` takes each tenth schema. Always exits 0.
 */

import { access, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { objectId } from "../src/core/snapshot.ts";
import type { Engine } from "../src/engines/engine.ts";
import { ENGINES } from "../src/engines/all.ts";
import { inspect } from "../src/pipeline/scratch/snapshot.ts";
import { Bench, load, sourcesOf } from "./corpus/bench.ts";
import { readRows, scriptOf } from "./corpus/rows.ts";
import { type Entry, historyOf } from "./histories/history.ts";

const { values: flags } = parseArgs({
  options: {
    engine: { type: "string" },
    dir: { type: "string", default: "../shared/corpus" },
    histories: { type: "string", default: "../shared/histories" },
    only: { type: "string", default: "" },
    every: { type: "string", default: "1" },
    verbose: { type: "boolean", short: "v", default: false },
  },
});

/** What came of the schemas of an engine. */
interface Counts {
  schemas: number;
  unloadable: number;
  tables: number;
  seeded: number;
  rows: number;
  ms: number;
  readonly reasons: { readonly table: string; readonly schema: string; readonly reason: string }[];
}

/** A schema, as the scripts that make it, one after the other. */
interface Schema {
  readonly name: string;
  readonly scripts: readonly string[];
}

for (const engine of ENGINES) {
  if (flags.engine === undefined || flags.engine === engine.dialect) await coverAll(engine);
}
process.exit(0);

async function coverAll(engine: Engine): Promise<void> {
  const counts: Counts = {
    schemas: 0,
    unloadable: 0,
    tables: 0,
    seeded: 0,
    rows: 0,
    ms: 0,
    reasons: [],
  };
  await using bench = new Bench(engine);
  const schemas = [...await corpusSchemas(engine), ...await historySchemas(engine)]
    .filter(({ name }) => name.includes(flags.only))
    .filter((_, at) => at % Number(flags.every) === 0);
  for (const [at, schema] of schemas.entries()) {
    await cover(bench, schema, counts);
    if (process.stderr.isTTY) process.stderr.write(`\r${engine.dialect} ${at}/${schemas.length} `);
  }
  if (process.stderr.isTTY) process.stderr.write("\r");
  const { schemas: loaded, unloadable, tables, seeded, rows, ms, reasons } = counts;
  for (const { table, schema, reason } of reasons) {
    console.log(`${engine.dialect} ${schema}: ${table}: ${reason.slice(0, 200)}`);
  }
  console.log(
    `${engine.dialect}: seeded ${seeded} of ${tables} tables (${
      (100 * seeded / Math.max(tables, 1)).toFixed(1)
    } %) with ${rows} rows, in ${loaded} schemas, ${
      (ms / Math.max(tables, 1)).toFixed(1)
    } ms a table; ${unloadable} schemas do not load here`,
  );
}

async function cover(bench: Bench, { name, scripts }: Schema, counts: Counts): Promise<void> {
  try {
    const project = await bench.project();
    const { engine } = project;
    const server = await bench.server(project, sourcesOf("", scripts.join("\n")));
    await using database = await server.create();
    try {
      for (const script of scripts) await load(project, database, script);
    } catch {
      counts.unloadable++;
      return;
    }
    const { objects } = await inspect(project, database);
    const ids = [...objects.values()].filter(({ kind }) => kind === "table").map(({ id }) => id);
    const start = performance.now();
    const { rows, empty, tables } = await engine.rows.seed(database);
    const ms = performance.now() - start;
    if (flags.verbose) {
      console.log(
        `${engine.dialect} ${name}: ${ids.length} tables, ${rows} rows, ${ms.toFixed(0)} ms`,
      );
    }
    const reasons = new Map(empty.map(({ table, reason }) => [objectId("table", table), reason]));
    const seeded = new Set(tables ?? ids.filter((id) => !reasons.has(id)));
    counts.schemas++;
    counts.ms += ms;
    counts.rows += rows;
    for (const id of ids) {
      counts.tables++;
      if (seeded.has(id)) counts.seeded++;
      else counts.reasons.push({ table: id, schema: name, reason: reasons.get(id) ?? "no reason" });
    }
  } catch (error) {
    await bench.drop();
    counts.unloadable++;
    console.log(`${name}: ${error instanceof Error ? error.message : error}`);
  }
}

async function corpusSchemas(engine: Engine): Promise<readonly Schema[]> {
  const scripts = new Map<string, string>();
  for (const row of await readRows(flags.dir, engine.dialect)) {
    for (const side of ["current", "desired"] as const) {
      scripts.set(scriptOf(row, side), `${row.source} ${row.name}, ${side}`);
    }
  }
  return [...scripts].map(([script, name]) => ({ name, scripts: [script] }));
}

async function historySchemas(engine: Engine): Promise<readonly Schema[]> {
  const folder = resolve(flags.histories);
  const path = join(folder, "manifest.json");
  if (!await access(path).then(() => true, () => false)) return [];
  const entries: readonly Entry[] = JSON.parse(await readFile(path, "utf8"));
  const schemas: Schema[] = [];
  for (const entry of entries) {
    if (entry.engine !== engine.dialect) continue;
    const read = await historyOf(folder, entry).catch((error: unknown) => {
      console.log(`${entry.name}: ${error instanceof Error ? error.message : error}`);
      return null;
    });
    if (read === null) continue;
    const { sources } = read;
    schemas.push({
      name: `history ${entry.name}`,
      scripts: sources.history.migrations.map(({ up }) => up.text),
    });
  }
  return schemas;
}
