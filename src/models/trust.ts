/**
 * What a project's aim.toml may decide about keys. A cloned repository must not be able to send a key elsewhere or to run a
 * command, so these settings count only after the user saw them and said so. What is trusted is all of it together: the
 * provider whose key it is, the address, the command, and what stands in the project's files that the command uses.
 */

import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { UsageError } from "../core/error.ts";
import { type CommandFile, commandFiles } from "./command_files.ts";
import { parseModelSpec } from "./model_spec.ts";
import { configFolder, type Variables } from "../host/user_dirs.ts";
import { readPrivate, writePrivate } from "./private_file.ts";

/** The settings of a project that need trust, as its aim.toml has them. */
export interface Demand {
  /** Absolute path of aim.toml. */
  readonly file: string;
  /** The provider whose key is meant; null when no model is set. */
  readonly provider: string | null;
  readonly baseUrl: string | null;
  readonly apiKeyCommand: string | null;
  /** Further headers of requests. */
  readonly headers: Readonly<Record<string, string>>;
  /** Files of the project that the command uses. */
  readonly files: readonly CommandFile[];
}

/**
 * What a project demands for a provider, or null when it demands nothing. Values of flags and variables are the user's own.
 * Throws UsageError for a command that uses more files than can be looked at.
 */
export async function demandOf(config: Config, provider: string | null): Promise<Demand | null> {
  if (config.file === null) return null;
  const written = (key: string) => config.sources[key] === "file";
  const baseUrl = written("base_url") ? config.baseUrl : null;
  const apiKeyCommand = written("api_key_command") ? config.apiKeyCommand : null;
  const headers = written("headers") ? config.headers : {};
  const asksNothing = baseUrl === null && apiKeyCommand === null;
  if (asksNothing && Object.keys(headers).length === 0) return null;
  const files = apiKeyCommand === null ? [] : await commandFiles(apiKeyCommand, config.root);
  return { file: config.file, provider, baseUrl, apiKeyCommand, headers, files };
}

/** Throws UsageError when a key would go to an address of a project that was not trusted with it. */
export async function requireTrustInAddress(
  config: Config,
  provider: string,
  variables: Variables,
): Promise<void> {
  if (config.sources.base_url === "file") await requireTrust(config, provider, variables);
}

/** Throws UsageError when headers of a project that was not trusted with them would be sent: a gateway may go by them. */
export async function requireTrustInHeaders(
  config: Config,
  provider: string,
  variables: Variables,
): Promise<void> {
  const isEmpty = Object.keys(config.headers).length === 0;
  if (!isEmpty && config.sources.headers === "file") {
    await requireTrust(config, provider, variables);
  }
}

/** Throws UsageError when a project demands what was not trusted, or not in these words. */
export async function requireTrust(
  config: Config,
  provider: string,
  variables: Variables,
): Promise<void> {
  const demand = await demandOf(config, provider);
  if (demand === null || await isTrusted(demand, variables)) return;
  const what = [
    ...(demand.baseUrl === null ? [] : [`base_url "${demand.baseUrl}"`]),
    ...(demand.apiKeyCommand === null ? [] : [`api_key_command "${demand.apiKeyCommand}"`]),
    ...(Object.keys(demand.headers).length === 0 ? [] : ["headers"]),
  ].join(" and ");
  const changed = demand.files.map(({ path }) => path).join(", ");
  throw new UsageError(
    `Cannot use ${what} of ${demand.file} for ${provider}: the project is not trusted with it` +
      (changed === "" ? "" : `, as it and ${changed} stand now`),
    {
      code: "untrusted",
      hint: `If it is yours, run \`aim trust${
        ownProvider(config) === provider ? "" : ` --model ${provider}/...`
      }\`; else set AIM_BASE_URL or the key in the environment`,
    },
  );
}

/** The provider of the model in the settings; null when none is set. */
export function ownProvider({ model }: Config): string | null {
  return model === null ? null : parseModelSpec(model).provider.name;
}

/** Whether exactly these demands were trusted. */
export async function isTrusted(demand: Demand, variables: Variables): Promise<boolean> {
  const store = await readPrivate(storePath(variables));
  return store[await keyOf(demand.file)] === fingerprint(demand);
}

/** Remembers that the user trusts these demands of this project. */
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

function fingerprint({ provider, baseUrl, apiKeyCommand, headers, files }: Demand): string {
  const content = files.map(({ path, hash }) => [path, hash]);
  const lines = Object.entries(headers).sort();
  const all = [provider, baseUrl, apiKeyCommand, content, ...lines.length === 0 ? [] : [lines]];
  return createHash("sha256").update(JSON.stringify(all)).digest("hex");
}
