/** The schema that the models of an application give: by the tool's own command, through one of two doors, or read by aim itself. */

import { ORM_SCHEMA } from "../../config/config.ts";
import { UsageError } from "../../core/error.ts";
import type { SourceFile } from "../../formats/format.ts";
import { decodeText } from "../../host/read_text.ts";
import { type Command, shownCommand, toolNamed, withoutTalk } from "../../orm/mod.ts";
import type { Door, OrmTool } from "../../orm/orm.ts";
import { note, type Project } from "../project.ts";
import { cachedDdl, cacheKey, keepDdl } from "./ddl_cache.ts";
import { readModelFiles, usualPrismaFiles } from "./model_files.ts";
import {
  inputOf,
  type ProjectCommand,
  requireTrust,
  runProjectCommand,
} from "./project_command.ts";

/** What the models are loaded beside. */
export interface Beside {
  readonly before: readonly SourceFile[];
  /** Texts of the other files of the schema and of the migrations, which say what extensions are used. */
  readonly scripts: readonly string[];
}

/** How models are read, as the settings and the tool's own ways have it. */
interface Reading {
  readonly tool: OrmTool | null;
  /** Null where aim reads them itself. */
  readonly command: Command | null;
  readonly door: Door;
}

/** The tool that the settings name; null for one that aim does not know. Throws UsageError for a name that none has. */
export function toolOf({ config }: Pick<Project, "config">): OrmTool | null {
  return config.orm.tool === null ? null : toolNamed(config.orm.tool);
}

/** The command that reads the models of a project; null where aim reads them itself, or nothing is set. */
export function modelCommand(project: Pick<Project, "config">): Command | null {
  return project.config.orm.command ?? toolOf(project)?.command ?? null;
}

/** The DDL of the models as a file of the schema. Throws UsageError and SetupError for a command that is not trusted, is not there or fails. */
export async function readModels(project: Project, beside: Beside): Promise<SourceFile> {
  const reading = readingOf(project);
  const { tool } = reading;
  const text = reading.command === null
    ? await builtIn(project, reading)
    : await byCommand(project, { ...reading, command: reading.command }, beside);
  const path = `${ORM_SCHEMA}${tool?.name ?? "models"}`;
  if (!/\S/.test(text.replaceAll(/^--.*$/gm, ""))) {
    throw new UsageError("The models make no table", {
      code: "orm-empty",
      hint: reading.command === null
        ? "Write a model, or set orm.models to the files that have some"
        : `See what \`${shownCommand(reading.command)}\` prints, and that it finds the models`,
    });
  }
  return { path, text };
}

function readingOf(project: Project): Reading {
  const { orm } = project.config;
  const tool = toolOf(project);
  const command = modelCommand(project);
  if (tool === null && command === null) {
    throw new UsageError('Cannot read "orm:" of schema: neither orm.tool nor orm.command is set', {
      code: "orm-tool",
      ...project.config.places?.schema,
      hint: 'Add a table: [orm] with tool = "prisma", or with command = "..."',
    });
  }
  if (tool !== null && orm.command === null && !tool.dialects.includes(project.engine.dialect)) {
    throw new UsageError(
      `Cannot read models of ${tool.title} for ${project.engine.dialect}: there is no way but for ${
        tool.dialects.join(", ")
      }`,
      { code: "orm-tool", hint: "Set orm.command to one that prints their DDL" },
    );
  }
  return { tool, command, door: orm.door ?? (orm.command === null ? tool?.door : null) ?? "print" };
}

/** Models of Prisma, which need nobody's program. */
async function builtIn(project: Project, { tool }: Reading): Promise<string> {
  const { config, engine, version, emit } = project;
  const usual = config.orm.models.length === 0 ? await usualPrismaFiles(config.root) : null;
  const paths = config.orm.models.length > 0 ? config.orm.models : usual === null ? [] : [usual];
  if (paths.length === 0) {
    throw new UsageError("Cannot find the models of Prisma: there is no prisma/schema.prisma", {
      code: "orm-models",
      hint: 'Set models in [orm]: models = ["prisma/schema/*.prisma"]',
    });
  }
  const files = await readModelFiles(project, paths);
  const key = cacheKey(["built in", tool?.name, engine.dialect, version], files);
  const kept = await cachedDdl(key);
  if (kept !== null) return kept;
  const begun = performance.now();
  emit({ type: "stage", stage: "models", state: "start", text: "reading the models" });
  const { readPrisma } = await import("../../orm/prisma/read_prisma.ts");
  const ddl = await readPrisma(
    files.map(({ path, bytes }) => ({ path, content: decodeText(bytes, path) })),
    { dialect: engine.dialect, version },
  );
  for (const text of ddl.notes) note(project, text);
  const ms = performance.now() - begun;
  emit({ type: "stage", stage: "models", state: "done", text: tool?.title ?? "", ms });
  await keepDdl(key, ddl.text);
  return ddl.text;
}

/** The project with the variables that the tool's command needs, under those of the settings. */
function withToolEnv(project: Project, { tool }: Reading): Project {
  const { config, engine } = project;
  const own = tool?.env?.[engine.dialect];
  if (own === undefined) return project;
  return {
    ...project,
    config: { ...config, orm: { ...config.orm, env: { ...own, ...config.orm.env } } },
  };
}

/** Models that a command reads. */
async function byCommand(
  given: Project,
  reading: Reading & { readonly command: Command },
  beside: Beside,
): Promise<string> {
  const project = withToolEnv(given, reading);
  const { config, emit } = project;
  const { command, door } = reading;
  const run = asked(reading);
  requireTrust(project, run);
  const files = config.orm.models.length === 0
    ? null
    : await readModelFiles(project, config.orm.models);
  const key = files === null ? null : cacheKey(
    [
      command,
      door,
      ...inputOf(project, "orm"),
      door === "database" ? beside.before.map(({ text }) => text) : [],
    ],
    files,
  );
  const kept = key === null ? null : await cachedDdl(key);
  if (kept !== null) return kept;
  const begun = performance.now();
  const words = shownCommand(command);
  emit({ type: "stage", stage: "models", state: "start", text: `running ${words}` });
  const text = door === "print"
    ? withoutTalk(await runProjectCommand(project, run, config.orm.env))
    : await throughDatabase(project, reading, beside);
  emit({
    type: "stage",
    stage: "models",
    state: "done",
    text: words,
    ms: performance.now() - begun,
  });
  if (key !== null) await keepDdl(key, text);
  return text;
}

async function throughDatabase(
  project: Project,
  reading: Reading & { readonly command: Command },
  beside: Beside,
): Promise<string> {
  const { ddlThroughDatabase } = await import("./through_database.ts");
  return await ddlThroughDatabase(
    project,
    beside,
    "orm",
    (environment) => runProjectCommand(project, asked(reading), environment),
  );
}

function asked(
  { command, tool }: Reading & { readonly command: Command },
): ProjectCommand {
  return { table: "orm", command, task: "read the models", tool: tool?.title ?? null };
}
