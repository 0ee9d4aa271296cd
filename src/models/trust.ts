/**
 * What a project's aim.toml may decide about keys. A cloned repository must not be able to send a key elsewhere or to run a
 * command, so these two settings count only for addresses of this machine, or after the person said so once.
 */

import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { UsageError } from "../errors.ts";
import { configFolder, type Variables } from "./places.ts";
import { readPrivate, writePrivate } from "./private_file.ts";
import { isLoopback } from "./providers.ts";

/** The settings of a project that need trust, as its aim.toml has them. */
export interface Demand {
  /** Absolute path of aim.toml. */
  readonly file: string;
  readonly baseUrl: string | null;
  readonly apiKeyCommand: string | null;
}

/** What a project demands, or null when it demands nothing. Values of flags and variables are the person's own. */
export function demandOf(config: Config): Demand | null {
  if (config.file === null) return null;
  const written = (key: string) => config.sources[key] === "file";
  const baseUrl = written("base_url") && config.baseUrl !== null && !isLoopback(config.baseUrl)
    ? config.baseUrl
    : null;
  const apiKeyCommand = written("api_key_command") ? config.apiKeyCommand : null;
  return baseUrl === null && apiKeyCommand === null
    ? null
    : { file: config.file, baseUrl, apiKeyCommand };
}

/** Throws UsageError when a project demands what was not trusted, or not in these words. */
export async function requireTrust(config: Config, variables: Variables): Promise<void> {
  const demand = demandOf(config);
  if (demand === null || await isTrusted(demand, variables)) return;
  const what = [
    ...(demand.baseUrl === null ? [] : [`base_url "${demand.baseUrl}"`]),
    ...(demand.apiKeyCommand === null ? [] : [`api_key_command "${demand.apiKeyCommand}"`]),
  ].join(" and ");
  throw new UsageError(`Cannot use ${what} of ${demand.file}: the project is not trusted`, {
    code: "untrusted",
    hint: "If it is yours, run `aim trust`; else set AIM_BASE_URL or the key in the environment",
  });
}

/** Whether exactly these demands were trusted. */
export async function isTrusted(demand: Demand, variables: Variables): Promise<boolean> {
  const store = await readPrivate(storePath(variables));
  return store[await keyOf(demand.file)] === fingerprint(demand);
}

/** Remembers that the person trusts these demands of this project. */
export async function trust(demand: Demand, variables: Variables): Promise<void> {
  const path = storePath(variables);
  const store = await readPrivate(path);
  await writePrivate(path, { ...store, [await keyOf(demand.file)]: fingerprint(demand) });
}

/** Forgets a project; false when it was not trusted. */
export async function distrust(file: string, variables: Variables): Promise<boolean> {
  const path = storePath(variables);
  const { [await keyOf(file)]: found, ...rest } = await readPrivate(path);
  if (found === undefined) return false;
  await writePrivate(path, rest);
  return true;
}

/** Paths of aim.toml of all trusted projects. */
export async function trustedFiles(variables: Variables): Promise<readonly string[]> {
  return Object.keys(await readPrivate(storePath(variables))).sort();
}

/** Where the answers are kept. */
export function storePath(variables: Variables): string {
  return join(configFolder(variables), "trusted.toml");
}

function keyOf(file: string): Promise<string> {
  return realpath(file).catch(() => file);
}

function fingerprint({ baseUrl, apiKeyCommand }: Demand): string {
  return createHash("sha256").update(JSON.stringify([baseUrl, apiKeyCommand])).digest("hex");
}
