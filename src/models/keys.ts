/** Where a provider's key comes from: the environment, a command, the file of `aim auth`. */

import { execFile } from "node:child_process";
import process from "node:process";
import type { Config } from "../config/config.ts";
import { UsageError } from "../core/error.ts";
import { rememberSecret } from "../text/secrets.ts";
import { storedKeys } from "./credentials.ts";
import { credentialsPath, type Variables } from "../host/user_dirs.ts";
import { isExposed } from "./private_file.ts";
import { type Provider, PROVIDERS } from "./providers.ts";
import { requireTrust, requireTrustInAddress } from "./trust.ts";

/** A key and where it came from, in words. */
export interface Key {
  readonly value: string;
  /** `OPENAI_API_KEY`, `api_key_command`, or the path of the file. */
  readonly origin: string;
}

/** How long a command that prints a key may take. */
const COMMAND_MS = 30_000;

/**
 * Finds the key of a provider; null when it works without one and has none. It is redacted everywhere from then on.
 * Throws UsageError when there is none, when the command fails, and when the command or the address that the key would go to is
 * the project's and not trusted.
 */
export async function findKey(
  provider: Provider,
  config: Config,
  variables: Variables,
): Promise<Key | null> {
  const key = await lookUp(provider, config, variables);
  if (key === null) return null;
  rememberSecret(key.value);
  await requireTrustInAddress(config, provider.name, variables);
  return key;
}

async function lookUp(
  provider: Provider,
  config: Config,
  variables: Variables,
): Promise<Key | null> {
  for (const name of provider.keyVariables) {
    const value = variables[name]?.trim();
    if (value) return { value, origin: name };
  }
  if (config.apiKeyCommand !== null) {
    const own = config.sources.api_key_command === "file";
    if (own) await requireTrust(config, provider.name, variables);
    const value = await runKeyCommand(config.apiKeyCommand, own ? config.root : process.cwd());
    return { value, origin: "api_key_command" };
  }
  const stored = (await storedKeys(variables)).get(provider.name);
  if (stored !== undefined) return { value: stored, origin: credentialsPath(variables) };
  if (!provider.needsKey) return null;
  throw new UsageError(`Cannot find a key for ${provider.name}`, {
    code: "no-key",
    hint: `Set ${provider.keyVariables[0]}, or run \`aim auth ${provider.name}\``,
  });
}

/** Which providers have a key and where; for people to read, so without the keys. */
export async function keyReport(
  variables: Variables,
): Promise<readonly { readonly provider: string; readonly origin: string }[]> {
  const path = credentialsPath(variables);
  const stored = await storedKeys(variables);
  const exposed = await isExposed(path) ? `${path} (others can read it: chmod 600)` : path;
  return PROVIDERS.flatMap(({ name, keyVariables }) => {
    const variable = keyVariables.find((key) => variables[key]?.trim());
    if (variable !== undefined) return [{ provider: name, origin: variable }];
    return stored.has(name) ? [{ provider: name, origin: exposed }] : [];
  });
}

/** Runs the command in the shell of the system, in the folder; its first line is the key. */
function runKeyCommand(command: string, cwd: string): Promise<string> {
  const [shell, flag] = process.platform === "win32" ? ["cmd", "/c"] : ["sh", "-c"];
  const options = { timeout: COMMAND_MS, windowsHide: true, cwd, maxBuffer: 1 << 20 };
  return new Promise((resolve, reject) => {
    execFile(shell, [flag, command], options, (error, stdout, stderr) => {
      const key = stdout.split("\n")[0]?.trim() ?? "";
      if (error === null && key !== "") return resolve(key);
      const why = error === null
        ? "it printed nothing"
        : error.killed
        ? `it took more than ${COMMAND_MS / 1000} s`
        : stderr.trim().split("\n").at(-1) || `it ended with code ${error.code}`;
      reject(new UsageError(`Cannot get the key from api_key_command: ${why}`, { code: "no-key" }));
    });
  });
}
