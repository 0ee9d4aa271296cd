/** A project as the pipeline works on it: the settings, the files, and the engine that they are for. */

import { type Config } from "../config/config.ts";
import type { Engine, InspectOptions } from "../engines/engine.ts";
import { engineNamed } from "../engines/mod.ts";
import { UsageError } from "../core/error.ts";
import type { Emit } from "../core/event.ts";
import type { MigrationFormat, Script, SourceFile } from "../formats/format.ts";
import { BOOKKEEPING_SCHEMAS, bookkeepingTables, formatNamed } from "../formats/mod.ts";
import { type Outside } from "./files/bounds.ts";
import type { NamedImage } from "../runtimes/runtime.ts";
import type { RunOptions } from "./scratch/run_script.ts";

/** What is worked on and how it is talked about. */
export interface Project {
  readonly config: Config;
  readonly engine: Engine;
  /** The version part of the engine specifier, or null. */
  readonly version: string | null;
  readonly format: MigrationFormat;
  /** Prove on the runtime at hand although another version was asked for. */
  readonly anyVersion: boolean;
  /** Prove on the version that the settings ask for or not at all. */
  readonly exact: boolean;
  /** Address of a server for scratch databases. */
  readonly devUrl?: string;
  /** The user agreed that scripts run as a superuser on a server of this machine. */
  readonly superuser: boolean;
  /** The image that containers are made of, where the settings name one. */
  readonly image?: NamedImage;
  /** The command that reads models may be run: it is the user's own word, or he trusted the project with it. */
  readonly runsModels: boolean;
  /** The same of the command that applies migrations which are programs. */
  readonly runsHistory: boolean;
  /** Asks the user a question with yes or no; absent where nobody can be asked. */
  readonly confirm?: (question: string) => Promise<boolean>;
  /** Whether the user allows paths that lead out of the project; asked only when there are some. Absent: no. */
  readonly allowsOutside?: AllowsOutside;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** What the user should know at the end; each once. */
  readonly notes: Set<string>;
  /** Extensions that the server only has empty stand-ins for; known once it is started. */
  readonly standIns: Set<string>;
}

/** Whether paths that lead out of a project are allowed. */
export type AllowsOutside = (outside: readonly Outside[]) => Promise<boolean>;

/** Resolves the names in the settings. Throws UsageError for an unknown one. */
export async function openProject(
  config: Config,
  options: {
    readonly emit: Emit;
    readonly signal: AbortSignal;
    readonly anyVersion?: boolean;
    readonly exact?: boolean;
    readonly confirm?: Project["confirm"];
    readonly devUrl?: string;
    readonly superuser?: boolean;
    readonly image?: NamedImage;
    readonly runsModels?: boolean;
    readonly runsHistory?: boolean;
    readonly allowsOutside?: AllowsOutside;
  },
): Promise<Project> {
  const { engine, version } = await engineNamed(config.engine);
  checkRuntime(engine, config.runtime);
  return {
    config,
    engine,
    version,
    format: await formatNamed(config.format),
    anyVersion: options.anyVersion ?? false,
    exact: options.exact ?? config.exact,
    ...(options.devUrl === undefined ? {} : { devUrl: options.devUrl }),
    superuser: options.superuser ?? false,
    ...(options.image === undefined ? {} : { image: options.image }),
    runsModels: options.runsModels ?? false,
    runsHistory: options.runsHistory ?? false,
    ...(options.confirm === undefined ? {} : { confirm: options.confirm }),
    ...(options.allowsOutside === undefined ? {} : { allowsOutside: options.allowsOutside }),
    emit: options.emit,
    signal: options.signal,
    notes: new Set(),
    standIns: new Set(),
  };
}

/** True when a server is of the version that the settings ask for, or they ask for none. */
export function isExact({ version }: Pick<Project, "version">, served: string): boolean {
  const asked = /^[\d.]+/.exec(version ?? "")?.[0].replace(/\.$/, "");
  return asked === undefined || served === asked || served.startsWith(`${asked}.`);
}

/** What a script is run with, file names shown under `folder`. */
export function runOptions(project: Project, folder: string): RunOptions {
  const { engine, emit, signal } = project;
  return { engine, emit, signal, folder, note: (text) => note(project, text) };
}

/** A file of the schema as it is loaded. */
export function schemaScript({ path, text, edits }: SourceFile): Script {
  return { file: path, text, transaction: "auto", ...(edits === undefined ? {} : { edits }) };
}

/** The migrations folder as it is shown before file names. */
export function folderOf(project: Project): string {
  const { migrations, root } = project.config;
  const inside = migrations.startsWith(`${root}/`) ? migrations.slice(root.length + 1) : migrations;
  return `${inside}/`;
}

/** What no snapshot holds: the books of runners, and what the settings leave out. */
export function ignored(project: Project): InspectOptions {
  return {
    ignoreTables: [...bookkeepingTables(project.format.name), ...project.config.ignoreTables],
    ignoreSchemas: [...BOOKKEEPING_SCHEMAS, ...project.config.ignoreSchemas],
    definer: project.config.definer,
  };
}

/** Tells the user something, once. */
export function note(project: Project, text: string): void {
  if (project.notes.has(text)) return;
  project.notes.add(text);
  project.emit({ type: "note", text });
}

/** The same project with a list of its own of what the user is told from now on, all of it, whether it was told before or not. */
export function hearing(project: Project): Project {
  return {
    ...project,
    notes: new Set(),
    emit: (event) => event.type === "note" ? note(project, event.text) : project.emit(event),
  };
}

/** The same project, of which nobody is told how far it is. */
export function withoutStages(project: Project): Project {
  return {
    ...project,
    emit: (event) => {
      if (event.type !== "stage" && event.type !== "progress") project.emit(event);
    },
  };
}

function checkRuntime({ dialect, runtimes }: Engine, wanted: string | null): void {
  if (wanted === null || runtimes.some(({ name }) => name === wanted)) return;
  throw new UsageError(`Cannot use runtime "${wanted}" for ${dialect}`, {
    code: "runtime",
    hint: `the runtimes of ${dialect} are ${runtimes.map(({ name }) => name).join(", ")}`,
  });
}
