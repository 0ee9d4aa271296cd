/** The file of keys: a flat table of provider to key, as the Rust tool writes it. */

import { rememberSecret } from "../text/secrets.ts";
import { credentialsPath, type Variables } from "../host/user_dirs.ts";
import { readPrivate, writePrivate } from "./private_file.ts";

/** Keys by provider. Throws UsageError when the file cannot be read. */
export async function storedKeys(variables: Variables): Promise<ReadonlyMap<string, string>> {
  const values = await readPrivate(credentialsPath(variables));
  return new Map(
    Object.entries(values).flatMap(([name, key]) =>
      typeof key === "string" && key.trim() !== "" ? [[name, key.trim()] as const] : []
    ),
  );
}

/** Stores a key; the file's other entries stay. */
export async function storeKey(provider: string, key: string, variables: Variables): Promise<void> {
  rememberSecret(key);
  const path = credentialsPath(variables);
  await writePrivate(path, { ...await readPrivate(path), [provider]: key });
}

/** Removes a key; false when there was none. */
export async function removeKey(provider: string, variables: Variables): Promise<boolean> {
  const path = credentialsPath(variables);
  const { [provider]: found, ...rest } = await readPrivate(path);
  if (found === undefined) return false;
  await writePrivate(path, rest);
  return true;
}
