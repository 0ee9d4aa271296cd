/** A project of a folder, without a program around it. */

import { loadConfig } from "../src/config/config.ts";
import { openProject, type Project, readSources, type Sources } from "../src/pipeline/mod.ts";

/** Opens the project in a folder and reads its files; nobody hears its events. */
export async function openFolder(
  dialect: string,
  folder: string,
  runtime?: string,
): Promise<{ readonly project: Project; readonly sources: Sources }> {
  const on: Readonly<Record<string, readonly string[]>> = runtime === undefined
    ? {}
    : { runtime: [runtime] };
  const flags = { engine: [dialect], ...on };
  const { config } = await loadConfig({ folder, flags, variables: {} });
  const signal = new AbortController().signal;
  const project = await openProject(config, { emit: () => {}, signal });
  return { project, sources: await readSources(project) };
}
