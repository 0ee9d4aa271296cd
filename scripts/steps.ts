/**
 * Every step of every history as a change to plan: from the schema before a migration to the schema after it, both ways, proven;
 * beside it, what the hand-written DOWN does.
 *
 *     deno task steps [--dir DIR] [--only NAME] [--engine E] [--out FILE] [--limit N]
 *
 * The folder is that of `deno task histories`. Always exits 0.
 */

import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { ENGINES } from "../src/engines/all.ts";
import type { Migration } from "../src/formats/format.ts";
import { formatNamed } from "../src/formats/mod.ts";
import { candidateOf } from "../src/pipeline/plan/candidate.ts";
import { type Project, startServer } from "../src/pipeline/mod.ts";
import { planDraft } from "../src/pipeline/plan/plan_draft.ts";
import { changesIn } from "../src/pipeline/scratch/changes.ts";
import { runInSession } from "../src/pipeline/scratch/run_in_session.ts";
import { ScriptFailure } from "../src/pipeline/scratch/run_script.ts";
import { inspect } from "../src/pipeline/scratch/snapshot.ts";
import { passes } from "../src/pipeline/scratch/passage.ts";
import { judge, prove } from "../src/pipeline/scratch/verify.ts";
import type { ScratchDatabase } from "../src/runtimes/runtime.ts";
import type { Snapshot } from "../src/core/snapshot.ts";
import { entriesFor, type Entry, historyOf } from "./histories/history.ts";

const { values: flags } = parseArgs({
  options: {
    dir: { type: "string", default: "../shared/histories" },
    only: { type: "string", default: "" },
    engine: { type: "string" },
    out: { type: "string" },
    limit: { type: "string" },
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
}

const folder = resolve(flags.dir);
const manifest: readonly Entry[] = JSON.parse(
  await readFile(join(folder, "manifest.json"), "utf8"),
);
if (flags.out !== undefined) await writeFile(flags.out, "");
const all: Step[] = [];
for (const entry of entriesFor(manifest, flags)) {
  if (!ENGINES.some((engine) => engine.dialect === entry.engine)) continue;
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
  bench: Parameters<typeof prove>[1],
): Promise<Omit<Step, "history" | "step" | "handWritten">> {
  const project = { ...original, format: await formatNamed("migrate") };
  const started = performance.now();
  const none = { up: "not-run", down: "not-run", downClass: "", statements: 0 };
  const time = () => Math.round(performance.now() - started);
  try {
    const { database, start, before, target } = bench;
    const changes = changesIn(project, before, target);
    const hints = {
      answers: new Map(),
      renames: [],
      dropAdd: true,
      assumeEmpty: "policy" as const,
      strictOrder: false,
      deployedVersion: null,
    };
    const planned = await planDraft(project, { database, start, before, target, changes, hints });
    if (planned.draft === null) {
      const open = planned.choices.filter((choice) => choice.answer === null);
      return {
        ...none,
        ms: time(),
        reason: `undecided: ${open.map((c) => c.question).join("; ")}`,
      };
    }
    const nothing = { schema: [], files: [], history: { migrations: [], notes: [] } };
    const { migrations } = candidateOf(project, nothing, planned.draft, planned.choices);
    const { up, down, again } = await prove(project, bench, migrations);
    const wrong = Object.entries({ up, down, again }).filter(([, verdict]) => !passes(verdict));
    return {
      up: up.state,
      down: down.state,
      downClass: planned.draft.reversible,
      statements: planned.draft.up.length,
      ms: time(),
      reason: wrong.slice(0, 1).map(([way, verdict]) => `${way} ${explain(verdict)}`).join(""),
    };
  } catch (error) {
    return { ...none, ms: time(), reason: error instanceof Error ? error.message : String(error) };
  }
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
  console.log(
    `${name}: ${steps.length} steps, UP proven ${
      share(steps.filter((step) => good(step.up)).length, steps.length)
    }, DOWN proven ${share(steps.filter((step) => good(step.down)).length, steps.length)}, ` +
      `hand-written DOWN restores ${
        share(written.filter((step) => good(step.handWritten)).length, written.length)
      }`,
  );
}
