/** Settings for commands that work outside of a project too. */

import { type Config, loadConfig } from "../config/config.ts";
import type { Context } from "./command.ts";

/** The settings in force; without an aim.toml, what the flags and variables say. Throws UsageError for a broken aim.toml. */
export async function personalConfig({ folder, flags, variables }: Context): Promise<Config> {
  // These commands need no engine, so any will do.
  const settings = { engine: ["sqlite"], ...flags.settings };
  return (await loadConfig({ folder, flags: settings, variables })).config;
}
