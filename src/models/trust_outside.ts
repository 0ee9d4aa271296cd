/** Which paths outside of a project the user trusts its settings to use. A repository must not read or write where it likes. */

import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { configFolder, type Variables } from "../host/user_dirs.ts";
import { readPrivate, writePrivate } from "./private_file.ts";

/** Whether all of these were trusted; each is a setting and a real path: `schema /srv/db/schema.sql`. */
export async function isOutsideTrusted(
  file: string,
  names: readonly string[],
  variables: Variables,
): Promise<boolean> {
  const trusted = (await readPrivate(storePath(variables)))[await keyOf(file)];
  return Array.isArray(trusted) && names.every((name) => trusted.includes(name));
}

/** Remembers that the user trusts the project of this aim.toml with these, and no longer with others. */
export async function trustOutside(
  file: string,
  names: readonly string[],
  variables: Variables,
): Promise<void> {
  const path = storePath(variables);
  const { [await keyOf(file)]: _before, ...others } = await readPrivate(path);
  const own = names.length === 0 ? {} : { [await keyOf(file)]: [...names] };
  await writePrivate(path, { ...others, ...own });
}

/** Forgets a project; false when it was not trusted with anything outside. */
export async function distrustOutside(file: string, variables: Variables): Promise<boolean> {
  const path = storePath(variables);
  const { [await keyOf(file)]: found, ...rest } = await readPrivate(path);
  if (found === undefined) return false;
  await writePrivate(path, rest);
  return true;
}

/** Paths of aim.toml of all projects that are trusted with something outside. */
export async function trustedOutside(variables: Variables): Promise<readonly string[]> {
  return Object.keys(await readPrivate(storePath(variables))).sort();
}

function storePath(variables: Variables): string {
  return join(configFolder(variables), "trusted_outside.toml");
}

function keyOf(file: string): Promise<string> {
  return realpath(file).catch(() => file);
}
