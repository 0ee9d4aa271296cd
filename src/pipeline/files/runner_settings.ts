/** What a project's runner is configured with, from its own files and from aim.toml. */

import { realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Config } from "../../config/config.ts";
import type { MigrationFormat, RunnerSettings, SourceFile } from "../../formats/format.ts";
import { flywaySettings, readFlywaySettings } from "../../formats/mod.ts";
import { type Bounds, readIncluded, relativeTo } from "./read_sources.ts";

/**
 * Reads the settings files of the runner in the project's folder, in the one that the migrations are in, and among them; each goes
 * over the ones before, and aim.toml over all. Throws UsageError for one that cannot be read.
 */
export async function readRunnerSettings(
  { config, format }: { readonly config: Config; readonly format: MigrationFormat },
  { base, allows }: Bounds,
): Promise<RunnerSettings> {
  const folders = new Set([config.root, dirname(config.migrations), config.migrations]);
  const files: SourceFile[] = [];
  for (const folder of folders) {
    for (const name of format.settingsFiles ?? []) {
      const real = await realpath(join(folder, name)).catch(() => null);
      if (real === null || !allows(real)) continue;
      files.push(await readIncluded({ path: relativeTo(base, join(folder, name)), real }));
    }
  }
  const flyway = flywaySettings(config.flywayPlaceholders, await readFlywaySettings(files));
  return { flyway, gooseEnv: config.gooseEnv };
}
