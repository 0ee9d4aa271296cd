/** `aim init`: what to set up, found, asked for or given by flag; and the files. */

import { lstat, mkdir, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { parseEngineSpec } from "../config/config.ts";
import { AimError, SetupError, UsageError } from "../core/error.ts";
import type { Prompts } from "./ask.ts";
import type { Context } from "./command.ts";
import type { SchemaFile } from "../pipeline/plan/written_down.ts";
import { addHistory } from "./history_setup.ts";
import { open } from "./open.ts";
import { findMigrations, findSchema, type FoundMigrations } from "./project_search.ts";
import { counted } from "./report/changes.ts";
import {
  findTool,
  namedTool,
  ormLines,
  ormNotes,
  type OrmSetup,
  ormSetup,
  scriptFolder,
} from "./orm_setup.ts";
import { supabaseSchema } from "./supabase.ts";
import { settingsFile, type SetupSettings } from "./settings_file.ts";

/** What `aim init` will write. */
export interface Setup {
  readonly settings: SetupSettings;
  /** How models are read; absent where the schema is files. */
  readonly orm?: OrmSetup;
  readonly notes: readonly string[];
}

/** Several folders of migrations, of which nobody said which one is meant. */
export interface Undecided {
  readonly found: readonly FoundMigrations[];
  /** The engine that was given. */
  readonly engine: string;
}

/**
 * Settles the settings: flags first, then what is found, then what the user answers, then defaults. Where several folders of
 * migrations are found and nobody can be asked, these. Throws UsageError.
 */
export async function decideSetup(context: Context): Promise<Setup | Undecided> {
  const { folder, flags, prompts } = context;
  if (await exists(join(folder, "aim.toml"))) {
    throw new UsageError("Cannot set up this folder: aim.toml is already here", {
      code: "exists",
      hint: "edit it; `aim help config` explains its keys",
    });
  }
  const engine = flags.text("engine") ?? await askEngine(prompts);
  const unserved = await checkEngine(engine);
  const given = flags.text("migrations");
  const { dialect } = parseEngineSpec(engine);
  const candidates = await findMigrations(folder, { folder: given, dialect });
  if (candidates.length > 1 && prompts === null) return { found: candidates, engine };
  const found = await offer(candidates, prompts);
  const format = await checkedFormat(
    flags.text("format") ?? await formatOf(found, prompts) ?? await askFormat(prompts),
  );
  const migrations = await migrationsOf(given, found, prompts);
  const orm = flags.text("schema") === null
    ? await decideModels(context, dialect, found !== null)
    : { setup: null, notes: [] };
  if (orm.setup !== null) {
    return {
      settings: {
        engine,
        format,
        schema: "orm:",
        migrations,
        model: flags.text("model"),
        orm: orm.setup.tool.name,
      },
      orm: orm.setup,
      notes: [...ormNotes(orm.setup), ...(unserved === null ? [] : [unserved])],
    };
  }
  const supabase = await supabaseSchema(folder, migrations);
  const known = supabase?.schema ?? await findSchema(folder, migrations) ?? "schema.sql";
  const schema = flags.text("schema") ??
    (typeof known === "string" ? await askPath(prompts, "Schema file", known) : known);
  return {
    settings: { engine, format, schema, migrations, model: flags.text("model") },
    notes: [
      ...(found === null || prompts !== null
        ? []
        : takenAs(found, { format, isGiven: flags.text("format") !== null })),
      ...supabase?.notes ?? [],
      ...orm.notes,
      ...(unserved === null ? [] : [unserved]),
    ],
  };
}

/** The tool that was named, or found and agreed to; where nobody can be asked, a note about the one that was found. */
async function decideModels(
  { folder, flags, prompts }: Context,
  dialect: string,
  hasHistory: boolean,
): Promise<{ readonly setup: OrmSetup | null; readonly notes: readonly string[] }> {
  const named = flags.text("orm");
  if (named !== null) {
    const tool = await namedTool(named, dialect);
    return { setup: await ormSetup(folder, tool, hasHistory), notes: [] };
  }
  const tool = await findTool(folder, dialect);
  if (tool === null) return { setup: null, notes: [] };
  if (prompts === null) {
    return {
      setup: null,
      notes: [
        `this looks like a project of ${tool.title}; its models can be the schema: --orm ${tool.name}`,
      ],
    };
  }
  const question = `Use the models of ${tool.title} as the schema?`;
  return await prompts.confirm(question, true)
    ? { setup: await ormSetup(folder, tool, hasHistory), notes: [] }
    : { setup: null, notes: [] };
}

/** The folder that was named or found; a named one that holds a folder a dialect means the one that was found in it. */
async function migrationsOf(
  given: string | null,
  found: FoundMigrations | null,
  prompts: Prompts | null,
): Promise<string> {
  if (given !== null) {
    const isInside = found !== null && relative(given, found.folder).split("/")[0] !== ".." &&
      relative(given, found.folder) !== "";
    return isInside ? found.folder : given;
  }
  return found?.folder ?? await askPath(prompts, "Folder of migrations", "migrations");
}

/** What is said of a folder that nobody was asked about. */
function takenAs(
  found: FoundMigrations,
  { format, isGiven }: { readonly format: string; readonly isGiven: boolean },
): readonly string[] {
  const taken = `${found.folder} is taken as it is: ${counted(found.files, "file")} of ${format}`;
  const [other] = found.others;
  if (isGiven || other === undefined) return [taken];
  return [taken, `files of ${found.others.join(" and ")} look the same: --format ${other}`];
}

/** What was set up. */
export interface WrittenSetup {
  /** The absolute paths that are new. */
  readonly files: readonly string[];
  /** What the new schema file was filled from; null when it is empty, or was there before. */
  readonly schema: SchemaFile | null;
  /** Why it could not be filled. */
  readonly notes: readonly string[];
}

/** Writes all of it or nothing; a new schema file holds what the migrations leave. Throws UsageError. */
export async function writeSetup(
  { settings, orm }: Setup,
  context: Context,
): Promise<WrittenSetup> {
  const { folder } = context;
  const made: string[] = [];
  try {
    await makeFolder(resolve(folder, settings.migrations), made);
    const text = orm === undefined
      ? settingsFile(settings)
      : `${settingsFile(settings)}\n${ormLines(orm)}`;
    await makeFile(join(folder, "aim.toml"), text, made);
    const programs = await addHistory(context);
    if (orm !== undefined) {
      await makeScript(folder, orm, made);
      return { files: made, schema: null, notes: programs };
    }
    const schema = typeof settings.schema === "string" ? resolve(folder, settings.schema) : null;
    if (schema === null || /[*?[{]/.test(schema.slice(folder.length)) || await exists(schema)) {
      return { files: made, schema: null, notes: programs };
    }
    await makeFolder(dirname(schema), made);
    await makeFile(schema, "", made);
    const { filled, notes } = await describeHistory(context, schemaText(settings));
    if (filled !== null) await writeFile(schema, filled.text);
    return { files: made, schema: filled, notes: [...notes, ...programs] };
  } catch (error) {
    for (const path of made.toReversed()) await remove(path);
    if (error instanceof AimError || context.signal.aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Cannot set up ${folder}: ${reason}`, {
      code: "write",
      hint: "nothing was left behind",
      cause: error,
    });
  }
}

/** The schema that the migrations leave; a history that cannot be replayed here is a note. */
async function describeHistory(
  context: Context,
  schema: string,
): Promise<{ readonly filled: SchemaFile | null; readonly notes: readonly string[] }> {
  const { schemaOfHistory } = await import("../pipeline/schema_file.ts");
  try {
    const filled = await schemaOfHistory(await open(context));
    const notes = filled === null || filled.isProven
      ? []
      : [`${schema} does not give all that the migrations leave: aim diff shows the difference`];
    return { filled, notes };
  } catch (error) {
    if (!(error instanceof AimError)) throw error;
    const { message, hint, place } = error;
    const where = place === undefined ? "" : ` (${place.file}:${place.line})`;
    return {
      filled: null,
      notes: [
        `${schema} is empty, because the migrations cannot be replayed here: ${message}${where}`,
        ...(hint === undefined ? [] : [hint]),
      ],
    };
  }
}

/** Where the schema is, for people. */
export function schemaText({ schema }: SetupSettings): string {
  return typeof schema === "string" ? schema : schema.join(", ");
}

/** Asks whether what was found is meant, or which of it, where the user can answer. */
async function offer(
  candidates: readonly FoundMigrations[],
  prompts: Prompts | null,
): Promise<FoundMigrations | null> {
  const [found] = candidates;
  if (found === undefined || prompts === null) return found ?? null;
  if (candidates.length === 1) {
    const question = `Use the folder ${found.folder} (${describe(found)})?`;
    return await prompts.confirm(question, true) ? found : null;
  }
  const folder = await prompts.select("Which folder of migrations?", [
    ...candidates.map((one) => ({ value: one.folder, label: one.folder, hint: describe(one) })),
    { value: "", label: "None of them" },
  ]);
  return candidates.find((one) => one.folder === folder) ?? null;
}

/** The format that was found; the user is asked where the files of several look the same. */
async function formatOf(
  found: FoundMigrations | null,
  prompts: Prompts | null,
): Promise<string | null> {
  if (found === null || prompts === null || found.others.length === 0) {
    return found?.format ?? null;
  }
  const { FORMATS } = await import("../formats/all.ts");
  const likely = [found.format, ...found.others];
  const titleOf = (name: string) => FORMATS.find((one) => one.name === name)?.title ?? name;
  return await prompts.select(
    "Which migration runner?",
    likely.map((name) => ({ value: name, label: name, hint: titleOf(name) })),
  );
}

/** `12 files of goose`. */
export function describe({ format, files }: FoundMigrations): string {
  return `${counted(files, "file")} of ${format}`;
}

async function askEngine(prompts: Prompts | null): Promise<string> {
  const { LOADERS } = await import("../engines/mod.ts");
  const names = [...LOADERS.keys()];
  if (prompts === null) {
    throw new UsageError("Missing --engine", {
      code: "missing-flag",
      hint: `one of ${names.join(", ")}, for example: aim init --engine ${names[0]}`,
    });
  }
  return await prompts.select(
    "Which database are the migrations for?",
    names.map((name) => ({ value: name, label: name })),
  );
}

async function askFormat(prompts: Prompts | null): Promise<string> {
  if (prompts === null) return "migrate";
  const { FORMATS } = await import("../formats/all.ts");
  return await prompts.select(
    "Which migration runner?",
    FORMATS.filter(({ writes }) => writes)
      .map(({ name, title }) => ({ value: name, label: name, hint: title })),
  );
}

async function askPath(
  prompts: Prompts | null,
  question: string,
  initial: string,
): Promise<string> {
  if (prompts === null) return initial;
  return await prompts.text(question, { initial, empty: "Write a path" });
}

/** Refuses an engine that nobody knows; gives a note for one that is known and cannot run here. */
async function checkEngine(engine: string): Promise<string | null> {
  parseEngineSpec(engine);
  const { engineNamed } = await import("../engines/mod.ts");
  try {
    const { engine: known, version } = await engineNamed(engine);
    known.target(version, [], false);
    return null;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return error.message.split("\n")[0] ?? error.message;
  }
}

async function checkedFormat(format: string): Promise<string> {
  const { formatNamed } = await import("../formats/mod.ts");
  return (await formatNamed(format)).name;
}

/** Writes the script of a tool where it is not there yet; gives the new paths. */
export async function writeScript(project: string, orm: OrmSetup): Promise<readonly string[]> {
  const made: string[] = [];
  await makeScript(project, orm, made);
  return made;
}

async function makeScript(project: string, orm: OrmSetup, made: string[]): Promise<void> {
  const { script } = orm.tool;
  if (script === null || !orm.writesScript) return;
  const folder = scriptFolder(orm);
  if (folder !== null) await makeFolder(join(project, folder), made);
  await makeFile(join(project, script.file), script.text, made);
}

async function makeFolder(path: string, made: string[]): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  const fresh: string[] = [];
  for (let at = path;; at = dirname(at)) {
    fresh.unshift(at);
    if (at === first || dirname(at) === at) break;
  }
  made.push(...fresh);
}

async function makeFile(path: string, text: string, made: string[]): Promise<void> {
  await writeFile(path, text, { flag: "wx" });
  made.push(path);
}

async function remove(path: string): Promise<void> {
  const stat = await lstat(path);
  await (stat.isDirectory() ? rmdir(path) : rm(path));
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(() => true, () => false);
}
