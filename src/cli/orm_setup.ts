/** `aim init` for a project whose schema are models: the tool found or named, its lines of aim.toml, and its script. */

import { lstat, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UsageError } from "../core/error.ts";
import { MEGABYTE, readText } from "../host/read_text.ts";
import type { OrmTool } from "../orm/orm.ts";

/** How models will be read. */
export interface OrmSetup {
  readonly tool: OrmTool;
  /** Words of the command, where they are not the tool's own. */
  readonly command: readonly string[] | null;
  /** Globs that match something, relative to the project. */
  readonly models: readonly string[];
  /** The script is to be written: it is not there yet. */
  readonly writesScript: boolean;
  /** Names of constraints are the tool's, and there is a history with others. */
  readonly ignoresNames: boolean;
}

/** The tool of a name. Throws UsageError for one that is unknown or has no way to the dialect. */
export async function namedTool(name: string, dialect: string): Promise<OrmTool> {
  const { toolNamed } = await import("../orm/mod.ts");
  const tool = toolNamed(name);
  if (tool.dialects.includes(dialect)) return tool;
  throw new UsageError(`Cannot read models of ${tool.title} for ${dialect}`, {
    code: "orm-tool",
    hint: `there is a way for ${
      tool.dialects.join(", ")
    }; else set orm.command by hand, as docs/orm.md shows`,
  });
}

/** The tool whose signs a project shows, where there is a way to the dialect; null for none. */
export async function findTool(project: string, dialect: string): Promise<OrmTool | null> {
  const { ORM_TOOLS } = await import("../orm/mod.ts");
  // A file of the tool's own says more than a line in a list of packages.
  for (const needsText of [false, true]) {
    for (const tool of ORM_TOOLS) {
      if (!tool.dialects.includes(dialect)) continue;
      for (const { files, says } of tool.signs) {
        if ((says !== undefined) !== needsText && says?.source !== MANAGE) continue;
        for (const file of files) if (await shows(join(project, file), says)) return tool;
      }
    }
  }
  return null;
}

/** `manage.py` is a file of Django's own, whatever stands in it. */
const MANAGE = "DJANGO_SETTINGS_MODULE";

async function shows(path: string, says: RegExp | undefined): Promise<boolean> {
  if (says === undefined) return await lstat(path).then(() => true, () => false);
  const text = await readText(path, { limit: MEGABYTE }).catch(() => "");
  return says.test(text);
}

/** How the models of a project are read. */
export async function ormSetup(
  project: string,
  tool: OrmTool,
  hasHistory: boolean,
): Promise<OrmSetup> {
  const models: string[] = [];
  for (const glob of tool.models) {
    const isScript = glob === tool.script?.file;
    if (isScript || await matchesSomething(project, glob)) models.push(glob);
  }
  const hasModels = models.some((glob) => glob !== tool.script?.file);
  return {
    tool,
    command: await ownCommand(project, tool),
    models: hasModels ? models : [],
    writesScript: tool.script !== null && !await exists(join(project, tool.script.file)),
    ignoresNames: hasHistory,
  };
}

/** The command with the Python of the project's own environment; null where it has none, or the command is no Python's. */
export async function ownCommand(
  project: string,
  { command }: Pick<OrmTool, "command">,
): Promise<readonly string[] | null> {
  if (command?.[0] !== "python3") return null;
  const [, ...words] = command;
  for (const path of [".venv/bin/python", "venv/bin/python", "env/bin/python"]) {
    if (await exists(join(project, path))) return [path, ...words];
  }
  for (
    const [lock, program] of [["uv.lock", "uv"], ["poetry.lock", "poetry"], [
      "Pipfile.lock",
      "pipenv",
    ]] as const
  ) {
    if (await exists(join(project, lock))) return [program, "run", "python", ...words];
  }
  return null;
}

/** Whether a glob matches a file: by its folders up to the first that is a pattern, and one file of its kind below. */
async function matchesSomething(project: string, glob: string): Promise<boolean> {
  const { parseGlob } = await import("../pipeline/mod.ts");
  const parsed = parseGlob(glob);
  const open = [""];
  for (let seen = 0; seen < MOST_FOLDERS && open.length > 0; seen++) {
    const folder = open.shift() ?? "";
    const entries = await readdir(join(project, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile() && parsed.matches(path)) return true;
      const isPlace = entry.isDirectory() &&
        !/^(?:\.|node_modules$|venv$|env$|vendor$)/.test(entry.name);
      if (isPlace && parsed.reaches(path)) open.push(path);
    }
  }
  return false;
}

const MOST_FOLDERS = 2000;

/** The lines of aim.toml. */
export function ormLines({ tool, command, models, ignoresNames }: OrmSetup): string {
  const text = (words: readonly string[]) => words.map((word) => JSON.stringify(word)).join(", ");
  const isSlow = tool.command?.[0] === "go";
  return [
    ...(ignoresNames
      ? [
        `# ${tool.title} names constraints and indexes in its own way; those of the migrations stay.`,
        'constraint_names = "ignore"',
        "",
      ]
      : []),
    `# Where "orm:" in schema comes from. docs/orm.md of aim explains it.`,
    "[orm]",
    `tool = ${JSON.stringify(tool.name)}`,
    ...(command === null ? [] : [`command = [${text(command)}]`]),
    ...(models.length === 0 ? [] : [
      "# While none of these files changes, the models are not read again.",
      `models = [${text(models)}]`,
    ]),
    ...(isSlow ? ["# The first build takes its time.", 'timeout = "10min"'] : []),
    "",
  ].join("\n");
}

/** What is said after the set-up: what to edit, what to trust, what the models leave out. */
export function ormNotes({ tool, writesScript }: OrmSetup): readonly string[] {
  const { script, unsaid } = tool;
  return [
    ...(script !== null && writesScript && script.edit !== null
      ? [`${script.file}: ${script.edit}`]
      : []),
    ...(unsaid === null ? [] : [`${tool.title}: ${unsaid}`]),
  ];
}

/** The folder that the script needs, relative to the project; null for none of its own. */
export function scriptFolder({ tool }: OrmSetup): string | null {
  const folder = tool.script === null ? "." : dirname(tool.script.file);
  return folder === "." ? null : folder;
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(() => true, () => false);
}
