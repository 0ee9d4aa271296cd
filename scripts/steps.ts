/**
 * Every step of every history as a change to plan: from the schema before a migration to the schema after it, both ways, proven
 * over rows; beside it, what the hand-written DOWN does.
 *
 *     deno task steps [--dir DIR] [--only NAME] [--engine E] [--out FILE] [--limit N] [--rows on|off]
 *
 * The folder is that of `deno task histories`; a long history takes minutes until its line is there. Exits 0, and 2 without a folder.
 */

import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { ENGINES } from "../src/engines/all.ts";
import type { Migration } from "../src/formats/format.ts";
import { formatNamed } from "../src/formats/mod.ts";
import { generateFrom } from "../src/pipeline/generate.ts";
import { type Project, startServer } from "../src/pipeline/mod.ts";
import { changesIn } from "../src/pipeline/scratch/changes.ts";
import { runInSession } from "../src/pipeline/scratch/run_in_session.ts";
import { ScriptFailure } from "../src/pipeline/scratch/run_script.ts";
import { inspect } from "../src/pipeline/scratch/snapshot.ts";
import { passes } from "../src/pipeline/scratch/passage.ts";
import { judge } from "../src/pipeline/scratch/verify.ts";
import type { Checkpoint, ScratchDatabase, Server } from "../src/runtimes/runtime.ts";
import type { RowsProof } from "../src/core/proof.ts";
import type { Snapshot } from "../src/core/snapshot.ts";
import { entriesFor, type Entry, historyOf } from "./histories/history.ts";

const { values: flags } = parseArgs({
  options: {
    dir: { type: "string", default: "../shared/histories" },
    only: { type: "string", default: "" },
    engine: { type: "string" },
    out: { type: "string" },
    limit: { type: "string" },
    rows: { type: "string", default: "on" },
  },
});

interface Step {
  readonly history: string;
  readonly step: string;
  readonly up: string;
  readonly down: string;
  readonly downClass: string;
  /** What the DOWN of the history itself does; `missing` where it has none. */
  readonly handWritten: string;
  readonly statements: number;
  readonly ms: number;
  readonly reason: string;
  /** How many tables were to have rows, how many had some, and what is said of the others. */
  readonly tables: number;
  readonly seeded: number;
  readonly uncovered: RowsProof["uncovered"];
  /** What rows lost or refused without a word. */
  readonly wrong: readonly string[];
}

const folder = resolve(flags.dir);
const list = join(folder, "manifest.json");
const manifest: readonly Entry[] = JSON.parse(
  await readFile(list, "utf8").catch(() => {
    console.error(`Cannot read ${list}: --dir names the folder of the histories`);
    process.exit(2);
  }),
);
if (flags.out !== undefined) await writeFile(flags.out, "");
const all: Step[] = [];
const entries = entriesFor(manifest, flags)
  .filter((entry) => ENGINES.some((engine) => engine.dialect === entry.engine));
console.log(`${entries.length} histories: ${entries.map(({ name }) => name).join(", ")}`);
for (const entry of entries) {
  const steps = await stepsOf(entry).catch((error: unknown) => {
    console.log(`${entry.name}: ${error instanceof Error ? error.message : error}`);
    return [];
  });
  all.push(...steps);
  if (steps.length > 0) printLine(entry.name, steps);
}
printLine("all", all);
process.exit(0);

async function stepsOf(entry: Entry): Promise<readonly Step[]> {
  const { project, sources, extra } = await historyOf(folder, entry);
  await using server = await startServer(project, sources);
  await using database = await server.create();
  const steps: Step[] = [];
  let before = await inspect(project, database);
  const most = flags.limit === undefined ? Infinity : Number(flags.limit);
  for (const [index, migration] of sources.history.migrations.entries()) {
    if (index >= most) break;
    const start = await database.checkpoint();
    const failure = await run(project, database, migration.up);
    if (failure !== null) throw failure;
    const after = await inspect(project, database);
    if (index >= extra && changesIn(project, before, after).length > 0) {
      const end = await database.checkpoint();
      const handWritten = await handWrittenDown(project, database, migration, before);
      const step = await planStep(project, { server, database, start, before, target: after });
      const line = {
        history: entry.name,
        step: `${migration.version} ${migration.name}`,
        handWritten,
        ...step,
      };
      steps.push(line);
      if (flags.out !== undefined) await appendFile(flags.out, `${JSON.stringify(line)}\n`);
      if (step.reason !== "") {
        console.log(`  ${line.history} ${line.step}: ${step.reason.slice(0, 300)}`);
      }
      await database.rewind(end);
    }
    before = after;
  }
  return steps;
}

async function handWrittenDown(
  project: Project,
  database: ScratchDatabase,
  migration: Migration,
  before: Snapshot,
): Promise<string> {
  if (migration.down === null) return "missing";
  return (await judge(project, database, [migration.down], before)).state;
}

/** Plans and proves in the simplest format, so that nothing is in the way of the statements. */
async function planStep(
  original: Project,
  { server, database, start, before, target }: {
    readonly server: Server;
    readonly database: ScratchDatabase;
    readonly start: Checkpoint;
    readonly before: Snapshot;
    readonly target: Snapshot;
  },
): Promise<Omit<Step, "history" | "step" | "handWritten">> {
  const rows = flags.rows === "off" ? "off" as const : "on" as const;
  const project = {
    ...original,
    format: await formatNamed("migrate"),
    config: { ...original.config, rows },
  };
  const started = performance.now();
  const none = { up: "not-run", down: "not-run", downClass: "", statements: 0, ...seen(undefined) };
  const time = () => Math.round(performance.now() - started);
  try {
    await database.rewind(start);
    const sources = { schema: [], files: [], history: { migrations: [], notes: [] } };
    const options = {
      dryRun: true,
      allowEmptySchema: true,
      answers: new Map(),
      assumeEmpty: "policy",
      renames: [],
      onAmbiguity: "drop-add",
    } as const;
    const gap = { server, sources, database, snapshot: before, target, searchPath: null };
    const { draft, proof, choices } = await generateFrom(project, options, gap);
    if (draft === null || proof === null) {
      const open = choices.filter((choice) => choice.answer === null);
      return {
        ...none,
        ms: time(),
        reason: `undecided: ${open.map((c) => c.question).join("; ")}`,
      };
    }
    const { up, down, again } = proof;
    const wrong = Object.entries({ up, down, again }).filter(([, verdict]) => !passes(verdict));
    const found = seen(proof.rows);
    return {
      up: up.state,
      down: down.state,
      downClass: draft.reversible,
      statements: draft.up.length,
      ms: time(),
      reason: [
        ...wrong.slice(0, 1).map(([way, verdict]) => `${way} ${explain(verdict)}`),
        ...found.wrong,
      ].join("; "),
      ...found,
    };
  } catch (error) {
    return { ...none, ms: time(), reason: error instanceof Error ? error.message : String(error) };
  }
}

function seen(
  proof: RowsProof | undefined,
): Pick<Step, "tables" | "seeded" | "uncovered" | "wrong"> {
  if (proof === undefined) return { tables: 0, seeded: 0, uncovered: [], wrong: [] };
  const { tables, seeded, uncovered, lost, altered, refused } = proof;
  const wrong = [
    ...[...lost, ...altered].map(({ kind, text, statement }) =>
      `rows ${kind}: ${text} by ${statement?.sql}`
    ),
    ...refused.map(({ direction, message, sql }) => `rows refuse ${direction}: ${message}: ${sql}`),
  ];
  return { tables, seeded, uncovered, wrong };
}

function explain(verdict: Awaited<ReturnType<typeof judge>>): string {
  if (verdict.state === "error") return `${verdict.message}: ${verdict.sql}`;
  if (verdict.state === "differs") {
    return verdict.changes.map((change) => `${change.op} ${change.id}`).join(", ");
  }
  return verdict.state;
}

async function run(
  project: Project,
  database: ScratchDatabase,
  script: Migration["up"],
): Promise<ScriptFailure | null> {
  const { engine, emit, signal } = project;
  try {
    const options = { engine, emit, signal, folder: "", note: () => {} };
    await runInSession(project, database, script, options);
    return null;
  } catch (error) {
    if (error instanceof ScriptFailure) return error;
    throw error;
  }
}

function printLine(name: string, steps: readonly Step[]): void {
  const good = (state: string) => state === "exact" || state === "column-order";
  const share = (count: number, of: number) =>
    of === 0 ? "none" : `${count}/${of} (${(100 * count / of).toFixed(1)} %)`;
  const written = steps.filter((step) => step.handWritten !== "missing");
  const sum = (key: "tables" | "seeded") => steps.reduce((total, step) => total + step[key], 0);
  console.log(
    `${name}: ${steps.length} steps, UP proven ${
      share(steps.filter((step) => good(step.up)).length, steps.length)
    }, DOWN proven ${share(steps.filter((step) => good(step.down)).length, steps.length)}, ` +
      `hand-written DOWN restores ${
        share(written.filter((step) => good(step.handWritten)).length, written.length)
      }, tables with rows ${share(sum("seeded"), sum("tables"))}, wrong over rows ${
        steps.filter((step) => step.wrong.length > 0).length
      }`,
  );
}
