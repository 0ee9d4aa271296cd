/** `aim init`: what to set up, found, asked for or given by flag; and the files. */

import { lstat, mkdir, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseEngineSpec } from "../config/config.ts";
import { AimError, SetupError, UsageError } from "../core/error.ts";
import type { Prompts } from "./ask.ts";
import type { Context } from "./command.ts";
import { findMigrations, findSchema, type FoundMigrations } from "./project_search.ts";
import { counted } from "./report/changes.ts";
import { settingsFile, type SetupSettings } from "./settings_file.ts";

/** What `aim init` will write. */
export interface Setup {
  readonly settings: SetupSettings;
  readonly notes: readonly string[];
}

/** Settles the settings: flags first, then what is found, then what the person answers, then defaults. Throws UsageError. */
export async function decideSetup(context: Context): Promise<Setup> {
  const { folder, flags, prompts } = context;
  if (await exists(join(folder, "aim.toml"))) {
    throw new UsageError("Cannot set up this folder: aim.toml is already here", {
      code: "exists",
      hint: "edit it; `aim help config` explains its keys",
    });
  }
  const found = await offer(await findMigrations(folder, flags.text("migrations")), prompts);
  const notes = found === null || prompts !== null
    ? []
    : [`${found.folder} is taken as it is: ${describe(found)}`];
  const engine = flags.text("engine") ?? await askEngine(prompts);
  const unserved = await checkEngine(engine);
  const format = await checkedFormat(
    flags.text("format") ?? found?.format ?? await askFormat(prompts),
  );
  const migrations = flags.text("migrations") ?? found?.folder ??
    await askPath(prompts, "Folder of migrations", "migrations");
  const schema = flags.text("schema") ??
    await askPath(prompts, "Schema file", await findSchema(folder) ?? "schema.sql");
  return {
    settings: { engine, format, schema, migrations, model: flags.text("model") },
    notes: unserved === null ? notes : [...notes, unserved],
  };
}

/** Writes all of it or nothing; gives the absolute paths that are new. Throws UsageError. */
export async function writeSetup(
  { settings }: Setup,
  folder: string,
): Promise<readonly string[]> {
  const made: string[] = [];
  try {
    await makeFolder(resolve(folder, settings.migrations), made);
    const schema = resolve(folder, settings.schema);
    if (!/[*?[{]/.test(settings.schema) && !await exists(schema)) {
      await makeFolder(dirname(schema), made);
      await makeFile(schema, "", made);
    }
    await makeFile(join(folder, "aim.toml"), settingsFile(settings), made);
    return made;
  } catch (error) {
    for (const path of made.toReversed()) await remove(path);
    if (error instanceof AimError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Cannot set up ${folder}: ${reason}`, {
      code: "write",
      hint: "nothing was left behind",
      cause: error,
    });
  }
}

/** Asks whether what was found is meant, where somebody can answer. */
async function offer(
  found: FoundMigrations | null,
  prompts: Prompts | null,
): Promise<FoundMigrations | null> {
  if (found === null || prompts === null) return found;
  const question = `Use the folder ${found.folder} (${describe(found)})?`;
  return await prompts.confirm(question, true) ? found : null;
}

function describe({ format, files }: FoundMigrations): string {
  return `${counted(files, "file")} of ${format}`;
}

async function askEngine(prompts: Prompts | null): Promise<string> {
  const { ENGINES } = await import("../engines/mod.ts");
  const names = ENGINES.map(({ dialect }) => dialect);
  if (prompts === null) {
    throw new UsageError("Missing --engine", {
      code: "missing-flag",
      hint: `for example: aim init --engine ${names.at(-1)}`,
    });
  }
  return await prompts.select(
    "Which database are the migrations for?",
    names.map((name) => ({ value: name, label: name })),
  );
}

async function askFormat(prompts: Prompts | null): Promise<string> {
  if (prompts === null) return "migrate";
  const { FORMATS } = await import("../formats/mod.ts");
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
    engineNamed(engine).engine.target(parseEngineSpec(engine).version, [], false);
    return null;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return error.message.split("\n")[0] ?? error.message;
  }
}

async function checkedFormat(format: string): Promise<string> {
  const { formatNamed } = await import("../formats/mod.ts");
  return formatNamed(format).name;
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
