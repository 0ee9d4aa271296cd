/** Migrations that are programs, applied once by their own tool: what they leave stands as DDL in their place. */

import { UsageError } from "../../core/error.ts";
import type { History, Migration, ReadOptions, SourceFile } from "../../formats/format.ts";
import { programTexts } from "../../formats/program_texts.ts";
import type { Command } from "../../orm/mod.ts";
import { cachedDdl, cacheKey, keepDdl } from "../orm/ddl_cache.ts";
import {
  inputOf,
  type ProjectCommand,
  requireTrust,
  runProjectCommand,
} from "../orm/project_command.ts";
import { folderOf, note, type Project } from "../project.ts";
import { commandsFor, namesMigration } from "./placeholders.ts";

/** What is read of a project's migrations. */
export interface ReadPrograms {
  /** Read with `keepsPrograms`. */
  readonly history: History;
  readonly files: readonly SourceFile[];
  readonly before: readonly SourceFile[];
  /** How the files are parsed. */
  readonly options: ReadOptions;
}

/**
 * The history with the DDL of what the tool made in place of its programs, up to the last that aim cannot read. Throws UsageError and
 * SetupError for a command that is not trusted, is not there or fails.
 */
export async function replayPrograms(
  project: Project,
  command: Command,
  read: ReadPrograms,
): Promise<History> {
  const { format } = project;
  const { history } = read;
  const run: ProjectCommand = {
    table: "history",
    command,
    task: "apply the migrations",
    tool: format.title,
  };
  requireTrust(project, run);
  const end = namesMigration(command) ? endOf(project, read) : history.migrations.length;
  const first = history.migrations.slice(0, end);
  const ddl = await ddlOf(project, run, first, read);
  const migrations = history.migrations.map((one, index): Migration => {
    if (index >= end) return one;
    const { unread: _, ...rest } = one;
    const text = index === end - 1 ? ddl : "";
    return {
      ...rest,
      up: { file: one.up.file, text, transaction: "auto" },
      down: null,
      isReplayed: true,
    };
  });
  return { ...history, migrations };
}

/** Says how many migrations nothing was proven of. */
export function noteReplayed(project: Project, { migrations }: History): void {
  const done = migrations.filter(({ isReplayed }) => isReplayed === true);
  const last = done.at(-1);
  if (last === undefined) return;
  const many = done.length === 1 ? "1 migration was" : `${done.length} migrations were`;
  note(
    project,
    `${many} only applied by ${project.format.title} itself, up to ${
      folderOf(project)
    }${last.up.file}: nothing is proven of them`,
  );
}

/** A history that was read again, with what was replayed of it the first time. Throws UsageError for any other program that cannot be read. */
export function withReplayed(again: History, known: Pick<History, "migrations">): History {
  const replayed = new Map(
    known.migrations.filter(({ isReplayed }) => isReplayed === true)
      .map((one) => [keyOf(one), one]),
  );
  return readable({
    ...again,
    migrations: again.migrations.map((one) => replayed.get(keyOf(one)) ?? one),
  });
}

/** Several migrations may stand in one file. */
function keyOf({ up, version }: Migration): string {
  return `${up.file} ${version}`;
}

/** The history as it is, where all of it can be read. Throws UsageError for the first program that cannot. */
export function readable(history: History): History {
  for (const { unread } of history.migrations) if (unread !== undefined) throw unread;
  return history;
}

/** How many migrations are the tool's: those up to the last program, and until their branches are merged. */
function endOf({ format }: Project, { history, files, options }: ReadPrograms): number {
  const { migrations } = history;
  const last = migrations.findLastIndex(({ unread }) => unread !== undefined) + 1;
  if (format.branches !== true) return last;
  for (let end = last; end <= migrations.length; end++) {
    const later = new Set(migrations.slice(end).flatMap((one) => one.files));
    const { notes } = format.parse(files.filter(({ path }) => !later.has(path)), {
      ...options,
      keepsPrograms: true,
    });
    if (notes.length === 0) return end;
  }
  throw new UsageError(
    `Cannot apply the migrations up to one: ${history.notes.join("; ")}`,
    { code: "history-command", hint: "Merge the branches first" },
  );
}

/** What the tool makes, from the cache or by running it. */
async function ddlOf(
  project: Project,
  run: ProjectCommand,
  migrations: readonly Migration[],
  { files, before }: ReadPrograms,
): Promise<string> {
  const { emit } = project;
  const commands = commandsFor(run.command, migrations);
  const own = new Set(migrations.flatMap((one) => one.files));
  const encoder = new TextEncoder();
  const key = cacheKey(
    [
      "history",
      commands,
      project.format.name,
      ...inputOf(project, "history"),
      before.map(({ text }) => text),
    ],
    files.filter(({ path }) => own.has(path))
      .map(({ path, text }) => ({ path, bytes: encoder.encode(text) })),
  );
  const kept = await cachedDdl(key);
  if (kept !== null) return kept;
  const begun = performance.now();
  const { title } = project.format;
  emit({
    type: "stage",
    stage: "history",
    state: "start",
    text: `${title} applies its migrations`,
  });
  const { ddlThroughDatabase } = await import("../orm/through_database.ts");
  const beside = { before, scripts: files.flatMap(programTexts) };
  const ddl = await ddlThroughDatabase(project, beside, "history", async (environment) => {
    for (const [index, command] of commands.entries()) {
      await runProjectCommand(project, { ...run, command }, environment);
      if (commands.length < 2) continue;
      const text = migrations[index]?.up.file ?? "";
      emit({ type: "progress", stage: "history", done: index + 1, total: commands.length, text });
    }
  });
  const text = `${migrations.length} applied by ${title}`;
  const ms = performance.now() - begun;
  emit({ type: "stage", stage: "history", state: "done", text, ms });
  await keepDdl(key, ddl);
  return ddl;
}
