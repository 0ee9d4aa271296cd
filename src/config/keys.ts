/** The keys of aim.toml: the one table that loading, flags, variables, help and docs/config.md are made from. */

import type { ConfigKey } from "./keys/config_key.ts";
import { MODEL_KEYS } from "./keys/model.ts";
import { PROJECT_KEYS } from "./keys/project.ts";
import { TEAM_KEYS } from "./keys/team.ts";
import { TOOL_KEYS } from "./keys/tools.ts";

export type { ConfigKey } from "./keys/config_key.ts";
export { imageKey } from "./keys/tools.ts";

/** All keys, in the order in which they are explained. */
export const CONFIG_KEYS: readonly ConfigKey[] = [
  ...PROJECT_KEYS,
  ...MODEL_KEYS,
  ...TEAM_KEYS,
  ...TOOL_KEYS,
];

/** The variable that sets a key: `AIM_MAX_RETRIES`. */
export function variableOf(key: string): string {
  return `AIM_${key.toUpperCase().replaceAll(".", "_")}`;
}

/** The flag that sets a key: `--max-retries`. */
export function flagOf(key: string): string {
  return `--${key.replaceAll("_", "-")}`;
}
