/** `aim drift`: the live database against what its migrations, or schema.sql, say that it is. */

import type { Answer, Rename } from "../../core/choice.ts";
import type { Change } from "../../core/change.ts";
import type { GenerateOutcome } from "../../core/outcome.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Migration } from "../../formats/format.ts";
import type { ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import { formatNamed } from "../../formats/mod.ts";
import { generateFrom } from "../generate.ts";
import { differenceIn } from "../plan/difference.ts";
import { planFresh } from "../plan/fresh_plan.ts";
import { note, type Project, withoutStages } from "../project.ts";
import { replayHistory, snapshotSchema } from "../scratch/snapshot.ts";
import { readHistoryAlone, readSources, type Sources } from "../sources.ts";
import { type LiveAddress, openLive } from "./open_live.ts";
import { readBooks } from "./read_books.ts";
import { besideLive, startScratch } from "./scratch_server.ts";

/** What is compared, and whether it is mended. */
export interface DriftOptions {
  /** What the database should be. */
  readonly against: "migrations" | "schema";
  /** Plan and prove the way from there to the live database, and back. */
  readonly fix: boolean;
  readonly answers: ReadonlyMap<string, Answer>;
  readonly assumeEmpty: Answer["by"] | null;
  readonly renames: readonly Rename[];
}

/** What was found. */
export interface DriftOutcome {
  /** `pending`: the database is what the applied migrations leave, and there are more. */
  readonly outcome: "in-sync" | "pending" | "drifted";
  readonly against: DriftOptions["against"];
  /** From what it should be to what it is. */
  readonly changes: readonly Change[];
  /** Unified diff of the canonical DDL. */
  readonly text: string;
  /** How many migrations are applied, and how many wait; null against the schema. */
  readonly applied: number | null;
  readonly pending: number | null;
  /** UP leads to what the live database is, DOWN back to what it should be; null where nothing is to be mended. */
  readonly fix: GenerateOutcome | null;
  readonly database: string;
  readonly version: string;
  readonly runtime: string;
  readonly scratch: string;
  readonly notes: readonly string[];
}

/** Compares. */
export async function drift(
  given: Project,
  address: LiveAddress,
  options: DriftOptions,
): Promise<DriftOutcome> {
  const { against } = options;
  const files = against === "schema" ? await readSources(given) : await readHistoryAlone(given);
  const opened = await openLive(given, address);
  const { live, project } = opened;
  let read;
  let target: Snapshot;
  {
    // The live session is over before anything is replayed.
    await using _session = opened;
    read = against === "schema" ? null : await readBooks(project, live, files);
    target = await opened.snapshot();
  }
  if (read !== null && read.table === null) {
    note(project, `There are no books of ${project.format.title}: nothing counts as applied`);
  }
  for (const { state, file, name, detail } of read?.migrations ?? []) {
    if (state !== "failed") continue;
    note(project, `${file ?? name}: ${detail}; what it left counts as a difference here`);
  }
  const sources = await besideLive(project, files, target);
  await using server = await startScratch(project, target, sources);
  const stated = await statedBy(project, server, { sources, applied: read?.applied ?? null });
  await using _database = stated.database;
  const sides = [against, "live"] as const;
  const { changes, text } = differenceIn(project, stated.snapshot, target, sides);
  const pending = read === null
    ? null
    : read.migrations.filter(({ state }) => state === "pending" || state === "out-of-order").length;
  const isPending = pending !== null && pending > 0;
  return {
    outcome: changes.length > 0 ? "drifted" : isPending ? "pending" : "in-sync",
    against,
    changes,
    text,
    applied: read?.applied.length ?? null,
    pending,
    fix: options.fix && changes.length > 0
      ? await mend(project, server, { stated, target, options })
      : null,
    database: live.shown,
    version: live.version,
    runtime: server.runtime,
    scratch: server.version,
    notes: [...project.notes],
  };
}

/** What the database should be, on a scratch database. */
interface Stated {
  readonly database: ScratchDatabase;
  readonly snapshot: Snapshot;
  readonly sources: Sources;
  readonly searchPath: string | null;
}

async function statedBy(
  project: Project,
  server: Server,
  { sources, applied }: {
    readonly sources: Sources;
    readonly applied: readonly Migration[] | null;
  },
): Promise<Stated> {
  const migrations = applied ?? [await asMigration(project, server, sources)];
  const history = { ...sources, history: { migrations, notes: [] } };
  // The schema was loaded already, as far as anybody has to know.
  const told = applied === null ? withoutStages(project) : project;
  const replayed = await replayHistory(told, server, history, null);
  return { ...replayed, sources: history };
}

/** The schema as a history of one migration. */
async function asMigration(
  project: Project,
  server: Server,
  { schema, before }: Sources,
): Promise<Migration> {
  const { snapshot } = await snapshotSchema(project, server, { schema, before });
  const statements = await planFresh(project, server, { target: snapshot });
  const text = statements.map(({ sql }) => `${sql};\n`).join("");
  const up = { file: "schema.sql", text, transaction: "auto" as const };
  return { version: "1", name: "schema", up, down: null, files: [] };
}

async function mend(
  project: Project,
  server: Server,
  { stated, target, options }: {
    readonly stated: Stated;
    readonly target: Snapshot;
    readonly options: DriftOptions;
  },
): Promise<GenerateOutcome> {
  const { answers, assumeEmpty, renames } = options;
  // What comes out is SQL: it is proven after the applied migrations, whatever else is in the folder.
  const alone = { ...project, format: await formatNamed("migrate") };
  const sources = { ...stated.sources, files: [] };
  return await generateFrom(alone, {
    dryRun: true,
    answers,
    renames,
    onAmbiguity: "fail",
    allowEmptySchema: true,
    ...(assumeEmpty === null ? {} : { assumeEmpty }),
  }, { server, ...stated, sources, target });
}
