/** `aim pull`: the schema file of a database that is there. */

import { ORM_SCHEMA } from "../../config/config.ts";
import { lstat, readFile } from "node:fs/promises";
import { basename, dirname, relative } from "node:path";
import { UsageError } from "../../core/error.ts";
import { systemCode } from "../../host/read_text.ts";
import { outsideError, reachOf, realOf } from "../files/bounds.ts";
import { replaceFile } from "../files/replace.ts";
import { type Project } from "../project.ts";
import { comparedFiles, writtenDown } from "../plan/written_down.ts";
import { type LiveAddress, openLive } from "./open_live.ts";
import { startScratch } from "./scratch_server.ts";
import { type SplitBy, splitFiles, writeSplit } from "./split_files.ts";
import { countsOf, statsToml, writeStats } from "./stats.ts";

/** What is done with the schema. */
export interface PullOptions {
  /** Absolute; null for the schema of the settings. A folder where it is split. */
  readonly file: string | null;
  /** One file for each table or schema; null for one of all. */
  readonly split: SplitBy | null;
  /** Where the counts of rows and bytes go, absolute; null for nowhere. */
  readonly stats: string | null;
  /** Write nothing. */
  readonly dryRun: boolean;
  /** Write over a file that says something else. */
  readonly force: boolean;
  /** Called once the version is known, to begin the start of a scratch server while the schema is read. */
  readonly prepare?: (project: Project) => void;
}

/** What was pulled. */
export interface PullOutcome {
  /** `unproven`: loading the file does not give what the database has; nothing was written. */
  readonly outcome: "proven" | "unproven";
  readonly text: string;
  /** Why it is unproven: what the server says against it, or the ids of objects that come out otherwise. */
  readonly wrong: readonly string[];
  readonly holds: string;
  readonly database: string;
  readonly version: string;
  readonly runtime: string;
  readonly scratch: string;
  /** The file, or the folder of the files; null for a dry run. */
  readonly file: string | null;
  /** Names of the files in the folder; empty where it is one file. */
  readonly files: readonly string[];
  /** The file of counts that was written; null for none. */
  readonly stats: string | null;
  /** False where it says the same already. */
  readonly written: boolean;
  readonly notes: readonly string[];
}

/** Reads the database, writes its schema for people, loads that and compares. */
export async function pull(
  given: Project,
  address: LiveAddress,
  { file: wanted, dryRun, force, prepare, split, stats }: PullOptions,
): Promise<PullOutcome> {
  const file = dryRun ? null : wanted ?? await schemaOf(given, split !== null);
  await using opened = await openLive(given, address);
  const { live, project } = opened;
  prepare?.(project);
  const target = await opened.snapshot();
  await using server = await startScratch(project, target);
  const made = await writtenDown(project, server, { target, migrations: [] });
  const { holds } = made;
  const text = `${made.text.trimEnd()}\n`;
  const files = split === null ? [] : splitFiles(made.parts, target, split);
  const wrong = made.isProven && files.length > 0
    ? (await comparedFiles(project, server, { schema: files, target, before: [] })).changes
      .map(({ id }) => id)
    : made.wrong;
  const isProven = made.isProven && wrong.length === 0;
  const isWriting = file !== null && isProven;
  const counts = stats === null || !isProven ? null : statsToml(await countsOf(opened));
  if (isWriting) project.signal.throwIfAborted();
  const { root } = project.config;
  const written = isWriting &&
    (split === null
      ? await write(project, file, text, force)
      : await writeSplit(file, files, { root, force }));
  if (stats !== null && counts !== null) await writeStats(stats, counts);
  return {
    outcome: isProven ? "proven" : "unproven",
    text,
    wrong,
    holds,
    database: live.shown,
    version: live.version,
    runtime: server.runtime,
    scratch: server.version,
    file,
    files: files.map(({ path }) => path),
    stats: counts === null ? null : stats,
    written,
    notes: [...project.notes],
  };
}

/** The one file, or folder, that the settings name. Throws UsageError where there is no such. */
async function schemaOf({ config }: Project, isSplit: boolean): Promise<string> {
  const [path, ...more] = config.schema;
  const kind = path === undefined ? "none" : await kindOf(path);
  const isNew = kind === "none" && path?.endsWith(".sql") === false;
  const fits = isSplit ? kind === "folder" || isNew : kind !== "folder";
  if (
    path === undefined || path === "-" || path === ORM_SCHEMA || more.length > 0 || !fits ||
    /[*?[{]/.test(basename(path))
  ) {
    const what = isSplit ? "folder" : "file";
    throw new UsageError(`Cannot tell which ${what} to write: schema is not one ${what}`, {
      code: "pull-file",
      hint: isSplit
        ? "pass -o FOLDER, and name it as the schema in aim.toml"
        : "pass -o FILE, or -o - for stdout; --split table makes a folder of files",
    });
  }
  const real = await realOf(path);
  if (!(await reachOf(config, "schema"))(real)) {
    throw outsideError(config, [{ key: "schema", path, real }]);
  }
  return path;
}

async function kindOf(path: string): Promise<"none" | "file" | "folder"> {
  try {
    return (await lstat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error))) return "none";
    throw error;
  }
}

async function write(
  { config }: Project,
  file: string,
  text: string,
  force: boolean,
): Promise<boolean> {
  const shown = relative(config.root, file) || file;
  const kind = await kindOf(file);
  if (kind === "folder") {
    throw new UsageError(`Cannot write "${shown}": it is a folder`, {
      code: "pull-file",
      hint: "pass -o FILE",
    });
  }
  const known = kind === "none" ? null : await readFile(file, "utf8");
  if (known === text) return false;
  if (known !== null && known.trim() !== "" && !force) {
    throw new UsageError(`Cannot write "${shown}": it is there and says something else`, {
      code: "exists",
      hint:
        "pass --force to write over it, -o FILE for another file, or compare with `aim drift --against schema`",
    });
  }
  await replaceFile(dirname(file), basename(file), text);
  return true;
}
