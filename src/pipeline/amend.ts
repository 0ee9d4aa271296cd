/** `aim amend`: the last migration written anew, as long as nobody else can have it. */

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Answer } from "../core/choice.ts";
import { UsageError } from "../core/error.ts";
import type { GenerateOutcome } from "../core/outcome.ts";
import type { Migration, SourceFile } from "../formats/format.ts";
import { withoutMigrations } from "../formats/rebase.ts";
import { madeAt } from "../formats/versions.ts";
import { compareWithBase } from "./check/history.ts";
import { readBase } from "./check/base.ts";
import { readSeeds } from "./files/seeds.ts";
import { parseHistory } from "./files/read_sources.ts";
import { withReplayed } from "./replay/replay.ts";
import { generateOn } from "./generate.ts";
import { refuseReadOnly } from "./generate/finished.ts";
import type { GenerateOptions } from "./generate/options.ts";
import type { LiveAddress } from "./live/open_live.ts";
import { status } from "./live/status.ts";
import type { Project } from "./project.ts";
import { label } from "./scratch/snapshot.ts";
import { startServer } from "./serve.ts";
import { readSources, type Sources } from "./sources.ts";

/** What is written anew, and how. */
export interface AmendOptions extends GenerateOptions {
  /** The branch that must not have it. */
  readonly base: string;
  /** How many of the last migrations become one. */
  readonly count: number;
  /** A database that must not have applied it; null for none. */
  readonly live: LiveAddress | null;
  /** Folder in which the former files are kept. */
  readonly keep: string;
}

/** What became of it. `in-sync`: without it the schema is reached already. */
export interface AmendOutcome extends GenerateOutcome {
  /** Paths of the former files, in the migrations folder. */
  readonly replaced: readonly string[];
  /** Where the former files are kept; null when nothing was written. */
  readonly kept: string | null;
}

/** Plans from the state before the last migrations to the schema, proves that, and puts it in their place. */
export async function amend(project: Project, options: AmendOptions): Promise<AmendOutcome> {
  refuseReadOnly(project);
  const { recover, writeProven } = await import("./files/write_proven.ts");
  await recover(project);
  const sources = { ...await readSources(project), seeds: await readSeeds(project) };
  const last = lastOf(project, sources, options.count);
  await refuseShared(project, sources, last, options);
  const before = without(project, sources, last);
  await using server = await startServer(project, sources);
  const outcome = await generateOn(project, server, before, {
    ...options,
    dryRun: true,
    ...nameOf(last, options),
    answers: new Map([...answersIn(last), ...options.answers]),
  });
  const replaced = sources.files.map(({ path }) => path)
    .filter((path) => textOf(before.files, path) !== textOf(sources.files, path));
  if (outcome.outcome !== "proven" || options.dryRun) return { ...outcome, replaced, kept: null };
  const former = sources.files.filter(({ path }) => replaced.includes(path));
  const isSame = outcome.files.every(({ path, text }) => textOf(former, path) === text);
  if (isSame) return { ...outcome, written: false, replaced, kept: null };
  const kept = await keep(options.keep, former);
  await writeProven(project, sources, outcome.files, replaced);
  return { ...outcome, written: true, replaced, kept };
}

function textOf(files: readonly SourceFile[], path: string): string | null {
  return files.find((file) => file.path === path)?.text ?? null;
}

function lastOf(
  { format }: Project,
  { history: { migrations } }: Sources,
  count: number,
): readonly Migration[] {
  const last = migrations.filter(({ version }) => version !== "").slice(-count);
  const program = last.find(({ isReplayed }) => isReplayed === true);
  if (program !== undefined) {
    throw new UsageError(
      `Cannot amend ${label(program)}: ${format.title} itself applied it, and aim cannot read it`,
      {
        code: "no-migration",
        hint: "aim generate writes a new migration",
      },
    );
  }
  if (last.length === count) return last;
  throw new UsageError(`Cannot amend ${count} migrations: there are ${last.length}`, {
    code: "no-migration",
    hint: "aim generate writes the first",
  });
}

/** Throws UsageError for a migration that others may have applied. */
async function refuseShared(
  project: Project,
  sources: Sources,
  last: readonly Migration[],
  { base: revision, live }: AmendOptions,
): Promise<void> {
  const base = await readBase(project, revision);
  const { added } = await compareWithBase(project, base, sources);
  const { migrations } = sources.history;
  const shared = last.find((one) => !added.has(migrations.indexOf(one)));
  if (shared !== undefined) {
    throw new UsageError(`Cannot amend ${label(shared)}: ${revision} has it`, {
      code: "shared-migration",
      hint: "others may have applied it; aim generate writes a new migration",
    });
  }
  if (live !== null) await refuseApplied(project, last, live);
}

/** Throws UsageError for a migration that a live database has applied. */
export async function refuseApplied(
  project: Project,
  migrations: readonly Migration[],
  live: LiveAddress,
): Promise<void> {
  const books = await status(project, live);
  const applied = books.migrations.find(({ version, name, state }) =>
    state !== "pending" && state !== "out-of-order" &&
    migrations.some((one) => one.version === version && one.name === name)
  );
  if (applied === undefined) return;
  throw new UsageError(`Cannot change ${applied.name}: ${books.database} has applied it`, {
    code: "applied-migration",
    hint: "take it back there by the runner's own down command first",
  });
}

/** The project as it was before its last migrations. */
function without(project: Project, sources: Sources, last: readonly Migration[]): Sources {
  const { format, engine: { dialect, lexicon }, config } = project;
  const files = withoutMigrations(format, sources.files, last);
  const { settings } = sources;
  const again = parseHistory(files, {
    format,
    dialect,
    lexicon,
    folder: config.migrations,
    ...settings === undefined ? {} : { settings },
    keepsPrograms: true,
  });
  const history = withReplayed(again, sources.history);
  const moment = madeAt(last[0]?.version ?? "");
  return { ...sources, files, history, ...moment === null ? {} : { moment } };
}

/** The name of the one that is written anew; of several, one from the changes. */
function nameOf(last: readonly Migration[], { name }: AmendOptions) {
  if (name !== undefined) return { name };
  const [only] = last;
  return last.length === 1 && only !== undefined && only.name !== "" ? { name: only.name } : {};
}

const ANSWER = /^--\s*aim:answer ([^=\s]+)=([^=\s]+)(?:=(.*?))? \(by \w+\)/gm;

/** The answers that former files say they were made with; they answer nothing where nobody asks any more. */
function answersIn(migrations: readonly Migration[]): readonly (readonly [string, Answer])[] {
  return migrations.flatMap(({ up }) =>
    [...up.text.matchAll(ANSWER)].map(([, id = "", option = "", expression]) =>
      [id, {
        option,
        by: "annotation" as const,
        ...(expression === undefined ? {} : { expression }),
      }] as const
    )
  );
}

/** Keeps texts that will be gone, in a folder of their own; gives the folder. */
async function keep(folder: string, files: readonly SourceFile[]): Promise<string> {
  const at = join(folder, new Date().toISOString().replaceAll(/\D/g, ""));
  for (const { path, text } of files) {
    const file = join(at, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, text, { mode: 0o600 });
  }
  return at;
}
