/**
 * How many times as long `validate` takes as the same scripts alone: each migration up, and down and up again where that works, as its
 * runner would run it, on the same engine in the same process. Processor time of all threads, without the start of the engine.
 * `cold` is the first time, each in a process of its own, where the engine's code is still being compiled; `warm` the middle of later
 * ones, taken in turn.
 *
 *     deno run -A bench/history_time.ts [--dir DIR] [--only NAME]... [--made 40,300] [--engine E] [--rounds N] [--rows on|off]
 *
 * `--only` takes real histories of a folder as `deno task histories` reads it, `--made` the lengths of made ones. Always exits 0.
 */

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import type { Server } from "../src/runtimes/runtime.ts";
import { type Project, type Sources, startServer, validateOn } from "../src/pipeline/mod.ts";
import { createHistoryDatabase } from "../src/pipeline/scratch/create_database.ts";
import { runMigration, Trail } from "../src/pipeline/scratch/trail.ts";
import { type Entry, historyOf } from "../scripts/histories/history.ts";
import { longProject } from "./fixtures.ts";
import { middle } from "./measure.ts";
import { openFolder } from "./open.ts";

const { values: flags } = parseArgs({
  options: {
    dir: { type: "string", default: "../shared/histories" },
    only: { type: "string", multiple: true, default: [] },
    made: { type: "string", default: "40,300" },
    engine: { type: "string" },
    rounds: { type: "string", default: "3" },
    rows: { type: "string" },
    task: { type: "string" },
  },
});

/** The scripts alone, and `validate` without and with rows. */
type Way = "bare" | "off" | "on";

/** What a process of its own is to do: one way first, then all of them in turn so many times. */
interface Task {
  readonly history: string;
  readonly first: Way;
  readonly rounds: number;
  /** Which migrations go down and up again; empty where `first` finds out. */
  readonly returns: readonly boolean[];
}

/** Milliseconds of processor time. */
interface Done {
  readonly cold: number;
  readonly warm: Readonly<Record<Way, readonly number[]>>;
  readonly returns: readonly boolean[];
}

const DIALECTS = ["postgres", "sqlite"] as const;
const VALIDATED = (["off", "on"] as const).filter((way) => (flags.rows ?? way) === way);

if (flags.task === undefined) await measureAll();
else console.log(JSON.stringify(await perform(JSON.parse(flags.task))));
process.exit(0);

async function measureAll(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "aim-bench-"));
  try {
    console.log("| history | what | cold, ms | times bare | warm, ms | times bare |");
    console.log("| --- | --- | ---: | ---: | ---: | ---: |");
    for (const history of await histories(folder)) await measureOne(history);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measureOne(history: string): Promise<void> {
  const [way = "off", ...others] = VALIDATED;
  const { cold, warm, returns } = await inProcess({
    history,
    first: way,
    rounds: Number(flags.rounds),
    returns: [],
  });
  const colds = new Map<Way, number>([[way, cold]]);
  for (const first of ["bare", ...others] as const) {
    colds.set(first, (await inProcess({ history, first, rounds: 0, returns })).cold);
  }
  const bare = { cold: colds.get("bare") ?? NaN, warm: middle(warm.bare) ?? NaN };
  for (const one of ["bare", ...VALIDATED] as const) {
    const own = { cold: colds.get(one) ?? NaN, warm: middle(warm[one]) ?? NaN };
    const cells = [
      history.split(/[/:]/).at(-1),
      one === "bare" ? one : `rows ${one}`,
      own.cold.toFixed(0),
      (own.cold / bare.cold).toFixed(2),
      own.warm.toFixed(0),
      (own.warm / bare.warm).toFixed(2),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

/** Folders of made ones, and `real:` with the names of others. */
async function histories(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const dialect of DIALECTS.filter((one) => (flags.engine ?? one) === one)) {
    for (const count of flags.made.split(",").filter((text) => text !== "")) {
      found.push(await longProject(folder, dialect, Number(count)));
    }
  }
  return [...found, ...flags.only.map((name) => `real:${name}`)];
}

async function inProcess(task: Task): Promise<Done> {
  const script = fileURLToPath(import.meta.url);
  const rows = flags.rows === undefined ? [] : ["--rows", flags.rows];
  const args = ["run", "-A", script, "--dir", flags.dir, ...rows, "--task", JSON.stringify(task)];
  const { stdout } = await promisify(execFile)("deno", args, { maxBuffer: 2 ** 24 });
  return JSON.parse(stdout);
}

async function perform({ history, first, rounds, returns: known }: Task): Promise<Done> {
  const { project, sources } = await opened(history);
  await using server = await startServer(project, sources);
  let returns = known;
  const timed = async (way: Way) => {
    const start = process.cpuUsage();
    if (way === "bare") await bare({ project, sources, server }, returns);
    else returns = await validated({ project, sources, server }, way);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  const cold = await timed(first);
  const warm: Record<Way, number[]> = { bare: [], off: [], on: [] };
  for (let round = 0; round < rounds; round++) {
    for (const way of ["bare", ...VALIDATED] as const) warm[way].push(await timed(way));
  }
  return { cold, warm, returns };
}

interface Place {
  readonly project: Project;
  readonly sources: Sources;
  readonly server: Server;
}

async function opened(history: string): Promise<Pick<Place, "project" | "sources">> {
  const dialect = DIALECTS.find((one) => history.includes(`/${one}-`));
  if (dialect !== undefined) {
    const { project, sources } = await openFolder(dialect, history);
    return { project, sources: { ...sources, schema: [] } };
  }
  const folder = resolve(flags.dir);
  const manifest: readonly Entry[] = JSON.parse(
    await readFile(join(folder, "manifest.json"), "utf8"),
  );
  const entry = manifest.find(({ name }) => `real:${name}` === history);
  if (entry === undefined) throw new Error(`There is no ${history} in ${flags.dir}`);
  const { project, sources } = await historyOf(folder, entry);
  return { project, sources: { ...sources, schema: [] } };
}

/** Validates all; says which migrations went down and up again. */
async function validated(
  { project, sources, server }: Place,
  rows: "off" | "on",
): Promise<readonly boolean[]> {
  const own = { ...project, config: { ...project.config, rows } };
  const { migrations } = await validateOn(own, server, sources);
  return migrations.map(({ down, again }) =>
    (down === "exact" || down === "column-order") && again === "ok"
  );
}

/** Runs the scripts and nothing else. */
async function bare(
  { project, sources, server }: Place,
  returns: readonly boolean[],
): Promise<void> {
  await using database = await createHistoryDatabase(project, server, sources);
  const trail = new Trail(project, database);
  for (const [at, migration] of sources.history.migrations.entries()) {
    const { up, down } = migration;
    const scripts = down !== null && returns[at] === true ? [up, down, up] : [up];
    for (const script of scripts) {
      const session = script === up ? trail.session() : undefined;
      const ran = await runMigration(project, database, script, session);
      if (typeof ran !== "number") throw ran;
      if (session !== undefined) trail.ran(session);
    }
    trail.passed(migration);
  }
}
