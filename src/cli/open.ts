/** The project of the settings in force. */

import type { LoadedConfig } from "../config.ts";
import { UsageError } from "../errors.ts";
import type { Project } from "../pipeline/mod.ts";
import type { Context } from "./command.ts";

/** Errors of the pipeline that are about the value of a key. */
const KEYS: Readonly<Record<string, string>> = {
  "engine": "engine",
  "engine-version": "engine",
  "unknown-format": "format",
  "runtime": "runtime",
};

/** Opens the project. Throws UsageError; one about a value in aim.toml says where it stands. */
export async function open(context: Context): Promise<Project> {
  const { openProject, prepareServer } = await import("../pipeline/mod.ts");
  const loaded = await context.config();
  const project = placed(loaded, () => openProject(loaded.config, context));
  prepareServer(project);
  return project;
}

/** Runs something and gives an error about a value of aim.toml its place. */
export function placed<T>({ fault }: LoadedConfig, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const key = error instanceof UsageError && error.place === undefined
      ? KEYS[error.code]
      : undefined;
    if (!(error instanceof UsageError) || key === undefined) throw error;
    throw fault(key, error.message, { hint: error.hint, code: error.code });
  }
}
