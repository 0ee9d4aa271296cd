/** A command of the settings that runs code of the project: trusted, with a cut environment, in time. */

import process from "node:process";
import { UsageError } from "../../core/error.ts";
import {
  type Command,
  commandEnvironment,
  commandFault,
  isForbidden,
  runCommand,
  shownCommand,
} from "../../orm/mod.ts";
import type { Project } from "../project.ts";

/** A command, and how the settings let it run. */
export interface ProjectCommand {
  /** The table of aim.toml that it stands in: errors name its keys. */
  readonly table: "orm" | "history";
  readonly command: Command;
  /** What it is run for, as errors have it: `read the models`. */
  readonly task: string;
  /** The tool's title, for what is said when it fails; null for one that aim does not know. */
  readonly tool: string | null;
}

/**
 * Throws UsageError unless the project is trusted with the command: a repository must not run a program because it was cloned. Also
 * for a variable that no command is given.
 */
export function requireTrust(project: Project, { table, command, task }: ProjectCommand): void {
  const { config, runsModels, runsHistory } = project;
  const name = config[table].pass.find(isForbidden);
  if (name !== undefined) {
    throw new UsageError(
      `Cannot pass ${name} to the command of ${table}: it is a key of a language model, or a setting of aim`,
      {
        code: `${table}-command`,
        ...config.places?.[`${table}.pass`],
        hint: `Remove it from ${table}.pass`,
      },
    );
  }
  if (table === "orm" ? runsModels : runsHistory) return;
  throw new UsageError(
    `Cannot run \`${shownCommand(command)}\`, by which ${
      config.file ?? "aim.toml"
    } would ${task}: the project is not trusted with it`,
    {
      code: "untrusted",
      ...config.places?.[`${table}.command`] ?? config.places?.[`${table}.tool`],
      hint: "It runs code of the project. If that is yours, run `aim trust`",
    },
  );
}

/** Runs it with variables of its own; gives what it prints. Throws UsageError and SetupError with its last words. */
export async function runProjectCommand(
  { config, engine, version, signal }: Project,
  { table, command, task, tool }: ProjectCommand,
  own: Readonly<Record<string, string>>,
): Promise<string> {
  const { timeout, pass } = config[table];
  const environment = commandEnvironment({
    variables: process.env,
    pass,
    own: { AIM_DIALECT: engine.dialect, AIM_VERSION: version ?? "", ...own },
  });
  const finished = await runCommand(command, { folder: config.root, environment, timeout, signal });
  if (finished.end === "good") return finished.stdout;
  throw commandFault(command, finished, { timeout, tool, table, task });
}

/** What a command's result depends on besides its files, as plain data. */
export function inputOf({ config, engine, version }: Project, table: "orm" | "history") {
  const { env, pass } = config[table];
  const passed = pass.map((name) => [name, process.env[name] ?? null]);
  return [engine.dialect, version, env, passed] as const;
}
